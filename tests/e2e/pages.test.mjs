// Every page as a reader sees it: both databases, script on and off, desk and phone.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { engines, openPage, startBrowser, startSite } from './site.mjs';

const PAGES = [
  '/',
  '/bulletins',
  '/bulletins/fuzhou-2021/2021-05',
  '/bulletins/fuzhou-2021/2021-04',
  '/bulletins/fuzhou-2021/2021-04/e1',
  '/bulletins/fuzhou-2021/2021-12',
  '/bulletins/fuzhou-2021/2021-12/print',
  '/bulletins/fujian-2013/2013-11',
  '/rank/fuzhou-2021/2021-05',
  '/rank/fujian-2013/2013-11?by=value',
  '/units/fuzhou-2021',
  '/units/fuzhou-2021/350105',
  '/plans',
  '/plans/fuzhou-2021',
  '/plans/fujian-2013',
  '/plans/fuzhou-2021/changes',
  '/assess/fuzhou-2021',
  '/assess/fuzhou-2021?period=2021-05',
  '/assess/fuzhou-2021/350125?period=2021-05',
  '/help',
  '/about',
];

for (const engine of engines) {
  describe(engine, () => {
    let site;
    let browser;
    before(async () => {
      site = await startSite(engine);
      browser = await startBrowser();
    });
    after(async () => {
      await browser?.close();
      await site?.stop();
    });

    for (const script of [true, false]) {
      for (const width of [1366, 360]) {
        test(`every page is whole and quiet, script ${script ? 'on' : 'off'}, ${width} px`, async () => {
          const { page, complaints, close } = await openPage(browser, { base: site.base, script, width });
          for (const path of PAGES) {
            const response = await page.goto(site.base + path, { waitUntil: 'load' });
            assert.equal(response.status(), 200, path);
            if (script) await page.waitForLoadState('networkidle');
            assert.deepEqual(complaints, [], path);
            assert.equal(await page.locator('h1').count(), 1, path);
            assert.equal(await page.getByText('演示数据，非官方统计').first().isVisible(), true, path);
            if (script) {
              const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
              assert.ok(overflow <= 0, `${path} is ${overflow} px wider than the screen`);
              const table = await page.evaluate(() => {
                const box = document.querySelector('.bulletin .table-section .scroll');
                return box ? box.scrollWidth - box.clientWidth : 0;
              });
              // A sheet of paper has a layout of its own.
              assert.ok(table <= 0 || path.endsWith('/print'), `${path}: the ranking is cut off by ${table} px`);
            }
          }
          await close();
        });
      }
    }

    test('chart text is never smaller than 11 px on a phone', async () => {
      const { page, close } = await openPage(browser, { base: site.base, width: 360 });
      await page.goto(`${site.base}/bulletins/fuzhou-2021/2021-05`);
      const sizes = await page.evaluate(() => [...document.querySelectorAll('.chart .phone svg')].flatMap((svg) => {
        const scale = svg.getBoundingClientRect().width / svg.viewBox.baseVal.width;
        return [...svg.querySelectorAll('text')].map((text) => parseFloat(text.getAttribute('font-size')) * scale);
      }));
      assert.ok(sizes.length > 30);
      assert.ok(Math.min(...sizes) >= 10.9, `${Math.min(...sizes)}`);
      await close();
    });

    test('chart labels neither overlap nor leave the frame', async () => {
      for (const width of [360, 1366]) {
        const { page, close } = await openPage(browser, { base: site.base, width });
        let labels = 0;
        for (const path of PAGES.filter((path) => path.startsWith('/bulletins/') && !path.endsWith('/print'))) {
          await page.goto(site.base + path);
          const found = await page.evaluate(() => {
            const wrong = [];
            let labels = 0;
            for (const svg of document.querySelectorAll('figure.chart svg')) {
              const frame = svg.getBoundingClientRect();
              if (frame.width === 0) continue;
              const title = svg.closest('figure').querySelector('h2').innerText;
              const texts = [...svg.querySelectorAll('text')].map((text) => [text.textContent.trim(), text.getBoundingClientRect()]);
              labels += texts.length;
              texts.forEach(([name, box], index) => {
                if (box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 2 || box.bottom > frame.bottom + 2) {
                  wrong.push(`${title}: “${name}” leaves the frame`);
                }
                // A line box is higher than its characters: a third of it may meet its neighbour's.
                for (const [other, beside] of texts.slice(index + 1)) {
                  const across = Math.min(box.right, beside.right) - Math.max(box.left, beside.left);
                  const down = Math.min(box.bottom, beside.bottom) - Math.max(box.top, beside.top);
                  if (across > 1 && down > Math.min(box.height, beside.height) / 3) wrong.push(`${title}: “${name}” meets “${other}”`);
                }
              });
            }
            return { wrong, labels };
          });
          assert.deepEqual(found.wrong, [], `${path} at ${width} px`);
          labels += found.labels;
        }
        assert.ok(labels > 100, `${labels}`);
        await close();
      }
    });

    test('a number opens to its source', async () => {
      const { page, close } = await openPage(browser, { base: site.base });
      await page.goto(`${site.base}/bulletins/fuzhou-2021/2021-04`);
      await page.locator('tr.unit', { hasText: '马尾区' }).locator('.value a').click();
      const source = page.locator('tr:target');
      await source.waitFor();
      const text = await source.innerText();
      assert.match(text, /马尾区/);
      assert.match(text, /第2次报送/);
      assert.match(text, /更正原因/);
      await close();
    });

    test('the ranking is chosen by a form', async () => {
      for (const script of [true, false]) {
        const { page, complaints, close } = await openPage(browser, { base: site.base, script });
        await page.goto(`${site.base}/rank/fuzhou-2021/2021-05`);
        await page.selectOption('select[name=by]', 'value');
        await page.getByRole('button', { name: '排名' }).click();
        await page.waitForURL(/by=value/);
        assert.match(await page.locator('table.ranking tbody tr').first().innerText(), /福清市/);
        assert.deepEqual(complaints, []);
        await close();
      }
    });

    test('what-if answers while typing, and says what to write', async () => {
      const { page, complaints, close } = await openPage(browser, { base: site.base });
      await page.goto(`${site.base}/assess/fuzhou-2021/350125?period=2021-05`);
      await page.waitForLoadState('networkidle');
      const address = page.url();
      await page.locator('#more').pressSequentially('1.5');
      await page.locator('.what-if-answer', { hasText: /由第11位升到第\d+位/ }).waitFor();
      await page.locator('#more').fill('很多');
      await page.locator('.what-if-answer .error', { hasText: '不是数字' }).waitFor();
      assert.equal(page.url(), address);
      assert.deepEqual(complaints, []);
      await close();
    });

    test('what was typed before the script arrived is answered too', async () => {
      const { page, complaints, close } = await openPage(browser, { base: site.base });
      let arrive;
      const typed = new Promise((resolve) => { arrive = resolve; });
      await page.route('**/*.wasm', async (route) => { await typed; await route.continue(); });
      await page.goto(`${site.base}/assess/fuzhou-2021/350125?period=2021-05`, { waitUntil: 'domcontentloaded' });
      await page.locator('#more').fill('1.5');
      arrive();
      await page.locator('.what-if-answer', { hasText: /由第11位升到第\d+位/ }).waitFor();
      assert.deepEqual(complaints, []);
      await close();
    });

    test('what-if works by a plain form without script', async () => {
      const { page, close } = await openPage(browser, { base: site.base, script: false });
      await page.goto(`${site.base}/assess/fuzhou-2021/350125?period=2021-05`);
      await page.fill('#more', '1.5');
      await page.getByRole('button', { name: '测算' }).click();
      assert.match(await page.locator('.what-if-answer').innerText(), /由第11位升到第\d+位/);
      assert.equal(await page.inputValue('#more'), '1.5');
      await close();
    });

    test('every island of a page is in the bundle', async () => {
      const { page, close } = await openPage(browser, { base: site.base });
      await page.goto(`${site.base}/assess/fuzhou-2021/350125?period=2021-05`);
      const islands = await page.evaluate(() => [...document.querySelectorAll('leptos-island')].map((island) => island.dataset.component));
      assert.ok(islands.length > 0);
      const bundle = await (await fetch(`${site.base}/pkg/app.js`)).text();
      for (const island of islands) assert.ok(bundle.includes(island), `${island} is not exported by the bundle`);
      await close();
    });

    test('the bulletin prints on A4 with its charts', async () => {
      const { page, close } = await openPage(browser, { base: site.base });
      await page.goto(`${site.base}/bulletins/fuzhou-2021/2021-05/print`);
      const pdf = await page.pdf({ preferCSSPageSize: true });
      const sheets = pdf.toString('latin1').match(/\/Type\s*\/Page\b/g).length;
      assert.ok(sheets >= 2 && sheets <= 5, `${sheets} sheets`);
      await close();
    });

    test('the keyboard reaches the content first', async () => {
      const { page, close } = await openPage(browser, { base: site.base });
      await page.goto(`${site.base}/help`);
      await page.keyboard.press('Tab');
      assert.equal(await page.evaluate(() => document.activeElement.textContent), '跳到正文');
      await close();
    });
  });
}
