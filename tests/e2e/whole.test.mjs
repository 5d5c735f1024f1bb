// Whole plans in browsers, with script and without: 丰泽's quarter by six people (a street, a park, their approvers, the
// lead office, the publisher) and a visitor, and 福建's month with its dated tasks.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { assertAccessible } from './axe.mjs';
import { logIn, onSite } from './site.mjs';

// What everybody does alike on one site.
function hands({ site, page, script }) {
  const go = (path) => page.goto(site.base + path);
  const press = (name) => page.getByRole('button', { name, exact: true }).click();
  const main = () => page.innerText('main');
  return {
    go,
    press,
    main,
    as: (login) => logIn(page, site, login),
    look: (name) => (script ? assertAccessible(page, name) : null),
    async report(form, cells) {
      await go(form);
      if (script) await page.waitForSelector('#entry[data-ready]');
      for (const [cell, text] of Object.entries(cells)) await page.locator(`[name="c.${cell}"]`).fill(text);
      await press('核对并提交');
      await page.waitForURL(/\/check$/);
      await page.check('[name=tick]');
      await press('确认提交');
      await page.waitForURL(/\/receipt$/);
    },
    async sign(login) {
      await logIn(page, site, login);
      await page.getByRole('link', { name: '去签核' }).first().click();
      await press('审核并上报');
    },
    // The lead office's own table of counts, looked at before it is written.
    async importFile(plan, lines) {
      await go(`/import/${plan}`);
      const buffer = Buffer.from(`goal,region,period,value,base,growth_pct,note\n${lines.join('\n')}\n`);
      await page.setInputFiles('#file', { name: '汇总.csv', mimeType: 'text/csv', buffer });
      await press('预览');
      await page.getByRole('button', { name: /确认|写入/ }).first().click();
      assert.match(await main(), new RegExp(`新增\\s*${lines.length}|写入\\s*${lines.length}|${lines.length}\\s*[行条]`));
    },
    async publish(login, path) {
      await logIn(page, site, login);
      await go(path);
      await page.fill('#password', site.passwords[login]);
      await page.getByRole('button', { name: /^发布第/ }).click();
      await page.waitForURL(/\/bulletins\/.*\/e1$/);
    },
    visitor: () => page.context().clearCookies(),
  };
}

