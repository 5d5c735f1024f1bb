// The real binary with its demo figures, on one database, and a browser that fails on any console message.
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

export async function startSite(engine) {
  const folder = mkdtempSync(join(tmpdir(), 'jigai-e2e-'));
  const env = { ...process.env, JIGAI_DATA: folder };
  delete env.DATABASE_URL;
  if (engine === 'postgres') {
    const server = needed('JIGAI_TEST_POSTGRES');
    const name = `e2e_${process.pid}_${Date.now()}`;
    execFileSync('psql', ['-q', server, '-c', `CREATE DATABASE ${name}`]);
    env.DATABASE_URL = server.replace(/\/[^/]*$/, `/${name}`);
  }
  const child = spawn(needed('JIGAI_TEST_BINARY'), ['serve', '--demo', '--listen', '127.0.0.1:0'], { env, stdio: ['ignore', 'pipe', 'inherit'] });
  const base = await new Promise((resolve, reject) => {
    child.stdout.on('data', (data) => resolve(String(data).match(/http:\/\/[^/]+/)[0]));
    child.on('exit', (code) => reject(new Error(`jigai ended with ${code}`)));
  });
  return {
    base,
    async stop() {
      child.removeAllListeners('exit');
      child.kill('SIGTERM');
      await new Promise((resolve) => child.on('exit', resolve));
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
export async function openPage(browser, { base, script = true, width = 1366, height = 900 }) {
  const context = await browser.newContext({ viewport: { width, height }, javaScriptEnabled: script, locale: 'zh-CN' });
  const page = await context.newPage();
  const complaints = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(`${message.type()}: ${message.text()}`);
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
  return { page, complaints, close: () => context.close() };
}
