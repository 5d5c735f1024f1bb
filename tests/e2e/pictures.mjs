// The pictures of README and of /help, from the running product: node tests/e2e/pictures.mjs FOLDER ASSETS, by
// `cargo xtask pictures`.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { logIn, openPage, startBrowser, startSite } from './site.mjs';

// [name, who, path, width, height, what else is done first]
const PICTURES = [
  ['bulletin', null, '/bulletins/fuzhou-2021/2021-12', 1366, 1290],
  ['bulletin-phone', null, '/bulletins/fuzhou-2021/2021-12', 360, 780],
  ['bulletin-large', null, '/bulletins/fuzhou-2021/2021-12', 360, 780, (page) => page.getByRole('button', { name: '大字版' }).click()],
  ['charts', null, '/bulletins/fuzhou-2021/2021-12', 1366, 1000, (page) => page.locator('#chart-contribution').evaluate((chart) => chart.scrollIntoView())],
  ['wall-screen', null, '/board?plan=fuzhou-2021', 1920, 1080, (page) => page.keyboard.press('2')],
  ['entry-form', 'fuqing', '/report/fuzhou-2026/2026-10/350181', 1366, 900, async (page) => {
    await page.waitForSelector('#entry[data-ready]');
    await page.fill('#entry input[data-cell$="350181/value"]', '256.5');
    await page.fill('#entry input[data-cell$="350181/base"]', '220');
    await page.locator('#entry input[data-cell$="350181/note"]').focus();
    await page.getByText('16.6%').first().waitFor();
  }],
  ['trace', null, '/assess/fuzhou-2021/350125?period=2021-05', 1366, 900],
];

// What each role sees first, as /help shows it.
const HELP = [
  ['help-report', 'fuqing', '/report/fuzhou-2026/2026-10/350181', 1000, 600, (page) => page.waitForSelector('#entry[data-ready]')],
  ['help-sign', 'fuqing.sh', '/report/fuzhou-2026/2026-09/350181', 1000, 600],
  ['help-review', 'shenhe', '/review/fuzhou-2026/2026-09?only=approved&goal=investment', 1000, 640],
  ['help-publish', 'fabu', '/publish/fuzhou-2026/2026-09', 1000, 600],
  ['help-read', 'lingdao', '/bulletins/fuzhou-2021/2021-12', 1000, 640],
  ['help-people', 'xitong', '/admin/people', 1000, 420],
];

const [folder, assets] = process.argv.slice(2);
mkdirSync(folder, { recursive: true });
const site = await startSite('sqlite');
const browser = await startBrowser();
for (const [name, login, path, width, height, before] of [...PICTURES, ...HELP]) {
  const { page, complaints, close } = await openPage(browser, { base: site.base, width, height });
  if (login) await logIn(page, site, login);
  await page.goto(site.base + path);
  await page.waitForLoadState('networkidle');
  await before?.(page);
  await page.waitForLoadState('networkidle');
  await page.screenshot({ path: join(name.startsWith('help-') ? assets : folder, `${name}.png`) });
  if (complaints.length > 0) throw new Error(`${name}: ${complaints.join('; ')}`);
  console.log(`  ${name}.png`);
  await close();
}
await browser.close();
await site.stop();
