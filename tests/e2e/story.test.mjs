// The story of an office: 泉州市 2026 with twelve counties, from the empty site to the closed year and into the next, by
// six people, each with a browser of his own, without a command line. What the first day costs stands in docs/steps.md.
import { test } from 'node:test';
import assert from 'node:assert/strict';
import { openPage, startBrowser, startSite } from './site.mjs';

const password = 'Jigai-2026-quanzhou';
// Name, code, target in 亿元, growth in percent; figures by month in 亿元: this year and last.
const COUNTIES = [
  ['鲤城区', 350502, '21', '9'], ['丰泽区', 350503, '18', '8'], ['洛江区', 350504, '24', '10'], ['泉港区', 350505, '96', '12'],
  ['惠安县', 350521, '88', '11'], ['安溪县', 350524, '75', '10'], ['永春县', 350525, '46', '10'], ['德化县', 350526, '42', '9'],
  ['石狮市', 350581, '64', '10'], ['晋江市', 350582, '210', '12'], ['南安市', 350583, '180', '12'], ['泉州台商投资区', 350599, '56', '11'],
];
const TABLE = ['县（市、区）\t总量（亿元）\t比增（%）', ...COUNTIES.map(([name, , total, growth]) => `${name}\t${total}\t${growth}`)].join('\n');

// A person with a browser of his own, and what he did: pages asked for, forms sent.
async function person(browser, site, script) {
  const opened = await openPage(browser, { base: site.base, script });
  const { page } = opened;
  const done = { loads: 0, submits: 0, clicks: 0, keys: 0 };
  page.on('request', (request) => {
    if (!request.isNavigationRequest() || request.frame() !== page.mainFrame() || request.redirectedFrom()) return;
    done[request.method() === 'POST' ? 'submits' : 'loads'] += 1;
  });
  const main = () => page.innerText('main');
  return {
    ...opened,
    script,
    done,
    main,
    open: (path) => page.goto(site.base + path),
    button: (name) => page.getByRole('button', { name, exact: typeof name === 'string' }).click(),
    link: (name) => page.getByRole('link', { name, exact: typeof name === 'string' }).first().click(),
    fill: async (fields) => {
      for (const [name, value] of Object.entries(fields)) await page.locator(`main [name="${name}"]`).fill(value);
    },
    says: async (...parts) => {
      const text = await main();
      for (const part of parts) assert.ok(part instanceof RegExp ? part.test(text) : text.includes(part), `${part} at ${page.url()}: ${text}`);
    },
    async logIn(login, secret = password) {
      await page.fill('#login', login);
      await page.fill('#password', secret);
      await page.getByRole('button', { name: '登录' }).click();
    },
  };
}

for (const script of [true, false]) {
  test(`a year of 泉州 from the empty site, ${script ? 'with' : 'without'} script`, async () => {
    const site = await startSite('sqlite', [], () => {}, '2026-01-05T09:00:00+08:00');
    const browser = await startBrowser();
    try {
      const six = {};
      for (const name of ['system', 'security', 'reviewer', 'publisher', 'reporter', 'approver']) six[name] = await person(browser, site, script);
      await firstDay(site, six);
      await firstPeriod(site, six);
      await march(site, six);
      await yearEnd(site, six);
      await nextYear(site, six);
      site.jigai('system-system-admin', 'verify');
      for (const [name, { complaints }] of Object.entries(six)) assert.deepEqual(complaints, [], name);
    } finally {
      await browser.close();
      await site.stop();
    }
  });
}

// The links of a page that hands them out, by log-in. With script each is copied by its button.
async function linksOf({ page, context, script }) {
  const rows = await page.locator('table.links-list tbody tr').all();
  if (script) {
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    await rows[0].getByRole('button', { name: /复制/ }).click();
    await rows[0].getByText('已复制').waitFor();
    assert.equal(await page.evaluate(() => navigator.clipboard.readText()), (await rows[0].locator('code').innerText()).trim());
  }
  const pairs = rows.map(async (row) => [(await row.locator('td').nth(1).innerText()).trim(), (await row.locator('code').innerText()).trim()]);
  return Object.fromEntries(await Promise.all(pairs));
}

// Somebody opens his link, sets his password and logs in.
async function settleIn(someone, link, login) {
  await someone.page.goto(link);
  await someone.fill({ password, again: password });
  await someone.button(/^设/);
  await someone.logIn(login);
}

