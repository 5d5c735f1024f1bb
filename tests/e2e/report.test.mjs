// The entry form in a real browser, on both databases: keyboard, paste, lost connection, lost session, two tabs, input method.
import { after, before, describe, test } from 'node:test';
import assert from 'node:assert/strict';
import { engines, logIn, onSite, openPage, startBrowser, startSite } from './site.mjs';

const units = {
  gulou: '350102', taijiang: '350103', cangshan: '350104', jinan: '350111', mawei: '350105', changle: '350112',
  fuqing: '350181', minhou: '350121', lianjiang: '350122', minqing: '350124', luoyuan: '350123', yongtai: '350125',
};
const plan = 'fuzhou-2026';
const period = '2026-10';
const note = '年底集中完工，已逐个项目核对台账';
const formOf = (login) => `/report/${plan}/${period}/${units[login]}`;

// Presses Tab until the element that has the focus matches.
async function tabTo(page, matches, limit = 80) {
  for (let count = 0; count < limit; count += 1) {
    await page.keyboard.press('Tab');
    if (await page.evaluate(matches)) return;
  }
  assert.fail(`nothing reached with Tab: ${matches}`);
}

// What each row of the form had last month.
const previous = (page) => page.$$eval('#entry tr[data-line] [data-derived=previous]', (cells) => cells.map((cell) => parseFloat(cell.textContent)));

async function ready(page) {
  await page.waitForSelector('#entry[data-ready]');
}

async function openForm(page, site, login) {
  await logIn(page, site, login);
  await page.goto(site.base + formOf(login));
}

const saved = (page) => page.waitForFunction(() => document.querySelector('#save-state').textContent.includes('草稿已保存'));

