// What eyes meet: the bulletin at five widths as it was last approved, and marks that stay apart without colour.
//
// The snapshots are coarse on purpose, mean greys of a grid: a moved block, a lost chart or a new colour fails, another
// version of a font does not. After a wanted change: JIGAI_UPDATE_PICTURES=1, and look at target/pictures before committing.
import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { openPage, startBrowser, startSite } from './site.mjs';

const WIDTHS = [360, 768, 1366, 1920, 3840];
const APPROVED = new URL('../fixtures/pictures.json', import.meta.url);
const FOLDER = new URL('../../target/pictures/', import.meta.url);
const BULLETIN = '/bulletins/fuzhou-2021/2021-12/e1';
// Cells of about forty pixels.
const columnsOf = (png) => Math.max(12, Math.min(48, Math.round(png.readUInt32BE(16) / 40)));

const update = process.env.JIGAI_UPDATE_PICTURES === '1';
const approved = update ? {} : JSON.parse(readFileSync(APPROVED, 'utf8'));

describe('sight', () => {
  let site;
  let browser;
  let reader;
  before(async () => {
    mkdirSync(FOLDER, { recursive: true });
    site = await startSite('sqlite');
    browser = await startBrowser();
    // Pictures are read in an empty page of the same browser.
    reader = await (await browser.newContext()).newPage();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
    if (update) writeFileSync(APPROVED, `${JSON.stringify(approved, null, 1)}\n`);
  });

  // Mean grey of each cell of a grid of square cells over a picture.
  const grid = (png) => reader.evaluate(async ([source, columns]) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const rows = Math.round((columns * image.height) / image.width);
    const canvas = new OffscreenCanvas(columns * 8, rows * 8);
    const context = canvas.getContext('2d');
    context.imageSmoothingQuality = 'high';
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    const { data } = context.getImageData(0, 0, canvas.width, canvas.height);
    return Array.from({ length: rows }, (_, row) => Array.from({ length: columns }, (_, column) => {
      let sum = 0;
      for (let y = 0; y < 8; y += 1) for (let x = 0; x < 8; x += 1) sum += data[((row * 8 + y) * canvas.width + column * 8 + x) * 4 + 1];
      return Math.round(sum / 64);
    }));
  }, [`data:image/png;base64,${png.toString('base64')}`, columnsOf(png)]);

  async function assertApproved(name, png) {
    writeFileSync(new URL(`${name}.png`, FOLDER), png);
    const [found, columns] = [await grid(png), columnsOf(png)];
    assert.ok(found.flat().some((grey) => grey < 200), `${name} is blank`);
    if (update) approved[name] = found.map((row) => Buffer.from(row).toString('hex'));
    const wanted = approved[name]?.map((row) => [...Buffer.from(row, 'hex')]);
    assert.ok(wanted, `${name} was never approved: JIGAI_UPDATE_PICTURES=1`);
    assert.ok(Math.abs(found.length - wanted.length) <= 1, `${name} is ${found.length} cells high, not ${wanted.length}; see target/pictures`);
    const rows = Math.min(found.length, wanted.length);
    // A line that breaks elsewhere may move what follows by a part of a cell.
    const far = (row, column) => Math.min(...[-1, 0, 1].map((by) => Math.abs(found[row][column] - (wanted[row + by]?.[column] ?? 255))));
    const off = Array.from({ length: rows * columns }, (_, index) => far(Math.floor(index / columns), index % columns)).filter((by) => by > 6);
    assert.ok(off.length <= rows * columns * 0.004, `${name}: ${off.length} of ${rows * columns} cells look different; see target/pictures`);
  }

  for (const width of WIDTHS) {
    test(`the bulletin looks as approved at ${width} px`, async () => {
      const { page, close } = await openPage(browser, { base: site.base, width, height: Math.round(width * 0.6) });
      await page.goto(site.base + BULLETIN);
      const overflow = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      assert.ok(overflow <= 0, `${overflow} px wider than the screen`);
      const cut = await page.evaluate(() => [...document.querySelectorAll('.table-section .scroll')].map((box) => box.scrollWidth - box.clientWidth));
      assert.ok(Math.max(...cut) <= 0, `the ranking is cut off by ${cut} px`);
      await assertApproved(`bulletin-${width}`, await page.screenshot({ fullPage: true }));
      await close();
    });
  }

  test('the wall screen looks as approved', async () => {
    for (const [width, height] of [[1920, 1080], [3840, 2160]]) {
      const { page, close } = await openPage(browser, { base: site.base, script: false, width, height });
      await page.goto(`${site.base}/board?plan=fuzhou-2021`);
      for (const scene of [1, 2, 3]) {
        await page.click(`label[for=scene-${scene}]`);
        await assertApproved(`board-${scene}-${width}`, await page.screenshot());
      }
      await close();
    }
  });

  test('large type looks as approved', async () => {
    const { page, context, close } = await openPage(browser, { base: site.base });
    await context.addCookies([{ name: 'look', value: 'large', url: site.base }]);
    await page.goto(site.base + BULLETIN);
    await assertApproved('large-1366', await page.screenshot({ fullPage: true }));
    await close();
  });

  test('large type is larger on every screen, and paper is the same for all', async () => {
    for (const width of WIDTHS) {
      const { page, context, close } = await openPage(browser, { base: site.base, width });
      const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize));
      await page.goto(site.base + BULLETIN);
      const usual = await size();
      await page.emulateMedia({ media: 'print' });
      const paper = await size();
      await context.addCookies([{ name: 'look', value: 'large', url: site.base }]);
      await page.reload();
      assert.equal(await size(), paper, `${width} px, on paper`);
      await page.emulateMedia({ media: 'screen' });
      assert.ok(await size() >= usual * 1.2, `${width} px: ${await size()} after ${usual}`);
      await close();
    }
  });

  test('a snapshot fails when something moves, is lost or changes its colour', async () => {
    if (update) return;
    const { page, close } = await openPage(browser, { base: site.base, width: 1366, height: 820 });
    await page.goto(site.base + BULLETIN);
    for (const change of [
      () => document.querySelector('#chart-growth').remove(),
      () => { document.querySelector('.cards').style.flexDirection = 'column'; document.querySelector('.cards').style.display = 'block'; },
      () => { document.querySelector('.masthead').style.background = '#b01515'; },
    ]) {
      await page.reload();
      await page.evaluate(change);
      await page.waitForTimeout(50);
      await assert.rejects(assertApproved('bulletin-1366', await page.screenshot({ fullPage: true })), /cells/);
    }
    await close();
  });

  test('marks stay apart in grey and for colour-blind eyes', async () => {
    const { page, context, close } = await openPage(browser, { base: site.base, width: 1366, height: 900 });
    await page.goto(site.base + BULLETIN);
    const marks = await page.evaluate(() => {
      const seen = new Map();
      for (const mark of document.querySelectorAll('figure.chart .desk svg > g > :is(circle, polygon, rect)')) {
        const fill = mark.getAttribute('fill');
        const box = mark.getBoundingClientRect();
        const chart = mark.closest('figure').id;
        // Grounds and zones are no marks; what is thinner than three pixels cannot be sampled.
        if (!fill || ['none', '#FFFFFF', '#F1F4F7', '#E1E6EB', '#CFD6DD'].includes(fill) || box.width < 3 || box.height < 3) continue;
        const key = `${chart} ${mark.tagName} ${fill}`;
        if (!seen.has(key)) seen.set(key, { key, x: Math.round(box.x + box.width / 2 + window.scrollX), y: Math.round(box.y + box.height / 2 + window.scrollY) });
      }
      return [...seen.values()];
    });
    assert.ok(marks.length >= 6, marks.map(({ key }) => key).join('; '));
    const session = await context.newCDPSession(page);
    for (const type of ['none', 'achromatopsia', 'protanopia', 'deuteranopia', 'tritanopia']) {
      await session.send('Emulation.setEmulatedVisionDeficiency', { type });
      const png = await page.screenshot({ fullPage: true });
      writeFileSync(new URL(`sight-${type}.png`, FOLDER), png);
      const contrasts = await reader.evaluate(async ([source, places]) => {
        const image = new Image();
        image.src = source;
        await image.decode();
        const canvas = new OffscreenCanvas(image.width, image.height);
        const context = canvas.getContext('2d');
        context.drawImage(image, 0, 0);
        const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
        return places.map(({ x, y }) => {
          const [red, green, blue] = [...context.getImageData(x, y, 1, 1).data].map((part) => linear(part / 255));
          return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05);
        });
      }, [`data:image/png;base64,${png.toString('base64')}`, marks]);
      // A ring is white inside: its line is what is seen.
      marks.forEach(({ key }, index) => assert.ok(contrasts[index] >= 3 || key.includes('circle #6B747D'), `${key}: ${contrasts[index].toFixed(2)} under ${type}`));
    }
    // No two meanings in one chart share a shape: what colour says, the shape or the fill says too.
    const shapes = await page.evaluate(() => [...document.querySelectorAll('#chart-quadrant .desk svg > g > :is(circle, polygon, rect)')]
      .filter((mark) => mark.getAttribute('fill') !== '#F1F4F7')
      .map((mark) => `${mark.tagName} ${mark.getAttribute('fill')}`));
    assert.deepEqual([...new Set(shapes)].sort(), ['circle #12436D', 'circle #FFFFFF']);
    const lamps = await page.evaluate(() => [...document.querySelectorAll('.lamp')].map((lamp) => lamp.textContent.trim()));
    const words = new Map(lamps.map((lamp) => lamp.split(' ')));
    assert.equal(new Set(words.keys()).size, new Set(words.values()).size, [...new Set(lamps)].join());
    await close();
  });
});
