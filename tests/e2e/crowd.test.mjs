// Charts of plans with few and with many units, with long names, and with figures far apart.
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { measureLabels } from './charts.mjs';
import { openPage, startBrowser, startSite } from './site.mjs';

const LONG = ['平潭综合实验区', '泉州台商投资区', '福州高新技术产业开发区', '漳州古雷港经济开发区'];
const CROWDS = [2, 12, 20, 100];

function names(count) {
  return Array.from({ length: count }, (_, index) => (index % 7 === 1 ? LONG[(index - 1) / 7] ?? `第${index + 1}经济技术开发区` : `第${index + 1}县`));
}

function plan(count) {
  const splits = names(count).map((name, index) => `  [[goal.split]]\n  name = "${name}"\n  value = "${10 + ((index * 37) % 290)}"\n  growth_pct = "${5 + (index % 12)}"\n`);
  const total = names(count).reduce((sum, _, index) => sum + 10 + ((index * 37) % 290), 0);
  return `format = 1
id = "crowd-${count}"
title = "${count}个单位的图"
region = { name = "某省" }
years = [2021, 2021]
publish_provisional = true

[calendar]
cadence = "monthly"
first_month = 2
deadline = { day = 5, of = "next_month", assumed = true }

[[goal]]
id = "investment"
name = "工业技改投资"
kind = "amount"
unit = "亿元"
direction = "at_least"
targets = [{ year = 2021, value = "${total}", growth_pct = "12" }]
clause = "附件1"
quote = "虚构"
pace = "linear"

${splits.join('')}
[[assessment]]
goal = "investment"
clause = "虚构"
rank_by = "growth"
completed_when = "value"
compare = "exact"
reading = "rank_then_filter"
ties = "share_place"
  [[assessment.award]]
  when = "completed"
  from = "top"
  places = ["0.3", "0.2", "0.1"]
  unit = "分"
  [[assessment.award]]
  when = "not_completed"
  from = "bottom"
  places = ["-0.3", "-0.2", "-0.1"]
  unit = "分"
`;
}

function returns(count) {
  const lines = ['region,period,value,base,growth_pct,note'];
  for (const month of [3, 6, 9, 11, 12]) {
    names(count).forEach((name, index) => {
      const target = 10 + ((index * 37) % 290);
      const value = (target * month * (0.85 + ((index * 13 + month) % 31) / 100)) / 12;
      // One unit starts from almost nothing, some fall, most grow a little.
      const growth = index === 5 ? 7.31 : index % 9 === 4 ? -0.083 : ((index * 29 + month * 5) % 260) / 1000;
      lines.push(`${name},2021-${String(month).padStart(2, '0')},${value.toFixed(2)},${(value / (1 + growth)).toFixed(2)},,`);
    });
  }
  return lines.join('\n');
}

describe('charts of few and of many units', () => {
  let site;
  let browser;
  before(async () => {
    site = await startSite('sqlite', [], (jigai, folder) => {
      jigai('migrate');
      jigai('user', 'policy', 'public_reading', 'open');
      for (const count of CROWDS) {
        const [planFile, figures] = [join(folder, `${count}.plan.toml`), join(folder, `${count}.csv`)];
        writeFileSync(planFile, plan(count));
        writeFileSync(figures, returns(count));
        jigai('import', 'plan', planFile);
        jigai('import', 'returns', figures, '--plan', `crowd-${count}`, '--reason', '虚构的数');
        for (const period of ['2021-09', '2021-11', '2021-12']) jigai('bulletin', 'publish', '--plan', `crowd-${count}`, '--period', period);
      }
    });
    browser = await startBrowser();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  for (const width of [360, 768, 1366]) {
    test(`labels neither overlap nor leave the frame at ${width} px`, async () => {
      const { page, complaints, close } = await openPage(browser, { base: site.base, width });
      for (const count of CROWDS) {
        for (const period of ['2021-09', '2021-12']) {
          const answer = await page.goto(`${site.base}/bulletins/crowd-${count}/${period}`);
          assert.equal(answer.status(), 200);
          const found = await measureLabels(page);
          assert.deepEqual(found.wrong, [], `${count} units, ${period}`);
          assert.ok(found.labels > 10 * Math.min(count, 12) ** 0.5, `${count} units: ${found.labels} labels`);
          const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
          assert.ok(overflow <= 0, `${count} units: ${overflow} px wider than the screen`);
        }
      }
      assert.deepEqual(complaints, []);
      await close();
    });
  }

  test('no chart is higher than a sheet of paper', async () => {
    // 178 × 257 mm of an A4 sheet are left by margins and the running head.
    const { page, close } = await openPage(browser, { base: site.base, width: 673, height: 971 });
    await page.emulateMedia({ media: 'print' });
    for (const count of CROWDS) {
      await page.goto(`${site.base}/bulletins/crowd-${count}/2021-12/print`);
      const charts = await page.evaluate(() => [...document.querySelectorAll('.chart')].map((chart) => [chart.id, Math.round(chart.getBoundingClientRect().height)]));
      assert.ok(charts.length >= 3, `${count} units: ${charts.length} charts`);
      assert.deepEqual(charts.filter(([, height]) => height > 971), [], `${count} units`);
    }
    await close();
  });

  test('the wall screen shows them without small or meeting labels', async () => {
    const { page, close } = await openPage(browser, { base: site.base, width: 1920, height: 1080 });
    for (const count of CROWDS) {
      await page.goto(`${site.base}/board?plan=crowd-${count}`);
      for (const scene of [1, 2, 3]) {
        await page.click(`label[for=scene-${scene}]`);
        const found = await measureLabels(page);
        assert.deepEqual(found.wrong, [], `${count} units, scene ${scene}`);
        const small = await page.evaluate(() => [...document.querySelectorAll('.board svg text')]
          .filter((text) => getComputedStyle(text).visibility === 'visible')
          .map((text) => [text.textContent.trim(), Math.round(parseFloat(getComputedStyle(text).fontSize) * text.getScreenCTM().a)])
          .filter(([, size]) => size < 28));
        assert.deepEqual(small, [], `${count} units, scene ${scene}`);
        const outside = await page.evaluate(() => [...document.querySelectorAll('.wall-row, .wall-notes, .board h2')]
          .filter((line) => getComputedStyle(line).visibility === 'visible' && line.getBoundingClientRect().bottom > document.querySelector('.board-foot').getBoundingClientRect().top)
          .map((line) => line.textContent));
        assert.deepEqual(outside, [], `${count} units, scene ${scene}`);
      }
    }
    await close();
  });
});