async function enrol(system, lines) {
  await system.open('/admin/people');
  const file = { name: '花名册.csv', mimeType: 'text/csv', buffer: Buffer.from(`岗位,单位,姓名,登录名,办公电话\n${lines.join('\n')}\n`) };
  await system.page.setInputFiles('#file', file);
  await system.button('预览');
  await system.button(/^建 \d+ 个账号/);
  return linksOf(system);
}

// From the link that the program prints to counties that can report.
async function firstDay(site, { system, security, reviewer, publisher, reporter, approver }) {
  await system.open(site.said.join('\n').match(/\/setup\?token=\w+/)[0]);
  await system.fill({
    office: '泉州市', system_login: 'xitong', system_name: '丁一', security_login: 'anquan', security_name: '沈安',
    audit_login: 'shenji', audit_name: '严正', password, again: password,
  });
  await system.button('完成设置');
  await system.logIn('xitong');
  await system.says('从头到第一期通报共七步');
  await system.link('给他们生成一次性链接');
  await system.button('给他们各生成新的链接');
  const admins = await linksOf(system);
  const office = await enrol(system, ['市级审核员,,林敏,shenhe,0595-22220001', '发布人,,陈芳,fabu,0595-22220002']);

  await settleIn(security, admins.anquan, 'anquan');
  await security.link('去定岗');
  await security.button('核对无误，全部定岗');

  await settleIn(reviewer, office.shenhe, 'shenhe');
  await reviewer.open('/plans/new');
  await reviewer.fill({
    id: 'quanzhou-2026', title: '2026年工业技改投资行动方案', number: '泉政办〔2026〕3号', year_from: '2026', deadline_day: '5',
    goal_name: '工业技改投资', unit: '亿元', total_value: '920', total_growth: '11', block: TABLE,
  });
  await reviewer.page.locator('summary', { hasText: '自评和核查的日期' }).click();
  await reviewer.fill({ self_month: '1', self_day: '31', objection_days: '5' });
  await reviewer.button('核对');
  await reviewer.says('填好 12 行');
  await reviewer.button('保存计划');
  await reviewer.says('泉政办〔2026〕3号', '晋江市');

  const counties = COUNTIES.flatMap(([name, code]) => [`县级填报员,${name},${name}甲,tb${code},`, `县级审核人,${name},${name}乙,sh${code},`]);
  const people = await enrol(system, [...counties, '领导,,周正,lingdao,']);
  assert.equal(Object.keys(people).length, 25);
  await security.open('/');
  await security.link('去定岗');
  await security.button('核对无误，全部定岗');
  // What the office's people did until everybody has his link and his post; each sets his own password afterwards.
  const sum = (what) => [system, security, reviewer].reduce((all, { done }) => all + done[what], 0);
  const [submits, loads] = [sum('submits'), sum('loads')];
  assert.ok(submits <= 20 && loads <= 15, `${submits} submits, ${loads} page loads`);
  console.log(`steps of the first day: ${submits} submits, ${loads} page loads`);

  await settleIn(publisher, office.fabu, 'fabu');
  await settleIn(reporter, people.tb350582, 'tb350582');
  await settleIn(approver, people.sh350582, 'sh350582');
  await reporter.says('下一期：2026年1—2月数据，3月1日开始报送');
}

const LOGINS = { system: 'xitong', security: 'anquan', reviewer: 'shenhe', publisher: 'fabu', reporter: 'tb350582', approver: 'sh350582' };

// The same site on another day; whoever acts on it logs in anew.
async function day(site, six, clock, names, secret) {
  for (const { page } of Object.values(six)) await page.goto('about:blank');
  await site.at(clock);
  for (const name of names) {
    await six[name].open('/login');
    await six[name].logIn(LOGINS[name], secret);
  }
}

// A county's figures of a period as the office's table has them: this year and last, in 亿元.
const SHARE = { 2: 0.09, 3: 0.2, 12: 1.01 };
function figures(index, month) {
  const [, , target, growth] = COUNTIES[index];
  const own = SHARE[month] * (1 + (index % 3) / 50);
  return [(target * own).toFixed(2), ((target / (1 + growth / 100)) * own * (1 + (index % 2) / 100)).toFixed(2)];
}
const own = COUNTIES.findIndex(([name]) => name === '晋江市');

async function report({ reporter, approver }, month, typed = {}) {
  await reporter.link(/去填报|去定报/);
  if (reporter.script) await reporter.page.waitForSelector('#entry[data-ready]');
  await reporter.fill({ 'c.investment/晋江市/value': typed.value ?? figures(own, month)[0], 'c.investment/晋江市/base': typed.base ?? figures(own, month)[1] });
  await handIn({ reporter, approver });
}

