// 证明材料 in a browser, with script and without: a county attaches a file and hands in, its approver fetches it; all of it
// fits a phone.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { assertAccessible } from './axe.mjs';
import { logIn, onSite } from './site.mjs';

const FORM = '/report/fuzhou-2026/2026-10/350181';
const NAME = '10月发票（技改设备）.pdf';
const PAPER = Buffer.from('%PDF-1.7\n1 0 obj <</Type/Catalog>> endobj\ntrailer <</Root 1 0 R>>\n%%EOF\n');

for (const [script, width] of [[true, 1366], [false, 360]]) {
  test(`files go with a return, ${script ? 'with' : 'without'} script`, () => onSite({ script, width, expected: ['422'] }, async ({ site, page }) => {
    const go = (path) => page.goto(site.base + path);
    const main = () => page.innerText('main');
    const attach = async (name, buffer) => {
      await page.setInputFiles('.evidence-form input[type=file]', { name, mimeType: 'application/pdf', buffer });
      await page.locator('.evidence-form button').click();
    };
    const fits = async () => {
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      assert.ok(over <= 0, `${page.url()} is ${over} px too wide`);
    };

    await logIn(page, site, 'fuqing');
    await go(FORM);
    await attach('报表.pdf', Buffer.from('MZ\x90\x00 This program cannot be run in DOS mode'));
    assert.match(await main(), /文件按内容看是程序/);
    await attach(NAME, PAPER);
    await page.waitForURL(/#evidence-return$/);
    assert.match(await main(), /提交时一并送出/);
    await fits();
    if (script) {
      await page.waitForSelector('#entry[data-ready]');
      await assertAccessible(page, 'a return with its files');
    }
    const previous = await page.$$eval('#entry tr[data-line] [data-derived=previous]', (cells) => cells.map((cell) => parseFloat(cell.textContent)));
    for (const [index, before] of previous.entries()) {
      for (const [field, text] of [['value', (before * 1.08).toFixed(2)], ['base', (before * 0.99).toFixed(2)], ['note', '年底集中完工，已逐个项目核对台账']]) {
        await page.locator(`#entry input[data-cell$="/${field}"]`).nth(index).fill(text);
      }
    }
    await page.fill('[data-cell="text/progress"]', '重点项目按计划推进');
    await page.getByRole('button', { name: '核对并提交' }).click();
    await page.waitForURL(`${site.base}${FORM}/check`);
    assert.ok((await main()).includes(`随报送提交证明材料 1 份：${NAME}`));
    await page.locator('[name=tick]').check();
    await page.getByRole('button', { name: '确认提交' }).click();
    await page.waitForURL(`${site.base}${FORM}/receipt`);

    await logIn(page, site, 'fuqing.sh');
    await go(FORM);
    await fits();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('link', { name: NAME }).click()]);
    assert.equal(download.suggestedFilename(), NAME);
    assert.deepEqual(readFileSync(await download.path()), PAPER);
    assert.equal(page.url(), `${site.base}${FORM}`);
  }));
}
