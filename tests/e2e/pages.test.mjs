// Every page as a reader sees it: both databases, script on and off, desk and phone.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { measureLabels } from './charts.mjs';
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
          const found = await measureLabels(page);
          assert.deepEqual(found.wrong, [], `${path} at ${width} px`);
          labels += found.labels;
        }
        assert.ok(labels > 100, `${labels}`);
        await close();
      }
    });

    test('marks stand where the numbers of their tables put them', async () => {
      const { page, close } = await openPage(browser, { base: site.base });
      await page.goto(`${site.base}/bulletins/fuzhou-2021/2021-12`);
      const charts = await page.evaluate(() => {
        const number = (text) => Number(text.replace('−', '-').replace(/[^\d.-]/g, ''));
        const column = (name, at) => [...document.querySelectorAll(`#chart-${name} tbody tr`)].map((row) => number(row.cells[at].textContent));
        const marks = (name, selector, attribute) => [...document.querySelectorAll(`#chart-${name} .desk svg > g > ${selector}`)].map((mark) => (
          attribute === 'points' ? Number(mark.getAttribute('points').trim().split(/[ ,]+/)[0]) : Number(mark.getAttribute(attribute))));
        const rows = [...document.querySelectorAll('table.standings tbody tr')].filter((row) => row.querySelector('.bar svg'));
        const paths = document.querySelectorAll('#chart-paths tbody tr');
        return {
          growth: [column('growth', 2), marks('growth', 'circle', 'cx')],
          cumulative: [column('cumulative', 1), marks('cumulative', 'circle', 'cy')],
          contribution: [column('contribution', 1).slice(0, 12), marks('contribution', 'rect', 'width').slice(0, 12)],
          slopeBefore: [column('slope', 1), [...document.querySelectorAll('#chart-slope .desk .spot')].map((spot) => Number(spot.getAttribute('aria-label').match(/由第(\d+)位/)[1]))],
          bullet: [rows.map((row) => number(row.querySelector('.completion').textContent)), rows.map((row) => Number([...row.querySelectorAll('.bar svg rect[fill="#12436D"]')][0].getAttribute('width')))],
          paths: [[...paths].map((row) => number(row.cells[row.cells.length - 1].textContent)), marks('paths', 'circle', 'cy').map((y, index) => y - 118 * Math.floor(index / 4))],
        };
      });
      for (const [name, [numbers, places]] of Object.entries(charts)) {
        assert.ok(numbers.length >= 10 && numbers.length === places.length, `${name}: ${numbers.length} numbers, ${places.length} marks`);
        const [low, high] = [numbers.indexOf(Math.min(...numbers)), numbers.indexOf(Math.max(...numbers))];
        const scale = (places[high] - places[low]) / (numbers[high] - numbers[low]);
        assert.ok(Math.abs(places[high] - places[low]) >= 1, `${name} is flat`);
        numbers.forEach((value, index) => {
          const wanted = places[low] + (value - numbers[low]) * scale;
          // Printed figures are rounded, and marks stand on whole pixels.
          const room = 1.5 + Math.abs(scale) * 0.06;
          assert.ok(Math.abs(places[index] - wanted) <= room, `${name}: ${value} stands at ${places[index]}, not at ${wanted.toFixed(1)}`);
        });
      }
      await close();
    });

    test('exact figures are shown on hover and on focus, without script', async () => {
      const { page, complaints, close } = await openPage(browser, { base: site.base, script: false });
      await page.goto(`${site.base}/bulletins/fuzhou-2021/2021-12`);
      for (const [chart, text] of [['growth', /晋安区同比增长16\.0%.*精确值 \d+\/\d+/s], ['cumulative', /1—12月1124\.95亿元.*精确值 112,49\d,\d{3},\d{3}元/s]]) {
        const spot = page.locator(`#chart-${chart} .desk .spot`, { hasText: text });
        const tip = spot.locator('.tip');
        assert.equal(await tip.isVisible(), false, chart);
        await spot.locator('rect').first().hover();
        assert.equal(await tip.isVisible(), true, chart);
        await page.mouse.move(0, 0);
        assert.equal(await tip.isVisible(), false, chart);
        await spot.focus();
        assert.equal(await tip.isVisible(), true, chart);
      }
      await page.keyboard.press('Enter');
      await page.locator('tr:target').waitFor();
      assert.deepEqual(complaints, []);
      await close();
    });

    test('the wall screen turns, pauses, obeys keys and says when the server is gone', async () => {
      for (const script of [true, false]) {
        const { page, complaints, close } = await openPage(browser, { base: site.base, script, width: 1920, height: 1080, expected: ['ERR_CONNECTION_REFUSED', 'ERR_FAILED', 'api/board'] });
        if (script) await page.clock.install();
        await page.goto(`${site.base}/board?plan=fuzhou-2021`);
        const seen = () => page.evaluate(() => [1, 2, 3].filter((scene) => getComputedStyle(document.querySelector(`.scene-${scene}`)).visibility === 'visible'));
        assert.deepEqual(await seen(), [1]);
        // Twenty seconds later, without waiting for them.
        await page.evaluate(() => document.getAnimations().forEach((animation) => { animation.currentTime += 20_000; }));
        assert.deepEqual(await seen(), [2]);
        if (!script) {
          await page.getByText('3 走势').click();
          assert.deepEqual(await seen(), [3]);
          assert.equal(await page.locator('noscript meta, meta[http-equiv=refresh]').count(), 1);
          await close();
          continue;
        }
        await page.waitForLoadState('networkidle');
        await page.keyboard.press(' ');
        assert.deepEqual(await seen(), [2]);
        assert.equal(await page.isChecked('#scene-2'), true);
        await page.keyboard.press('ArrowRight');
        assert.deepEqual(await seen(), [3]);
        await page.keyboard.press('1');
        assert.deepEqual(await seen(), [1]);
        await page.keyboard.press(' ');
        assert.equal(await page.isChecked('#scene-auto'), true);
        await page.keyboard.press('2');
        // The network goes and comes back; five minutes later the page is loaded anew and keeps its scene.
        await page.route('**/api/board', (route) => route.abort());
        await page.clock.runFor(61_000);
        await page.locator('.offline', { hasText: '离线' }).waitFor();
        await page.unroute('**/api/board');
        await page.clock.runFor(61_000);
        await page.waitForFunction(() => document.querySelector('.offline').textContent === '');
        const reloaded = page.waitForEvent('load');
        for (let minute = 0; minute < 3; minute += 1) {
          const answered = page.waitForResponse('**/api/board');
          await page.clock.runFor(60_000);
          await answered;
          await page.waitForTimeout(50);
        }
        await reloaded;
        await page.waitForFunction(() => document.querySelector('#scene-2').checked);
        assert.deepEqual(complaints, []);
        await close();
      }
    });

    test('nothing on the wall screen is small or cut off', async () => {
      for (const [width, height, least] of [[1920, 1080, 28], [3840, 2160, 56]]) {
        const { page, close } = await openPage(browser, { base: site.base, script: false, width, height });
        for (const plan of ['fuzhou-2021', 'fujian-2013']) {
          await page.goto(`${site.base}/board?plan=${plan}`);
          for (const scene of [1, 2, 3]) {
            await page.click(`label[for=scene-${scene}]`);
            const wrong = await page.evaluate((least) => [...document.querySelectorAll('.board *')].flatMap((element) => {
              const said = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.textContent.trim()).join('');
              const box = element.getBoundingClientRect();
              if (!said || !box.width || getComputedStyle(element).visibility !== 'visible') return [];
              const matrix = element.closest('svg') ? element.getScreenCTM() : { a: 1 };
              const size = parseFloat(getComputedStyle(element).fontSize) * matrix.a;
              const outside = box.left < 0 || box.top < 0 || box.right > innerWidth || box.bottom > innerHeight;
              return size < least - 0.1 || outside ? [`${said}: ${size.toFixed(1)} px${outside ? ', outside' : ''}`] : [];
            }), least);
            assert.deepEqual(wrong, [], `${plan}, scene ${scene}, ${width} px`);
          }
        }
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

    test('on a phone everything that is pressed is 44 px high', async () => {
      const { page, close } = await openPage(browser, { base: site.base, width: 360 });
      for (const path of ['/bulletins/fuzhou-2021/2021-12', '/bulletins', '/login']) {
        await page.goto(site.base + path);
        const small = await page.evaluate(() => [...document.querySelectorAll('a, button, summary, select, input:not([type=hidden])')].filter((target) => {
          const box = target.getBoundingClientRect();
          // Links inside sentences and figures of tables are text, and keep its height.
          const inText = target.closest('p, li, td, th, .notes, .cards, .colophon, .foot, aside, .skip');
          return box.width > 0 && box.height < 43.5 && !inText;
        }).map((target) => `${target.textContent.trim()} ${Math.round(target.getBoundingClientRect().height)}`));
        assert.deepEqual(small, [], path);
      }
      await close();
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
      // The last is the table of all goals.
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
