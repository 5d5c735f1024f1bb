// A month's desk in a browser, with its steps counted: a county fills its form by the keyboard alone, its approver signs,
// the reviewer has twelve counties before him in one table. What a month costs people is written down in docs/steps.md.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { assertAccessible } from './axe.mjs';
import { logIn, onSite, until } from './site.mjs';

const REVIEW = '/review/fuzhou-2026/2026-10';
// Each about a tenth more than its 1—9月 and last year, so that nothing is remarked on; 永泰县 doubles.
const COUNTIES = {
  gulou: [350102, '17.7', '15.6'], taijiang: [350103, '0.9', '0.74'], cangshan: [350104, '18.3', '16.7'],
  jinan: [350111, '13.8', '12.1'], mawei: [350105, '35.9', '33.4'], changle: [350112, '212', '193'],
  fuqing: [350181, '254', '225'], minhou: [350121, '99', '87'], lianjiang: [350122, '156.5', '141'],
  minqing: [350124, '34.3', '31'], luoyuan: [350123, '68.3', '58.4'], yongtai: [350125, '10.8', '5.5'],
};
const note = '大型项目集中到货，已逐项核对台账';

for (const script of [true, false]) {
  test(`twelve counties on one worksheet, ${script ? 'with' : 'without'} script`, () => onSite({ script }, async ({ site, page }) => {
    const main = () => page.innerText('main');
    let [pages, keys, clicks] = [0, 0, 0];
    page.on('framenavigated', (frame) => { if (frame === page.mainFrame()) pages += 1; });
    const count = () => { [pages, keys, clicks] = [0, 0, 0]; };
    const press = async (key) => { keys += 1; await page.keyboard.press(key); };
    const type = async (text) => { keys += text.length; await page.keyboard.type(text); };
    // A page puts the focus where one types first, a moment after it is there.
    const focused = () => until(page, () => document.activeElement && document.activeElement !== document.body);
    const click = async (locator) => { clicks += 1; await locator.click(); };

    for (const [login, [unit, value, base]] of Object.entries(COUNTIES)) {
      await logIn(page, site, login);
      count();
      // 福清市 touches nothing but its keyboard.
      if (login === 'fuqing') {
        await focused();
        await Promise.all([page.waitForURL(/\/report\//), press('Enter')]);
        if (script) await page.waitForSelector('#entry[data-ready]');
        await focused();
        await type(value);
        await press('Tab');
        await type(base);
        while (await page.evaluate(() => document.activeElement.textContent.trim()) !== '核对并提交') await press('Tab');
        await Promise.all([page.waitForURL(/\/check$/), press('Enter')]);
        await focused();
        await press('Space');
        await Promise.all([page.waitForURL(/\/receipt$/), press('Enter')]);
        assert.ok(pages + 1 <= 4, `a reporter sees ${pages + 1} pages`);
        assert.ok(keys <= 45, `a reporter presses ${keys} keys`);
        console.log(`steps ${script ? 'with' : 'without'} script: reporter ${pages + 1} pages, ${keys} keys`);
      } else {
        await page.goto(`${site.base}/report/fuzhou-2026/2026-10/${unit}`);
        if (script) await page.waitForSelector('#entry[data-ready]');
        await page.locator(`[name="c.investment/${unit}/value"]`).fill(value);
        await page.locator(`[name="c.investment/${unit}/base"]`).fill(base);
        if (login === 'minhou') {
          await page.locator('[name="c.investment/高新区/value"]').fill('27.3');
          await page.locator('[name="c.investment/高新区/base"]').fill('24.5');
        }
        if (login === 'yongtai') await page.locator(`[name="c.investment/${unit}/note"]`).fill(note);
        await page.getByRole('button', { name: '核对并提交', exact: true }).click();
        await page.check('[name=tick]');
        await page.getByRole('button', { name: '确认提交', exact: true }).click();
      }
      assert.match(page.url(), /\/receipt$/, login);
      await logIn(page, site, `${login}.sh`);
      count();
      await click(page.getByRole('link', { name: '去签核' }).first());
      await click(page.getByRole('button', { name: '审核并上报', exact: true }));
      assert.ok(clicks <= 2, `an approver clicks ${clicks} times`);
    }

    // The reviewer: twelve in one table, one of them with a hint, its figure and its words in view.
    await logIn(page, site, 'shenhe');
    count();
    await click(page.getByRole('link', { name: /去审核（12）/ }).first());
    const sheet = page.locator('.worksheet');
    assert.equal(await sheet.locator('tbody:has(input[type=checkbox])').count(), 12);
    if (script) await assertAccessible(page, 'the worksheet of a review');
    const hinted = page.locator('#unit-350125');
    assert.match(await hinted.innerText(), /10\.80[\s\S]*永泰县|永泰县[\s\S]*10\.80/);
    assert.match(await hinted.innerText(), new RegExp(`单位说明：${note}`));
    assert.equal(await hinted.locator('input[type=checkbox]').isChecked(), false);
    if (script) {
      // Keys: the first unit is the one with the hint; J goes on, K back, A picks.
      await page.waitForSelector('#keys-said');
      await page.keyboard.press('j');
      assert.equal(await page.locator('tbody.here').getAttribute('id'), 'unit-350125');
      await page.keyboard.press('j');
      await page.keyboard.press('k');
      await press('a');
    } else {
      await click(hinted.locator('input[type=checkbox]'));
    }
    assert.equal(await hinted.locator('input[type=checkbox]').isChecked(), true);
    await click(page.getByRole('button', { name: '通过选中的单位' }));
    assert.ok(clicks + keys <= 3 + 1, `a reviewer of twelve with one hint clicks ${clicks + keys} times`);
    console.log(`steps ${script ? 'with' : 'without'} script: reviewer of twelve, one hint, ${clicks + keys}`);
    assert.match(await main(), /刚刚办理：[\s\S]*永泰县/);
    await page.getByRole('button', { name: '全部撤销' }).click();

    // One goes back from its row, with its reason; without one the page says so and keeps the rest.
    const row = page.locator('#unit-350181');
    await row.locator('summary', { hasText: '退回' }).click();
    await row.locator('textarea').fill('请核对10月单月的数');
    await row.getByRole('button', { name: '退回福清市' }).click();
    await page.waitForURL((url) => url.pathname === REVIEW);
    assert.match(await page.locator('#unit-350181').innerText(), /已退回/);
    assert.equal(await sheet.locator('tbody:has(input[type=checkbox])').count(), 11);

    // Chosen and ordered by the address, so that a page can be sent to a colleague.
    await page.getByRole('link', { name: /^有提示/ }).click();
    assert.equal(await sheet.locator('tbody').count(), 1);
    await page.goto(`${site.base}${REVIEW}?only=waiting&order=-value&goal=investment`);
    const first = await sheet.locator('tbody th[scope=row]').first().innerText();
    assert.equal(first.trim(), '台江区');
    await page.getByRole('link', { name: /^本期累计/ }).click();
    assert.equal((await sheet.locator('tbody th[scope=row]').first().innerText()).trim(), '长乐区');
    await page.goto(`${site.base}${REVIEW}?order=nonsense&only=x&goal=y`);
    assert.equal(await sheet.locator('tbody:has(input[type=checkbox])').count(), 11);
  }));
}
