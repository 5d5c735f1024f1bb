// Every page in every role, looked at by axe: nothing serious, on a desk, on a phone and in large type.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { assertAccessible } from './axe.mjs';
import { logIn, openPage, startBrowser, startSite } from './site.mjs';

const REPORT = '/report/fuzhou-2026/2026-10';
const ASSESS = '/assess/fuzhou-2026';
const PAGES = {
  '-': ['/', '/bulletins', '/bulletins/fuzhou-2021/2021-04/e1', '/bulletins/fuzhou-2021/2021-05', '/bulletins/fuzhou-2021/2021-12', '/bulletins/fuzhou-2021/2021-12/print',
    '/board', '/rank/fuzhou-2021/2021-12', '/units/fuzhou-2021', '/units/fuzhou-2021/350181', '/plans', '/plans/fuzhou-2021', '/plans/fuzhou-2021/changes', '/rosters/fuzhou-2021',
    '/assess/fuzhou-2021', '/assess/fuzhou-2021/350125?period=2021-05', '/assess/fuzhou-2021/readings', '/assess/fuzhou-2021/year-end', '/login', '/help', '/about', '/nowhere'],
  fuqing: ['/', `${REPORT}/350181`, `${REPORT}/350181/check`, `${REPORT}/350181/history`, `${ASSESS}/year-end/350181`, `${ASSESS}/objections`, '/account'],
  'fuqing.sh': ['/', `${REPORT}/350181`],
  shenhe: ['/', '/review/fuzhou-2026/2026-10', '/review/fuzhou-2026/2026-10/figures',
    '/review/fuzhou-2026/timeliness', '/plans/new', '/plans/fuzhou-2026/edit', '/import/fuzhou-2021', '/exports', `${ASSESS}/readings`, `${ASSESS}/year-end`, `${ASSESS}/objections`],
  fabu: ['/', '/publish/fuzhou-2026/2026-10', '/publish/fuzhou-2021/2021-12', '/bulletins/fuzhou-2021/2021-05/e1/paper', `${ASSESS}/year-end`],
  lingdao: ['/', '/account'],
  xitong: ['/', '/admin/users'],
  anquan: ['/', '/admin/posts', '/admin/policy'],
  shenji: ['/', '/audit'],
};

describe('axe', () => {
  let site;
  let browser;
  before(async () => {
    site = await startSite('sqlite');
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  for (const [login, paths] of Object.entries(PAGES)) {
    test(`finds nothing serious for ${login === '-' ? 'a visitor' : login}`, async () => {
      const { page, context, close } = await openPage(browser, { base: site.base, expected: ['404'] });
      if (login !== '-') await logIn(page, site, login);
      for (const [width, large] of [[1366, false], [360, false], [1366, true]]) {
        await page.setViewportSize({ width, height: 900 });
        if (large) await context.addCookies([{ name: 'look', value: 'large', url: site.base }]);
        for (const path of paths) {
          const response = await page.goto(site.base + path);
          assert.equal(response.status(), path === '/nowhere' ? 404 : 200, `${login} ${path}`);
          await assertAccessible(page, `${login} ${path} at ${width} px${large ? ', large' : ''}`);
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          assert.ok(overflow <= 0, `${path} is ${overflow} px wider than ${width} px${large ? ', large' : ''}`);
        }
      }
      await close();
    });
  }
});
