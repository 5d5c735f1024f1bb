// The real binary with its demo figures, on one database, and a browser that fails on any console message.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

function needed(name) {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: these tests are run by cargo xtask test`);
  return value;
}

export const engines = ['sqlite', 'postgres'];

// The time of demos: 1—10月 of the plan of the year is open until the 28th. Another time shows another year's plan at work.
export const clock = '2026-11-21T09:00:00+08:00';

// With `prepare`, a site without the demo's figures: it gets the command line and the folder first.
export async function startSite(engine, options = [], prepare = null, at = clock) {
  const folder = mkdtempSync(join(tmpdir(), 'jigai-e2e-'));
  const env = { ...process.env, JIGAI_DATA: folder, JIGAI_CLOCK: at };
  delete env.DATABASE_URL;
  if (engine === 'postgres') {
    const server = needed('JIGAI_TEST_POSTGRES');
    const name = `e2e_${process.pid}_${Date.now()}`;
    execFileSync('psql', ['-q', server, '-c', `CREATE DATABASE ${name}`]);
    env.DATABASE_URL = server.replace(/\/[^/]*$/, `/${name}`);
  }
  const jigai = (post, ...args) => execFileSync(needed('JIGAI_TEST_BINARY'), args, { env: { ...env, JIGAI_AS: post }, encoding: 'utf8' });
  prepare?.((...args) => execFileSync(needed('JIGAI_TEST_BINARY'), args, { env, encoding: 'utf8' }), folder);
  const passwords = {};
  const said = [];
  let child;
  const start = async (listen) => {
    child = spawn(needed('JIGAI_TEST_BINARY'), ['serve', ...(prepare ? [] : ['--demo']), '--listen', listen, ...options], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child.stderr.on('data', (data) => {
      for (const line of String(data).split('\n')) {
        // `  市级审核员　shenhe　abcd-…`, `  福清市　填报 fuqing　abcd-…　审核 fuqing.sh　abcd-…`
        for (const [, login, password] of line.matchAll(/([a-z][a-z0-9.]+)　([a-z]{4}-[A-Z]{4}-[a-z]{4}\d\d)/g)) passwords[login] = password;
        if (line.startsWith('{')) console.error(line);
      }
    });
    return new Promise((resolve, reject) => {
      child.stdout.on('data', (data) => {
        said.push(...String(data).split('\n'));
        resolve(said.find((line) => line.includes('://')).match(/https?:\/\/[^/]+/)[0]);
      });
      child.on('exit', (code) => reject(new Error(`jigai ended with ${code}`)));
    });
  };
  const base = await start('127.0.0.1:0');
  const end = async (signal) => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.removeAllListeners('exit');
    const ended = new Promise((resolve) => child.on('exit', resolve));
    child.kill(signal);
    await ended;
  };
  return {
    base,
    passwords,
    // What it wrote when it started, line by line.
    said,
    // Kills it as a power cut would, and starts it again at the same address.
    kill: () => end('SIGKILL'),
    restart: () => start(base.replace(/https?:\/\//, '')),
    // The same site at another time.
    async at(clock) {
      await end('SIGTERM');
      env.JIGAI_CLOCK = clock;
      await start(base.replace(/https?:\/\//, ''));
    },
    // A command in the name of a post.
    jigai,
    async stop() {
      await end('SIGTERM');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

export function startBrowser() {
  return chromium.launch({
    executablePath: '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

// A page and what it complained about: console errors and warnings, script errors, failed requests, foreign requests.
// `expected` are parts of complaints that the test itself causes.
export async function openPage(browser, { base, script = true, width = 1366, height = 900, expected = [] }) {
  const context = await browser.newContext({ viewport: { width, height }, javaScriptEnabled: script, locale: 'zh-CN', ignoreHTTPSErrors: true });
  const page = await context.newPage();
  readWhole(page);
  const all = [];
  const complaints = { push: (text) => expected.some((part) => text.includes(part)) || all.push(text) };
  page.on('console', (message) => {
    // Without script nothing uses the bundle that the page announces.
    const unused = !script && message.text().includes('was preloaded using link preload');
    if (['error', 'warning'].includes(message.type()) && !unused) complaints.push(`${message.type()}: ${message.text()}`);
  });
  page.on('pageerror', (error) => complaints.push(`script: ${error.message}`));
  // No failure: a request that the test itself cut off by going on to the next page, and the bundle's preload where
  // the browser runs no script.
  page.on('requestfailed', (request) => {
    const why = request.failure()?.errorText;
    const noScript = !script && request.url().includes('/pkg/');
    if (why !== 'net::ERR_ABORTED' && !noScript) complaints.push(`failed: ${why} ${request.url()}`);
  });
  page.on('response', (response) => {
    if (response.status() >= 400) complaints.push(`${response.status()}: ${response.url()}`);
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(base) && !request.url().startsWith('data:')) complaints.push(`foreign: ${request.url()}`);
  });
  return { page, context, complaints: all, close: () => context.close() };
}

// A click or a key is over when the next page begins to arrive; on a busy machine half of it is there then. From here on it is
// over when that page is whole, so that nothing reads half a page.
function readWhole(page) {
  const locator = Object.getPrototypeOf(page.locator('html'));
  if (Object.hasOwn(locator, 'whole')) return;
  locator.whole = true;
  for (const act of ['click', 'press', 'check']) {
    const acts = locator[act];
    locator[act] = async function (...args) {
      await acts.apply(this, args);
      await this.page().waitForLoadState('domcontentloaded');
    };
  }
}

// One test on a site and in a browser of its own. Both end however the test ends: left open they would keep the run waiting
// for ever. No test may leave a complaint.
export async function onSite({ engine = 'sqlite', options = [], at = clock, ...opening }, work) {
  const site = await startSite(engine, options, null, at);
  try {
    const browser = await startBrowser();
    try {
      const opened = await openPage(browser, { base: site.base, ...opening });
      await work({ site, browser, ...opened });
      assert.deepEqual(opened.complaints, []);
    } finally {
      await browser.close();
    }
  } finally {
    await site.stop();
  }
}

// Asks the page again and again from here. `waitForFunction` asks at the page's next frame, which never calls back where scripts
// are off: what was not so at once would never be.
export async function until(page, asked) {
  const end = Date.now() + 30_000;
  while (!await page.evaluate(asked)) {
    assert.ok(Date.now() < end, `in half a minute never: ${asked}`);
    await page.waitForTimeout(20);
  }
}

export async function logIn(page, site, login) {
  await page.goto(`${site.base}/login`);
  await page.fill('#login', login);
  await page.fill('#password', site.passwords[login]);
  await page.getByRole('button', { name: '登录' }).click();
  await page.waitForURL(`${site.base}/`);
}