for (const script of [true, false]) {
  const how = script ? 'with' : 'without';

  test(`a quarter of ten goals by six people, ${how} script`, () => onSite({ script, at: '2022-03-22T09:00:00+08:00' }, async ({ site, page }) => {
    const { go, press, main, as, look, report, sign, importFile, publish, visitor } = hands({ site, page, script });
    const [plan, period, street, park] = ['fengze-2022', '2022-03', '350503001', encodeURIComponent('高新产业园区')];

    // A street and a park write of two works each and hand in; their approvers sign.
    await as('fengze.1');
    assert.match(await main(), /限时任务“成立工作小组”3天后到期/);
    await report(`/report/${plan}/${period}/${street}`, {
      'text/digital_lines/progress': '恒安二线3月投产，华茂一线正在安装',
      'text/cloud_enterprises/progress': '组织企业上云培训两场，8家签约',
    });
    await look('the receipt of texts');
    await sign('fengze.1.sh');
    await as('fengze.2');
    await report(`/report/${plan}/${period}/${park}`, { 'text/digital_workshops/progress': '园区一个车间通过验收' });
    await sign('fengze.2.sh');

    // The lead office states the counts, reads the texts by work, approves, and picks a sentence.
    await as('fengze.sh');
    await importFile(plan, [
      'upgrading_projects,丰泽区,2022-03,3,,,', 'digital_lines,丰泽区,2022-03,1,,,', 'cloud_enterprises,丰泽区,2022-03,8,,,',
    ]);
    for (const unit of [street, park]) {
      await go(`/review/${plan}/${period}/${unit}`);
      await press('审核通过');
      assert.match(await page.innerText('.report-status'), /已通过/);
    }
    await go(`/review/${plan}/${period}/texts`);
    await look('the texts by work');
    assert.match(await main(), /恒安二线3月投产[\s\S]*一个车间通过验收/);
    await page.locator('summary', { hasText: '选入通报' }).first().click();
    await page.locator('details[open] input[type=checkbox]').first().check();
    await page.getByRole('button', { name: '选入勾选的句子' }).first().click();
    assert.match(await main(), /移出通报/);

    await publish('fengze.fb', `/publish/${plan}/${period}`);
    await visitor();
    await go(`/bulletins/${plan}/${period}`);
    await look('a bulletin of ten goals');
    const read = await main();
    assert.match(read, /数字化生产线[\s\S]*达到序时/);
    assert.match(read, /恒安二线3月投产/);
    await go(`/progress/${plan}/${period}`);
    assert.match(await main(), /企业上云上平台[\s\S]*8家/);
    assert.match(site.jigai('', 'verify'), /核验通过/);
  }));

  test(`a month with dated tasks, ${how} script`, () => onSite({ script, at: '2013-04-03T09:00:00+08:00' }, async ({ site, page }) => {
    const { go, press, main, as, look, report, sign, publish, visitor } = hands({ site, page, script });
    const [plan, period] = ['fujian-2013', '2013-03'];
    const note = '一季度项目集中开工，已逐项核对台账';

    // A city reports its figures, its key projects in words, and a task done.
    await as('fujian.1');
    await report(`/report/${plan}/${period}/350100`, {
      'investment/350100/value': '130', 'investment/350100/base': '100', 'investment/350100/note': note,
      'city_key_project_investment/350100/value': '52', 'city_key_project_investment/350100/note': note,
      'text/city_key_project_investment/progress': '市级重点项目开工41项，完成投资52亿元',
    });
    await sign('fujian.1.sh');
    await as('fujian.1');
    await go(`/tasks/${plan}`);
    await look('the dated tasks of a city');
    const task = (id) => page.locator(`#task-${id}`);
    const fill = async (of, { words, ...boxes }) => {
      if (words) await of.locator('textarea').fill(words);
      for (const [name, text] of Object.entries(boxes)) await of.locator(`[name=${name}]`).fill(text);
    };
    const events = task('matching_events');
    await events.locator('summary', { hasText: '报告完成' }).click();
    await fill(events, { words: '赴闽商会推介两场，签约9项', day: '2013-04-01', proof: '榕经贸〔2013〕41号' });
    await events.getByRole('button', { name: '报告完成' }).click();
    assert.match(await events.innerText(), /待确认/);

    // The office approves the figures, confirms the task and grants a later day for another one.
    await as('fujian.sh');
    await go(`/review/${plan}/${period}/350100`);
    await press('审核通过');
    await go(`/tasks/${plan}`);
    await look('the dated tasks of the office');
    const part = events.locator('form', { has: page.locator('[name=unit][value="350100"]') });
    await part.getByRole('button', { name: '确认完成' }).click();
    assert.match(await events.innerText(), /福州市：按期完成 ?，完成日期2013年4月1日/);
    const later = task('deepened_matching');
    await later.locator('summary', { hasText: '都延期' }).click();
    const all = later.locator('form', { has: page.locator('[name=unit][value="all"]') });
    await fill(all, { words: '省里统一调整时间', day: '2013-07-31' });
    await all.getByRole('button', { name: '给没有完成的单位都延期' }).click();
    assert.match(await later.innerText(), /2013年7月31日/);

    await publish('fujian.fb', `/publish/${plan}/${period}`);
    await visitor();
    await go(`/bulletins/${plan}/${period}`);
    await look('a bulletin with dated tasks');
    assert.match(await main(), /限时任务[\s\S]*应完成\d+项/);
    await go(`/tasks/${plan}`);
    assert.match(await main(), /2013年1—3月通报第1版/);
    assert.match(site.jigai('', 'verify'), /核验通过/);
  }));
}
