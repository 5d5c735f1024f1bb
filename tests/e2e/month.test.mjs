// The whole month in browsers, by people in their posts, on both databases, with script and without: entry, sign-off,
// a question, approval and taking it back, edition 1, receipts, correction, edition 2.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { assertAccessible } from './axe.mjs';
import { engines, logIn, onSite } from './site.mjs';

const plan = 'fuzhou-2026';
const period = '2026-10';
const note = '年底集中完工，已逐个项目核对台账';
const review = `/review/${plan}/${period}`;
const formOf = (unit) => `/report/${plan}/${period}/${unit}`;

for (const engine of engines) {
  for (const script of [true, false]) {
    test(`a month on ${engine}, ${script ? 'with' : 'without'} script`, () => onSite({ engine, script }, async ({ site, page }) => {
      const as = (login) => logIn(page, site, login);
      const press = (name) => page.getByRole('button', { name, exact: true }).click();
      const main = () => page.innerText('main');
      const look = (name) => (script ? assertAccessible(page, name) : null);
      const type = async (cells) => {
        if (script) await page.waitForSelector('#entry[data-ready]');
        for (const [cell, value] of Object.entries(cells)) await page.locator(`#entry input[data-cell$="${cell}"]`).first().fill(value);
      };
      const handIn = async () => {
        await press('核对并提交');
        await page.waitForURL(/\/check$/);
        await look('the check page');
        await page.check('[name=tick]');
        await press('确认提交');
        await page.waitForURL(/\/receipt$/);
        await look('the receipt');
      };
      const sign = async (login) => {
        await as(login);
        await page.getByRole('link', { name: '去签核' }).click();
        await look('the sign-off');
        await press('审核并上报');
      };

      // Two counties, each by its reporter and its approver.
      await as('fuqing');
      assert.match(await main(), /未提交/);
      await page.getByRole('link', { name: '去填报' }).click();
      await type({ '350181/value': '256.5', '350181/base': '220', '350181/note': note });
      await handIn();
      await sign('fuqing.sh');
      await as('luoyuan');
      await page.getByRole('link', { name: '去填报' }).click();
      await type({ '350123/value': '66.5', '350123/base': '60', '350123/note': note });
      await handIn();
      await sign('luoyuan.sh');

      // The reviewer asks about one figure; the county answers beside it.
      await as('shenhe');
      await page.getByRole('link', { name: /去审核/ }).click();
      await page.getByRole('link', { name: '福清市' }).click();
      await page.selectOption('#reason-kind', { label: '说明不清楚，请补充' });
      await page.fill('#reason', '请看对数据的疑问');
      await page.locator('input[name^="q.investment/350181"]').fill('10月单月为什么这么多？');
      await press('退回单位');
      await as('fuqing');
      assert.match(await main(), /请看对数据的疑问/);
      await page.getByRole('link', { name: '去修改' }).click();
      assert.match(await main(), /10月单月为什么这么多/);
      await type({ '350181/answer': '宏港二期设备集中到货，发票已附台账' });
      await handIn();
      await sign('fuqing.sh');

      // Approved, taken back within ten seconds, approved again.
      await as('shenhe');
      await page.goto(`${site.base}${review}/350181`);
      assert.match(await main(), /宏港二期设备集中到货/);
      await look('the review of one unit');
      await press('审核通过');
      await press('撤销');
      assert.match(await page.innerText('.report-status'), /待市级审核/);
      await press('审核通过');
      assert.match(await page.innerText('.report-status'), /已通过/);
      await page.goto(`${site.base}${review}/350123`);
      await press('审核通过');

      // The publisher changes how the sentence after that on who is missing is put, and freezes the edition with the password.
      const publish = async (reason) => {
        await as('fabu');
        await page.goto(`${site.base}/publish/${plan}/${period}`);
        if (reason) await page.fill('#reason', reason);
        await page.locator('.wording summary').click();
        await look('the publisher’s page');
        const sentence = page.locator('textarea[name="s.0.1"]');
        await sentence.fill((await sentence.inputValue()).replace('累计完成', '今年以来累计完成'));
        await page.fill('#password', site.passwords.fabu);
        await page.getByRole('button', { name: /^发布第/ }).click();
        await page.waitForURL(/\/bulletins\//);
      };
      await publish();
      assert.match(page.url(), /\/e1$/);
      assert.match(await main(), /今年以来累计完成/);
      assert.match(await main(), /只改说法，数据未变/);
      await as('lingdao');
      assert.match(await main(), /256\.50/);
      await press('签收本版通报');
      assert.match(await main(), /已签收/);

      // A mistake is found, asked about with the right figure, and corrected in the open.
      await as('fuqing');
      await page.goto(site.base + formOf('350181'));
      await page.locator('form.ask input[name="c.investment/350181/value"]').fill('257.5');
      await page.fill('#reason-ask', '宏港项目少计一亿元');
      await press('申请更正');
      await as('shenhe');
      assert.match(await main(), /申请更正/);
      await page.goto(`${site.base}${review}/350181`);
      assert.match(await main(), /256\.50亿元[\s\S]*257\.50亿元/);
      assert.match(await main(), /2026年1—10月第1版/);
      await look('a request for correction');
      await page.getByLabel(/同意更正：重开这一期/).check();
      await page.fill('#reason-answer', '情况属实');
      await press('答复');
      await as('fuqing');
      await page.getByRole('link', { name: '去修改' }).click();
      if (script) await page.waitForSelector('#entry[data-ready]');
      assert.equal(await page.locator('#entry input[data-cell$="350181/value"]').inputValue(), '257.5');
      await handIn();
      await sign('fuqing.sh');
      await as('shenhe');
      await page.goto(`${site.base}${review}/350181`);
      await press('审核通过');
      await publish('福清市更正');
      assert.match(page.url(), /\/e2$/);
      await as('lingdao');
      assert.match(await main(), /本版更正第1版/);
      await look('a correction');
      assert.match(await main(), /257\.50/);
      await page.goto(`${site.base}/bulletins/${plan}/${period}/e1`);
      assert.match(await main(), /本版已由第2版更正/);
      assert.match(site.jigai('', 'verify'), /核验通过/);
    }));
  }
}

test('the plan editor says what it finds while one types', () => onSite({}, async ({ site, page }) => {
  await logIn(page, site, 'shenhe');
  // The script arrives late, as over a slow line: what was typed before is looked at too.
  let arrive;
  const late = new Promise((resolve) => { arrive = resolve; });
  await page.route(/\/pkg\/.*wasm/, async (route) => { await late; await route.continue(); });
  await page.goto(`${site.base}/plans/new`);
  await page.fill('[name=id]', 'fuzhou-2027');
  await page.fill('[name=title]', '2027年技术改造行动方案');
  await page.fill('[name=region_name]', '福州市');
  await page.fill('[name=region_code]', '350100');
  await page.fill('[name=year_from]', '2027');
  await page.fill('[name=goal_name]', '工业技改投资');
  await page.fill('[name=total_value]', '60');
  await page.fill('#block', '单位\t目标（亿元）\t增幅\t单位\t目标（亿元）\t增幅\n鼓楼区\t21\t9%\t福清市\t30\t13%\n仓山区\t二十\t10%\t罗源县\t10\t13%\n');
  arrive();
  await page.waitForFunction(() => document.querySelector('#plan-live')?.textContent.includes('仓山区的目标'));
  await page.fill('#block', '单位\t目标（亿元）\t增幅\t单位\t目标（亿元）\t增幅\n鼓楼区\t21\t9%\t福清市\t30\t13%\n仓山区\t2\t10%\t罗源县\t10\t13%\n');
  await page.waitForFunction(() => document.querySelector('#plan-live')?.textContent.includes('63'));
  await page.getByRole('button', { name: '核对', exact: true }).last().click();
  assert.match(await page.innerText('main'), /已按分解表（2个表并排）填好 4 行/);
  assert.equal(await page.locator('[name="r.2.name"]').inputValue(), '福清市');
  await page.getByRole('button', { name: '保存计划' }).click();
  await page.waitForURL(`${site.base}/plans/fuzhou-2027`);
}));
