// First and largest paint of pages on a slow machine and line, and their weight: node tests/e2e/paint.mjs, by `cargo xtask bench`.
// Chromium with 4× slower CPU, 10 Mbit/s and 40 ms there and back; a fresh browser for every load, medians of five.
import { logIn, openPage, startBrowser, startSite } from './site.mjs';

const ROUNDS = 5;
const PAGES = [
  ['bulletin, desk', null, '/bulletins/fuzhou-2021/2021-12', 1366],
  ['bulletin, phone', null, '/bulletins/fuzhou-2021/2021-12', 360],
  ['ranking', null, '/rank/fuzhou-2021/2021-12', 1366],
  ['one unit', null, '/units/fuzhou-2021/350181', 1366],
  ['plan', null, '/plans/fuzhou-2021', 1366],
  ['assessment', null, '/assess/fuzhou-2021', 1366],
  ['what-if (with bundle)', null, '/assess/fuzhou-2021/350125?period=2021-05', 1366],
  ['wall screen (with bundle)', null, '/board?plan=fuzhou-2021', 1920],
  ['entry form (with bundle)', 'fuqing', '/report/fuzhou-2026/2026-10/350181', 1366],
  ['review', 'shenhe', '/review/fuzhou-2026/2026-10', 1366],
];

const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)];

async function load(site, [, login, path, width]) {
  const browser = await startBrowser();
  const { page, context } = await openPage(browser, { base: site.base, width });
  if (login) await logIn(page, site, login);
  const session = await context.newCDPSession(page);
  await session.send('Network.enable');
  await session.send('Network.setCacheDisabled', { cacheDisabled: true });
  await session.send('Network.emulateNetworkConditions', { offline: false, latency: 40, downloadThroughput: 1_250_000, uploadThroughput: 1_250_000 });
  await session.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  let bytes = 0;
  let document = 0;
  session.on('Network.loadingFinished', ({ encodedDataLength }) => { bytes += encodedDataLength; });
  page.on('response', async (response) => { if (response.request().isNavigationRequest()) document = (await response.body()).length; });
  await page.goto(site.base + path, { waitUntil: 'networkidle' });
  const paint = await page.evaluate(() => new Promise((resolve) => {
    new PerformanceObserver((list) => {
      const first = performance.getEntriesByName('first-contentful-paint')[0].startTime;
      resolve({ first, largest: list.getEntries().at(-1).startTime });
    }).observe({ type: 'largest-contentful-paint', buffered: true });
  }));
  await browser.close();
  return { ...paint, bytes, document };
}

const site = await startSite('sqlite');
console.log('\n| Page on a slow machine and line | first paint, ms | largest paint, ms | carried, kB | HTML unpacked, kB |\n|---|---|---|---|---|');
let slow = false;
for (const wanted of PAGES) {
  const loads = [];
  for (let round = 0; round < ROUNDS; round += 1) loads.push(await load(site, wanted));
  const of = (key) => median(loads.map((each) => each[key]));
  console.log(`| ${wanted[0]} | ${of('first').toFixed(0)} | ${of('largest').toFixed(0)} | ${(of('bytes') / 1000).toFixed(0)} | ${(of('document') / 1000).toFixed(0)} |`);
  if (wanted[0].startsWith('bulletin')) slow ||= of('first') >= 1000 || of('largest') >= 1500;
}
await site.stop();
if (slow) {
  console.error('a bulletin is slower than 1 s to the first and 1.5 s to the largest paint');
  process.exitCode = 1;
}