for (const engine of engines) {
  describe(`the entry form on ${engine}`, () => {
    let site;
    let browser;
    before(async () => { site = await startSite(engine); browser = await startBrowser(); });
    after(async () => { await browser?.close(); await site?.stop(); });

    test('the helper starts in a browser that is never idle', async () => {
      const { page, complaints, close } = await openPage(browser, { base: site.base });
      // As on a busy machine: only who sets a limit is ever called.
      await page.addInitScript(() => {
        window.requestIdleCallback = (work, options) => (options?.timeout ? setTimeout(work, options.timeout) : 0);
      });
      await openForm(page, site, 'gulou');
      await ready(page);
      assert.deepEqual(complaints, []);
      await close();
    });

    for (const script of [true, false]) {
      const logins = Object.keys(units).filter((_, index) => (index % 2 === 0) === script);
      test(`${logins.length} units are entered by keyboard alone ${script ? 'with' : 'without'} script`, async () => {
        for (const login of logins) {
          const { page, complaints, close } = await openPage(browser, { base: site.base, script });
          await page.goto(`${site.base}/login`);
          await tabTo(page, () => document.activeElement.id === 'login');
          await page.keyboard.type(login);
          await page.keyboard.press('Tab');
          await page.keyboard.type(site.passwords[login]);
          await page.keyboard.press('Enter');
          await page.waitForURL(`${site.base}/`);
          await tabTo(page, () => document.activeElement.textContent === '去填报');
          await page.keyboard.press('Enter');
          await page.waitForURL(site.base + formOf(login));
          if (script) await ready(page);
          const rows = await previous(page);
          await tabTo(page, () => document.activeElement.dataset.cell?.endsWith('/value'));
          for (const [index, before] of rows.entries()) {
            await page.keyboard.type((before * 1.08).toFixed(2));
            // With script Enter leads down, without it Tab leads on.
            if (script) {
              await page.keyboard.press('Enter');
            } else if (index < rows.length - 1) {
              await tabTo(page, () => document.activeElement.dataset.cell?.endsWith('/value'));
            }
          }
          const first = page.locator('#entry input[data-cell$="/value"]').first();
          await first.focus();
          for (const [index, before] of rows.entries()) {
            await tabTo(page, () => document.activeElement.dataset.cell?.endsWith('/base'));
            await page.keyboard.type((before * 0.99).toFixed(2));
            await page.keyboard.press('Tab');
            await page.keyboard.type(note);
            assert.ok(index < 3);
          }
          await tabTo(page, () => document.activeElement.dataset.cell === 'text/progress');
          await page.keyboard.type('重点项目按计划推进');
          if (script) {
            await page.keyboard.press('Control+Enter');
          } else {
            await tabTo(page, () => document.activeElement.textContent === '核对并提交');
            await page.keyboard.press('Enter');
          }
          await page.waitForURL(`${site.base}${formOf(login)}/check`);
          await tabTo(page, () => document.activeElement.name === 'tick');
          await page.keyboard.press('Space');
          await tabTo(page, () => document.activeElement.textContent === '确认提交');
          await page.keyboard.press('Enter');
          await page.waitForURL(`${site.base}${formOf(login)}/receipt`);
          assert.match(await page.innerText('main'), new RegExp(`202610-${units[login]}-1`));
          assert.deepEqual(complaints, []);
          await close();
        }
      });
    }

    test('the county signs, the office approves, each on its first screen', async () => {
      const { page, complaints, close } = await openPage(browser, { base: site.base });
      await logIn(page, site, 'fuqing.sh');
      await page.getByRole('link', { name: '去签核' }).click();
      await page.getByRole('button', { name: '审核并上报' }).click();
      assert.match(await page.innerText('.report-status'), /待市级审核/);
      await page.getByRole('button', { name: '退出' }).click();
      await logIn(page, site, 'shenhe');
      await page.getByRole('link', { name: /去审核/ }).first().click();
      await page.getByRole('link', { name: '福清市' }).click();
      assert.match(await page.innerText('main'), /年底集中完工/);
      await page.getByRole('button', { name: '审核通过' }).click();
      assert.match(await page.innerText('.report-status'), /已通过/);
      assert.deepEqual(complaints, []);
      await close();
    });

    test('a withdrawn form is typed, pasted, undone and pasted again', async () => {
      const { page, complaints, close } = await openPage(browser, { base: site.base });
      await openForm(page, site, 'minhou');
      await page.getByRole('button', { name: '撤回修改' }).click();
      await ready(page);
      const cell = page.locator('#entry input[data-cell$="/value"]').first();
      const second = page.locator('#entry input[data-cell$="/value"]').nth(1);
      const typed = [await cell.inputValue(), await second.inputValue()];
      const paste = async (block) => {
        await cell.focus();
        await page.evaluate((text) => {
          const data = new DataTransfer();
          data.setData('text/plain', text);
          document.activeElement.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
        }, block);
        await page.waitForSelector('#paste-dialog');
      };
      // As WPS puts it on the clipboard: a heading line, CRLF, thousands commas, full-width digits.
      await paste('本期累计\t去年同期\r\n109.60\t1,01.20\r\n３０.１０\t27.90\r\n');
      const dialog = await page.innerText('#paste-dialog');
      assert.match(dialog, /粘贴 2 行 2 列，将覆盖 4 个已填的格子/);
      assert.match(dialog, /表头/);
      await page.click('#paste-apply');
      assert.equal(await cell.inputValue(), '109.60');
      await page.waitForFunction(() => document.querySelector('[data-messages]').textContent.includes('千位分隔符'));
      await page.click('#undo-paste');
      assert.deepEqual([await cell.inputValue(), await second.inputValue()], typed);
      await paste('109.60\t101.20\n３０.１０\t27.90');
      await page.click('#paste-apply');
      await saved(page);
      await page.waitForFunction(() => document.querySelectorAll('[data-messages]')[1].textContent.includes('读作 30.1'));
      await page.reload();
      assert.equal(await cell.inputValue(), '109.60');
      assert.equal(await second.inputValue(), '３０.１０');
      assert.deepEqual(complaints, []);
      await close();
    });

    test('arrows, Esc and an input method do what a spreadsheet does', async () => {
      const { page, complaints, close } = await openPage(browser, { base: site.base });
      await openForm(page, site, 'minhou');
      await ready(page);
      const cells = page.locator('#entry input[data-cell$="/value"]');
      const before = await cells.first().inputValue();
      const active = () => page.evaluate(() => document.activeElement.dataset.cell ?? document.activeElement.textContent);
      await cells.first().focus();
      await page.keyboard.press('ArrowDown');
      assert.equal(await active(), await cells.nth(1).getAttribute('data-cell'));
      await page.keyboard.press('ArrowUp');
      await page.keyboard.type('77');
      await page.keyboard.press('Escape');
      assert.equal(await cells.first().inputValue(), before);
      // Enter that ends the choice of characters stays in the box.
      await cells.first().evaluate((input) => input.dispatchEvent(new KeyboardEvent('keydown', { key: 'Enter', isComposing: true, bubbles: true, cancelable: true })));
      assert.equal(await active(), await cells.first().getAttribute('data-cell'));
      await page.keyboard.press('Enter');
      await page.keyboard.press('Enter');
      assert.equal(await active(), '保存草稿');
      assert.deepEqual(complaints, []);
      await close();
    });

    test('every check says its sentence, and the check page leads back to the box', async () => {
      const { page, complaints, close } = await openPage(browser, { base: site.base });
      await openForm(page, site, 'minhou');
      await ready(page);
      const cell = page.locator('#entry input[data-cell$="/value"]').first();
      const messages = page.locator('[data-messages]').first();
      const before = (await previous(page))[0];
      const check = async (typed, sentence) => {
        await cell.fill(typed);
        await cell.press('Tab');
        await messages.filter({ hasText: sentence }).waitFor();
      };
      await check('很多', '不是数字');
      await check(String((before - 1).toFixed(2)), '小于1—9月累计');
      await check(String(before), '累计相同');
      await check(String((before * 1.6).toFixed(2)), '超过50%');
      await check('200', '超过150%');
      await check('1002400', '万元');
      await check('１０９．６０亿元', '读作 109.6');
      const nested = page.locator('#entry input[data-cell$="/value"]').nth(1);
      await nested.fill('130');
      await nested.press('Tab');
      await page.locator('[data-messages]').nth(1).filter({ hasText: '大于闽侯县' }).waitFor();
      await page.locator('#entry input[data-cell$="/note"]').nth(1).fill('');
      await page.keyboard.press('Control+Enter');
      await page.waitForURL(/\/check$/);
      assert.match(await page.innerText('main'), /还不能提交/);
      await page.getByRole('link', { name: /里写明原因/ }).first().click();
      await ready(page);
      await page.waitForFunction(() => document.activeElement.dataset.cell?.endsWith('/note'));
      assert.deepEqual(complaints, []);
      await close();
    });

    test('the server is killed while somebody types, and nothing is lost', async () => {
      const { page, complaints, close } = await openPage(browser, { base: site.base, expected: ['ERR_CONNECTION_REFUSED', 'ERR_CONNECTION_RESET', 'ERR_EMPTY_RESPONSE', 'ERR_SOCKET_NOT_CONNECTED'] });
      await openForm(page, site, 'minhou');
      await ready(page);
      const text = page.locator('textarea[data-cell="text/problems"]');
      await text.pressSequentially('设备到货晚，');
      await site.kill();
      await text.pressSequentially('两个项目推迟到十二月投产。');
      await page.waitForFunction(() => document.querySelector('#save-state').textContent.includes('请勿关闭'));
      await site.restart();
      await saved(page);
      await page.reload();
      assert.equal(await text.inputValue(), '设备到货晚，两个项目推迟到十二月投产。');
      assert.deepEqual(complaints, []);
      await close();
    });

    test('the session ends in the middle of the form', async () => {
      const { page, complaints, close } = await openPage(browser, { base: site.base, expected: ['401'] });
      await openForm(page, site, 'minhou');
      await ready(page);
      site.jigai('system-system-admin', 'user', 'end-sessions', 'minhou');
      const text = page.locator('textarea[data-cell="text/next"]');
      await text.fill('十二月开现场会协调');
      await text.press('Tab');
      await page.waitForSelector('#login-dialog');
      await page.fill('#again-password', 'wrong');
      await page.locator('#login-dialog button').click();
      await page.locator('#login-dialog .message', { hasText: '没有登录成功' }).waitFor();
      await page.fill('#again-password', site.passwords.minhou);
      await page.locator('#login-dialog button').click();
      await saved(page);
      await page.reload();
      assert.equal(await text.inputValue(), '十二月开现场会协调');
      assert.deepEqual(complaints, []);
      await close();
    });

    test('two tabs: both versions are shown and one is chosen', async () => {
      const { page, context, complaints, close } = await openPage(browser, { base: site.base });
      await openForm(page, site, 'minhou');
      await ready(page);
      const other = await context.newPage();
      await other.goto(page.url());
      await ready(other);
      const text = (tab) => tab.locator('textarea[data-cell="text/experience"]');
      await text(other).fill('经验甲');
      await text(other).press('Tab');
      await saved(other);
      await text(page).fill('经验乙');
      await text(page).press('Tab');
      await page.waitForSelector('#conflict-dialog');
      const dialog = await page.innerText('#conflict-dialog');
      assert.match(dialog, /经验甲/);
      assert.match(dialog, /经验乙/);
      await page.click('#take-mine');
      await saved(page);
      await page.reload();
      assert.equal(await text(page).inputValue(), '经验乙');
      // The other way round.
      await text(other).fill('经验丙');
      await text(other).press('Tab');
      await other.waitForSelector('#conflict-dialog');
      await other.click('#take-theirs');
      assert.equal(await text(other).inputValue(), '经验乙');
      assert.deepEqual(complaints, []);
      await close();
    });

    test('two tabs: an older box is not sent over a newer one', async () => {
      const { page, context, complaints, close } = await openPage(browser, { base: site.base, expected: ['409'] });
      await openForm(page, site, 'minhou');
      await ready(page);
      const other = await context.newPage();
      await other.goto(page.url());
      await ready(other);
      const box = (tab, topic) => tab.locator(`textarea[data-cell="text/${topic}"]`);
      await box(other, 'problems').fill('新的问题');
      await box(other, 'problems').press('Tab');
      await saved(other);
      // The first tab saves another box, then sends its whole form: its old problems must not win.
      await box(page, 'progress').fill('进展己');
      await box(page, 'progress').press('Tab');
      await saved(page);
      await page.getByRole('button', { name: '保存草稿' }).click();
      await page.waitForURL(/saved=1/);
      assert.equal(await box(page, 'problems').inputValue(), '新的问题');
      assert.deepEqual(complaints, []);
      await close();
    });

    test('two tabs without script: the page comes back with both versions', async () => {
      const { page, context, complaints, close } = await openPage(browser, { base: site.base, script: false, expected: ['409'] });
      await openForm(page, site, 'minhou');
      const other = await context.newPage();
      await other.goto(page.url());
      const text = (tab) => tab.locator('textarea[data-cell="text/experience"]');
      await text(other).fill('经验丁');
      await other.getByRole('button', { name: '保存草稿' }).click();
      await text(page).fill('经验戊');
      await page.getByRole('button', { name: '保存草稿' }).click();
      assert.match(await page.innerText('.conflicts'), /经验丁/);
      await page.locator('.conflicts label', { hasText: '用已保存的' }).click();
      await page.getByRole('button', { name: '保存草稿' }).click();
      await page.waitForURL(/saved=1/);
      assert.equal(await text(page).inputValue(), '经验丁');
      assert.deepEqual(complaints, []);
      await close();
    });

    test('a block is pasted and a file uploaded without script', async () => {
      const { page, complaints, close } = await openPage(browser, { base: site.base, script: false });
      await openForm(page, site, 'minhou');
      await page.locator('.paste-area summary').click();
      await page.fill('#block', '108.80\t101.00\n30.00\t27.80');
      await page.getByRole('button', { name: '预览粘贴' }).click();
      assert.match(await page.innerText('.preview'), /粘贴 2 行 2 列/);
      await page.getByRole('button', { name: '保存草稿' }).click();
      await page.waitForURL(/saved=1/);
      assert.equal(await page.locator('#entry input[data-cell$="/value"]').first().inputValue(), '108.80');
      await page.setInputFiles('#file', { name: '闽侯.csv', mimeType: 'text/csv', buffer: Buffer.from(`region,period,value,base\n闽侯县,${period},108.9,101.1\n高新区,${period},30.2,27.7\n`) });
      await page.getByRole('button', { name: '预览上传' }).click();
      assert.match(await page.innerText('.preview'), /108.9/);
      await page.getByRole('button', { name: '保存草稿' }).click();
      await page.waitForURL(/saved=1/);
      assert.equal(await page.locator('#entry input[data-cell$="/value"]').first().inputValue(), '108.9');
      assert.deepEqual(complaints, []);
      await close();
    });

    test('after all this the trail is whole, and the browser has kept no figure', async () => {
      const { page, close } = await openPage(browser, { base: site.base });
      await openForm(page, site, 'minhou');
      const kept = await page.evaluate(async () => [localStorage.length, sessionStorage.length, (await indexedDB.databases()).length]);
      assert.deepEqual(kept, [0, 0, 0]);
      assert.match(site.jigai('', 'verify'), /核验通过/);
      await close();
    });
  });
}

const tls = new URL('../fixtures/tls/', import.meta.url).pathname;

test('over HTTPS the cookies are bound to it', () => onSite({ options: ['--tls-cert', `${tls}cert.pem`, '--tls-key', `${tls}key.pem`] }, async ({ site, page, context }) => {
  assert.match(site.base, /^https:/);
  await openForm(page, site, 'fuqing');
  await ready(page);
  await page.locator('#entry input[data-cell$="/value"]').first().fill('240');
  await page.keyboard.press('Tab');
  await saved(page);
  const cookies = await context.cookies();
  assert.deepEqual(cookies.map((cookie) => [cookie.name, cookie.secure, cookie.httpOnly, cookie.sameSite]).sort(), [['__Host-jigai', true, true, 'Lax'], ['__Host-jigai-device', true, true, 'Lax']]);
  const answer = await page.goto(`${site.base}/help`);
  assert.match(answer.headers()['strict-transport-security'], /max-age=31536000/);
}));