// The other eleven have not begun to report here: the office enters their figures in their place.
async function others(reviewer, month, year = 2026) {
  const rows = COUNTIES.map(([name], index) => (index === own ? null : `${name},${figures(index, month).join(',')}`)).filter(Boolean);
  const text = `${year}年1—${month}月工业技改投资（亿元）,,\n单位,本期累计,去年同期\n${rows.join('\n')}\n`;
  await reviewer.link('各期');
  await reviewer.link('用文件导入');
  await reviewer.page.setInputFiles('#file', { name: '各县报来.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  await reviewer.button('预览');
  await reviewer.page.getByLabel('由办公室代报').check();
  await reviewer.button('按上面改过的再看一遍');
  await reviewer.fill({ reason: '县里的账号还没有交接，按3月2日盖章报来的表录入' });
  await reviewer.button('确认导入');
  await reviewer.says('新报送 11 行');
}


async function firstPeriod(site, six) {
  const { reviewer, publisher, reporter } = six;
  await day(site, six, '2026-03-03T09:00:00+08:00', ['reviewer', 'publisher', 'reporter', 'approver']);
  await reporter.says('1—2月数据：未提交');
  await report(six, 2);
  await others(reviewer, 2);
  await reviewer.open('/');
  await reviewer.link(/去审核（1）/);
  await reviewer.says('晋江市');
  await reviewer.button('通过选中的单位');
  await publish(publisher, /去发布/);
  await publisher.says('1—2月', '晋江市');

  // After the deadline the county finds its mistake: asked for, opened, corrected, and published again.
  await day(site, six, '2026-03-11T09:00:00+08:00', ['reviewer', 'publisher', 'reporter', 'approver']);
  await reporter.link('各期');
  await reporter.link('查看、申请更正');
  await reporter.page.locator('form.ask input[name="c.investment/晋江市/value"]').fill('19.4');
  await reporter.page.fill('#reason-ask', '恒安二期少计0.5亿元');
  await reporter.button('申请更正');
  await reviewer.open('/');
  await reviewer.says('有 1 个单位申请更正，待答复');
  await reviewer.link('查看报送情况');
  await reviewer.link('晋江市');
  await reviewer.page.getByLabel(/同意更正：重开这一期/).check();
  await reviewer.page.fill('#reason-answer', '情况属实');
  await reviewer.button('答复');
  await reporter.open('/');
  await reporter.says('情况属实');
  await reporter.link('去修改');
  if (reporter.script) await reporter.page.waitForSelector('#entry[data-ready]');
  await reporter.fill({ 'c.investment/晋江市/value': '19.4' });
  await handIn(six);
  await reviewer.open('/');
  await reviewer.link(/去审核（1）/);
  // What was corrected is not approved in a heap.
  await reviewer.says('要打开逐个审核的');
  await reviewer.link('晋江市');
  await reviewer.button('审核通过');
  await publisher.open('/');
  await publisher.says('已通过的更正未发布');
  await publish(publisher, /再发布/, '晋江市少计0.5亿元');
  await publisher.says('第2版', '19.40');
  await reporter.open('/');
  await reporter.says('现在没有要办的事', '第2版还没有签收');
}

// March: once it was compared with the mean of January and February, and all twelve were told to look again.
async function march(site, six) {
  const { reviewer, publisher, reporter } = six;
  await day(site, six, '2026-04-03T09:00:00+08:00', ['reviewer', 'publisher', 'reporter', 'approver']);
  await reporter.says('1—3月数据：未提交');
  assert.match(await reporter.page.innerText('body'), /密码还有 ?2 ?天/);
  await report(six, 3);
  await others(reviewer, 3);
  await reviewer.open('/');
  await reviewer.link(/去审核（1）/);
  assert.doesNotMatch(await reviewer.main(), /提示：|比全年平均/);
  await reviewer.button('通过选中的单位');
  await publish(publisher, /去发布/);
  await publisher.says('1—3月');
}

async function yearEnd(site, six) {
  const { reviewer, publisher, reporter, approver } = six;
  await day(site, six, '2027-01-05T09:00:00+08:00', ['reviewer', 'publisher', 'reporter', 'approver']);
  // Whose password is too old changes it before anything else.
  for (const [name, one] of Object.entries({ reviewer, publisher, reporter, approver })) {
    await one.says('密码已到更换期限');
    await one.fill({ current: password, password: `${password}-2027`, again: `${password}-2027` });
    await one.button('更改密码');
    await one.logIn(LOGINS[name], `${password}-2027`);
  }
  await report(six, 12);
  await others(reviewer, 12);
  await reviewer.open('/');
  await reviewer.link(/去审核（1）/);
  await reviewer.button('通过选中的单位');
  await publish(publisher, /去发布/, null, `${password}-2027`);
  await reporter.open('/');
  await reporter.link(/年终自评还没有提交/);
  await reporter.fill({ value: '212.1', base: '191.27', remark: '全年完成，台账齐全' });
  await reporter.button(/^提交/);
  await approver.open('/');
  await approver.link(/年终自评等您签核/);
  await approver.button(/^签核/);
  await approver.says('已由晋江市审核人');

  await day(site, six, '2027-02-03T09:00:00+08:00', ['reviewer'], `${password}-2027`);
  await reviewer.link(/12 个单位没有核验/);
  await reviewer.says('没有提交自评的：鲤城区');
  await reviewer.button(/按报送数核验/);
  await reviewer.button(/^提出办结/);
  await reviewer.says('异议期未满，到2027年2月8日24:00');
  await day(site, six, '2027-02-10T09:00:00+08:00', ['reviewer', 'publisher', 'reporter', 'approver'], `${password}-2027`);
  await publisher.link(/已提出办结/);
  await publisher.says('可以办结的条件都已具备');
  await publisher.button(/^确认办结/);
  await publisher.says('已于2027年2月10日办结');
  await publisher.link('打印签字盖章表');
  await publisher.says('2026年工业技改投资考核结果确认表', '南安市', '负责人签字、单位盖章', '牵头单位（盖章）');
  for (const one of [reviewer, publisher, reporter, approver]) {
    await one.open('/');
    await one.says('泉州市2026年度考核结果已于2月10日办结');
    assert.doesNotMatch(await one.main(), /1—11月/);
  }
  await reporter.link(/2026年度考核结果已于/);
  await reporter.says('第1版', '由两人办结', /晋江市\s+212\.10[\s\S]*\+0\.1/);
  await reporter.button('签收');
}

async function nextYear(site, six) {
  const { reviewer, publisher, reporter } = six;
  await reviewer.open('/plans');
  await reviewer.link('2026年工业技改投资行动方案');
  await reviewer.link(/2027|下一年/);
  // The next year starts from the last: its targets are pasted over those of the year before.
  const table = TABLE.replace(/\t(\d+)\t(\d+)$/gm, (_, total, growth) => `\t${Math.round(total * 1.1)}\t${growth}`);
  await reviewer.fill({ number: '泉政办〔2027〕2号', total_value: '1012', total_growth: '10', block: table });
  await reviewer.button('核对');
  await reviewer.says('填好 12 行');
  await reviewer.button('保存计划');
  await reviewer.says('2027年工业技改投资行动方案', '231.00');

  await day(site, six, '2027-03-02T09:00:00+08:00', ['reviewer', 'publisher', 'reporter', 'approver'], `${password}-2027`);
  await reporter.says('1—2月数据：未提交', '2027年工业技改投资行动方案');
  await report(six, 2, { value: '21.4', base: '19.4' });
  await reviewer.open('/');
  await reviewer.link(/去审核（1）/);
  await reviewer.says(/晋江市[\s\S]*21\.40/);
  await reviewer.button('通过选中的单位');
  await others(reviewer, 2, 2027);
  await publish(publisher, /去发布/, null, `${password}-2027`);
  await publisher.says('2027年1—2月', '21.40');
  await reporter.open('/rank/quanzhou-2027/2027-02/years');
  await reporter.says(/晋江市\s+21\.40\s+19\.40/);
}

async function handIn({ reporter, approver }) {
  await reporter.button('核对并提交');
  await reporter.page.check('[name=tick]');
  await reporter.button('确认提交');
  await reporter.says('下一步：县级审核人签核');
  await approver.open('/');
  await approver.link('去签核');
  await approver.button('审核并上报');
}

async function publish(publisher, way, reason, secret = password) {
  await publisher.open('/');
  await publisher.link(way);
  if (reason) await publisher.fill({ reason });
  await publisher.fill({ password: secret });
  await publisher.button(/^发布第/);
  await publisher.page.waitForURL(/\/bulletins\//);
}
