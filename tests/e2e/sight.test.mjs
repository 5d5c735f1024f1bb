// What eyes meet: pages as they were last approved, and marks that stay apart without colour.
//
// Approved are named blocks, their order, places and colours (tests/fixtures/look.json): they hold whatever browser and
// fonts draw them. Pictures are for eyes only. After a wanted change: `cargo xtask approve`, and look at
// target/pictures.
import assert from 'node:assert/strict';
import { mkdirSync, writeFileSync } from 'node:fs';
import { after, before, describe, test } from 'node:test';
import { differences } from './approval.mjs';
import { ADDRESS, LOOKS, WIDTHS, blankBlocks, measureLook, openLook, readApproved, writeApproved } from './look.mjs';
import { openPage, startBrowser, startSite } from './site.mjs';

const FOLDER = new URL('../../target/pictures/', import.meta.url);

const update = process.env.JIGAI_APPROVE === '1';
const approved = update ? {} : readApproved();

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
    // A look with a fault is never approved.
    if (update && LOOKS.every(({ name }) => approved[name])) writeApproved(approved);
  });

  for (const look of LOOKS) {
    test(`${look.name} looks as approved`, async () => {
      const { page, close } = await openLook(browser, site.base, look);
      const png = await page.screenshot({ fullPage: true });
      writeFileSync(new URL(`${look.name}.png`, FOLDER), png);
      const { boxes, faults, ...found } = await measureLook(page, look);
      assert.deepEqual([...faults, ...await blankBlocks(reader, png, boxes)], []);
      if (update) approved[look.name] = found;
      assert.ok(approved[look.name], 'never approved: cargo xtask approve');
      assert.deepEqual(differences(approved[look.name], found), [], 'see target/pictures');
      await close();
    });
  }

  test('no page is wider than the screen, and in usual type no ranking is cut off', async () => {
    for (const look of LOOKS) {
      const { page, close } = await openLook(browser, site.base, look);
      // In large type a tablet's ranking scrolls.
      const boxes = look.large ? 'html' : 'html, .table-section .scroll';
      const over = await page.evaluate((boxes) => [...document.querySelectorAll(boxes)]
        .map((box) => box.scrollWidth - box.clientWidth), boxes);
      assert.ok(Math.max(...over) <= 0, `${look.name}: ${over} px`);
      await close();
    }
  });

  test('large type is larger on every screen, and paper is the same for all', async () => {
    for (const width of WIDTHS) {
      const { page, context, close } = await openPage(browser, { base: site.base, width });
      const size = () => page.evaluate(() => parseFloat(getComputedStyle(document.body).fontSize));
      await page.goto(site.base + ADDRESS);
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

  test('marks stay apart in grey and for colour-blind eyes', async () => {
    const { page, context, close } = await openPage(browser, { base: site.base, width: 1366, height: 900 });
    await page.goto(site.base + ADDRESS);
    const marks = await page.evaluate(() => {
      const seen = new Map();
      for (const mark of document.querySelectorAll('figure.chart .desk svg > g > :is(circle, polygon, rect)')) {
        const fill = mark.getAttribute('fill');
        const box = mark.getBoundingClientRect();
        const chart = mark.closest('figure').id;
        // Grounds and zones are no marks; what is thinner than three pixels cannot be sampled.
        if (!fill || ['none', '#FFFFFF', '#F1F4F7', '#E1E6EB', '#CFD6DD'].includes(fill)) continue;
        if (box.width < 3 || box.height < 3) continue;
        const key = `${chart} ${mark.tagName} ${fill}`;
        const middle = [box.x + box.width / 2 + window.scrollX, box.y + box.height / 2 + window.scrollY];
        const [x, y] = middle.map(Math.round);
        if (!seen.has(key)) seen.set(key, { key, x, y });
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
      marks.forEach(({ key }, index) => {
        const seen = contrasts[index] >= 3 || key.includes('circle #6B747D');
        assert.ok(seen, `${key}: ${contrasts[index].toFixed(2)} under ${type}`);
      });
    }
    // No two meanings in one chart share a shape: what colour says, the shape or the fill says too.
    const all = '#chart-quadrant .desk svg > g > :is(circle, polygon, rect)';
    const shapes = await page.evaluate((all) => [...document.querySelectorAll(all)]
      .filter((mark) => mark.getAttribute('fill') !== '#F1F4F7')
      .map((mark) => `${mark.tagName} ${mark.getAttribute('fill')}`), all);
    assert.deepEqual([...new Set(shapes)].sort(), ['circle #12436D', 'circle #FFFFFF']);
    const lamps = await page.locator('.lamp').evaluateAll((lamps) => lamps.map((lamp) => lamp.textContent.trim()));
    const words = new Map(lamps.map((lamp) => lamp.split(' ')));
    assert.equal(new Set(words.keys()).size, new Set(words.values()).size, [...new Set(lamps)].join());
    await close();
  });
});
