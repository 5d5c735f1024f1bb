// Bars of links, words and buttons break where the width class says, however wide letters are, and nothing of them is
// cut. Forms are no bars: their fields flow.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { dress, measureBars } from './look.mjs';
import { logIn, openPage, startBrowser, startSite } from './site.mjs';

const BARS = `.top, .top nav, .who, .toolbar, .periods, .names, .tools, .foot, .masthead .issue, .chooser,
  .report-status, .bar-bottom, .steps, .board-head, .board-foot`;
const LETTERS = {
  'letters 3 % wider': 'html { letter-spacing: .03em; }',
  'letters 3 % narrower': 'html { letter-spacing: -.03em; }',
  'another face': '* { font-family: "LXGW WenKai" !important; }',
};
const BULLETIN = '/bulletins/fuzhou-2021/2021-12';
const PAGES = {
  visitor: [BULLETIN, '/bulletins/fujian-2013/2013-11', '/rank/fuzhou-2021/2021-12', '/assess/fuzhou-2021',
    '/assess/fuzhou-2021/350125?period=2021-05', '/board?plan=fuzhou-2021'],
  fuqing: ['/', '/report/fuzhou-2026/2026-10/350181'],
  shenhe: ['/review/fuzhou-2026/2026-10', '/review/fuzhou-2026/timeliness', '/plans/fuzhou-2026/edit',
    '/import/fuzhou-2021'],
  fabu: [BULLETIN, '/publish/fuzhou-2026/2026-10'],
  anquan: ['/admin/posts'],
};

describe('bars', () => {
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

  // What is cut in the usual letters, and what breaks elsewhere in others.
  async function faultsOf(page) {
    const usual = await measureBars(page, BARS);
    assert.ok(usual.length >= 2, 'there are no bars');
    const faults = usual.filter((bar) => bar.includes('cut off'));
    for (const [letters, css] of Object.entries(LETTERS)) {
      await dress(page, css);
      const now = await measureBars(page, BARS);
      faults.push(...now.filter((bar, index) => bar !== usual[index]).map((bar) => `${letters}: ${bar}`));
    }
    return faults;
  }

  for (const [who, paths] of Object.entries(PAGES)) {
    for (const large of [false, true]) {
      test(`break at the same places in all letters: ${who}${large ? ', large type' : ''}`, async () => {
        const { page, context, close } = await openPage(browser, { base: site.base });
        if (who !== 'visitor') await logIn(page, site, who);
        if (large) await context.addCookies([{ name: 'look', value: 'large', url: site.base }]);
        for (const width of [360, 768, 1024, 1366, 1920]) {
          await page.setViewportSize({ width, height: 900 });
          for (const path of paths) {
            await page.goto(site.base + path);
            // The script shows what keys do.
            if (path.startsWith('/report/')) await page.waitForSelector('#entry[data-ready]');
            assert.deepEqual(await faultsOf(page), [], `${path} at ${width} px`);
          }
        }
        await close();
      });
    }
  }
});
