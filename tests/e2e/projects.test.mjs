// A month of key projects in browsers, with script and without: the office takes its list, a county reports, its approver
// signs, the office finds who lags and holds a 会诊, the paired official visits, the county solves, the leader reads.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { assertAccessible } from './axe.mjs';
import { logIn, onSite } from './site.mjs';

const PLAN = 'fuzhou-2026';

const LIST = `附件 福州市2026年重点技改项目明细表
单位：万元
项目名称,所在单位,年度类别,项目业主,总投资,年计划投资,计划开工时间,挂钩领导
玻璃深加工产线智能化改造,福清市,续建,某玻璃公司,100000,40000,2025-03,马长河
数字化车间,福清市,新开工,某食品公司,50000,30000,2026-03,市工信局处级领导
合纤装置节能改造,长乐区,新开工,某化纤公司,30000,10000,2026-06,市工信局处级领导
`;

// Reported by its own round, beside the county's figure.
const ROUND = '\n[[rhythm]]\nid = "projects"\ncadence = "monthly"\ndeadline = { day = 28, of = "next_month" }\n';

for (const script of [true, false]) {
  test(`a month of projects, ${script ? 'with' : 'without'} script`, () => onSite({ script }, async ({ site, page }) => {
    const go = (path) => page.goto(site.base + path);
    const as = (login) => logIn(page, site, login);
    const main = () => page.innerText('main');
    const press = (name) => page.getByRole('button', { name, exact: true }).click();
    const look = (name) => (script ? assertAccessible(page, name) : null);
    const sheet = `/report/${PLAN}/2026-10.projects/350181`;

    // The plan gets the round; two people put it in force.
    await as('shenhe');
    await go(`/plans/${PLAN}/edit?by=file`);
    await page.fill('#source', (await page.inputValue('#source')) + ROUND);
    await page.fill('[name=basis]', '办公会');
    await page.locator('textarea[name=reason]').fill('重点项目按月报送');
    await press('保存为新的一版');
    await as('fabu');
    await go(`/plans/${PLAN}/changes`);
    await press('确认修订');

    // The office's own list, looked at before it is taken.
    await as('shenhe');
    await go(`/projects/${PLAN}/import`);
    await page.setInputFiles('input[type=file]', { name: '明细表.csv', mimeType: 'text/csv', buffer: Buffer.from(LIST) });
    await page.locator('form:has(input[type=file]) button[type=submit]').first().click();
    await look('the preview of a list of projects');
    assert.match(await main(), /将新增 3 个项目/);
    await page.locator('#import-form button[value=confirm]').click();
    await go(`/projects/${PLAN}?period=2026-10`);
    await look('the list of projects');
    assert.match(await main(), /3个/);

    // The county reports its two projects; with script a block from WPS goes where it belongs.
    await as('fuqing');
    await go(sheet);
    if (script) await page.waitForSelector('#entry[data-ready]');
    await look('the sheet of projects');
    assert.doesNotMatch(await main(), /合纤装置/);
    const rows = page.locator('.project-sheet input[data-cell$="/this_year"]');
    assert.equal(await rows.count(), 2);
    const box = (row, of) => page.locator(`.project-sheet input[data-cell$="/${of}"]`).nth(row);
    if (script) {
      const block = '36000\t76000\t设备安装\t\t年底投产\n8000\t8000\t基础施工\t用地报批未完成\t专班跟进';
      await rows.first().focus();
      await page.evaluate((text) => {
        const data = new DataTransfer();
        data.setData('text/plain', text);
        document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
      }, block);
      await page.locator('#paste-apply').click();
    } else {
      for (const [of, texts] of [['this_year', ['36000', '8000']], ['since_start', ['76000', '8000']], ['progress', ['设备安装', '基础施工']]]) {
        for (const [row, text] of texts.entries()) await box(row, of).fill(text);
      }
      await box(1, 'problem').fill('用地报批未完成');
    }
    assert.equal(await box(1, 'this_year').inputValue(), '8000');
    await box(1, 'start').fill('2026-09');
    await press('核对并提交');
    await page.waitForURL(/\/check$/);
    await look('the check of a sheet of projects');
    await page.check('[name=tick]');
    await press('确认提交');
    await page.waitForURL(/\/receipt$/);
    await as('fuqing.sh');
    await go(sheet);
    await press('审核并上报');
    await as('shenhe');
    await go(`/review/${PLAN}/2026-10.projects/350181`);
    assert.match(await main(), /用地报批未完成/);
    await press('审核通过');

    // Who lags, and what a 会诊 decides about it.
    await go(`/projects/${PLAN}/lag?period=2026-10`);
    await look('the laggards');
    assert.match(await main(), /数字化车间[\s\S]*用地报批未完成[\s\S]*还没有交办/);
    await go(`/meetings/${PLAN}?period=2026-10`);
    await look('the meetings');
    const hold = page.locator('#hold form');
    const summary = page.locator('#hold summary').first();
    if ((await summary.count()) > 0 && !(await hold.first().isVisible())) await summary.click();
    const number = await hold.locator('[name=projects]').evaluateAll((boxes) => boxes.find((box) => box.closest('label')?.innerText.includes('数字化车间'))?.value);
    assert.ok(number, 'the laggard can be chosen');
    await hold.locator('[name=who]').fill('分管副市长、市工信局');
    await hold.locator(`[name=projects][value="${number}"]`).check();
    await hold.locator('[name="words.0"]').fill('解决用地指标');
    await hold.locator('[name="project.0"]').selectOption(number);
    await hold.locator('[name="kind.0"]').selectOption('用地');
    await hold.locator('[name="owner.0"]').fill('福清市');
    await hold.locator('[name="due.0"]').fill('2026-12-10');
    await hold.getByRole('button').last().click();
    await go(`/projects/${PLAN}/lag?period=2026-10`);
    assert.match(await main(), /由福清市办理，2026年12月10日前：解决用地指标/);

    // The official knows his own project alone, and writes what he found there.
    await as('guagou');
    await go(`/projects/${PLAN}?period=2026-10`);
    assert.match(await main(), /玻璃深加工/);
    assert.doesNotMatch(await main(), /数字化车间/);
    await page.getByRole('link', { name: '玻璃深加工产线智能化改造' }).first().click();
    await page.locator('summary', { hasText: '登记走访' }).click();
    await page.fill('#visit-found', '设备到货，正在安装');
    await press('登记');
    assert.match(await main(), /设备到货，正在安装/);

    // The county solves what it was given, and keeps its project's steps.
    await as('fuqing');
    await go(`/projects/${PLAN}/matters`);
    await look('the matters of a county');
    await page.locator('summary', { hasText: '办结' }).first().click();
    const solve = page.locator('form:has(input[value=solve])').first();
    await solve.locator('textarea[name=how]').fill('省里已批复用地');
    await solve.getByRole('button').click();
    assert.match(await main(), /没有办结的0件/);
    await go(`/projects/${PLAN}/${number}?period=2026-10`);
    await page.locator('summary', { hasText: '加一个节点' }).click();
    await page.fill('#node--name', '主体封顶');
    await page.fill('#node--due', '2026-11-10');
    await page.locator('details[open] button', { hasText: '登记' }).click();
    await look('the ledger sheet of a project');
    assert.match(await main(), /主体封顶[\s\S]*逾期11天/);

    // The leader reads all of it.
    await as('lingdao');
    await go(`/projects/${PLAN}?period=2026-10`);
    assert.match(await main(), /合纤装置节能改造/);
    assert.match(await main(), /44,000/);
    assert.match(site.jigai('', 'verify'), /核验通过/);
  }));
}
