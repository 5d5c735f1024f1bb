// Looks at a page with axe.
import assert from 'node:assert/strict';
import axe from 'axe-core';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

// Fails on anything serious, and says which elements and why.
export async function assertAccessible(page, name) {
  await page.waitForLoadState('domcontentloaded');
  await page.evaluate(axe.source);
  const found = await page.evaluate((runOnly) => window.axe.run(document, { runOnly }), RULES);
  assert.ok(found.passes.length > 5, `${name}: axe looked at nothing`);
  const serious = found.violations.filter(({ impact }) => ['serious', 'critical'].includes(impact));
  const why = ({ target, failureSummary }) => `${target} (${failureSummary.split('\n')[1]?.trim()})`;
  assert.deepEqual(serious.map(({ id, nodes }) => `${id}, ${nodes.length} times: ${nodes.slice(0, 3).map(why).join(' | ')}`), [], name);
}
