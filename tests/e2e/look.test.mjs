// The approval of looks, tried itself: it tells what moved, is lost, cut or painted otherwise, and nothing where only
// letters are other ones.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { differences } from './approval.mjs';
import { LOOKS, blankBlocks, dress, measureLook, openLook, readApproved } from './look.mjs';
import { startBrowser, startSite } from './site.mjs';

const OTHER_LETTERS = {
  'a brush face': '* { font-family: "LXGW WenKai" !important; }',
  'a face with serifs': '* { font-family: "Noto Serif CJK SC" !important; }',
  'letters 2 % wider': 'html, svg text { letter-spacing: .02em; }',
  'letters 2 % narrower': 'html, svg text { letter-spacing: -.02em; }',
  'letters 3 % larger': (type) => `:root, .large { --size: ${type * 1.03}px !important; }
    .board { font-size: ${type * 1.03}px !important; }`,
};

// What is done to a page, by a style or by a script, and the sentence that has to follow.
const CHANGES = [
  ['.cards { position: relative; top: 24px; }', /^“cards” moved up or down/],
  ['.cards { position: relative; left: 24px; }', /^“cards” moved sideways/],
  ['.lead { margin-bottom: 40px !important; }', /^“cards” moved up or down/],
  ['#chart-slope { margin-left: 24px !important; }', /^“chart slope” takes/],
  ['.bulletin p.lead { width: 60%; }', /^“lead” takes/],
  ['.card { min-height: 300px; }', /^“card 累计完成” is .* letters high/],
  ['#chart-paths svg { height: 120px; }', /^“drawing of paths” is .* letters high/],
  ['#chart-growth { display: none; }', /^“chart growth” is lost/],
  ['#chart-growth circle { display: none; }', /^“drawing of growth” shows no × circle #12436d/],
  ['#chart-paths svg { opacity: 0; }', /^“drawing of paths” is blank/],
  ['.masthead .series { color: #fff; }', /^“series” is blank/],
  ['.masthead .series { color: #12436d; }', /^“series” shows 1 × text #12436d/],
  ['.lamp.near { color: #b01515; }', /^“row 仓山区” shows 2 × lamp near #b01515/],
  ['.standings .bar rect { fill: #2f7d32; }', /^“row 福清市” shows 5 × bar rect #2f7d32/],
  ['#chart-slope svg circle { fill: #2f7d32; }', /^“drawing of slope” shows \d+ × circle #2f7d32/],
  ['.demo-banner { background: #fff; }', /^“demo banner” shows no × ground/],
  ['.cards { margin-top: -60px; }', /^“lead” and “cards” overlap|^“cards” and “lead” overlap/],
  ['.tools { display: flex; } .tools a { margin-left: -3em; }', /^“tools”: “.*” and “.*” overlap/],
  ['.card { height: 40px; }', /^“card 累计完成”: “.*” is cut off/],
  ['.colophon p { overflow: hidden; width: 12em; white-space: nowrap; }', /^“colophon”: “.*” is cut off/],
  ['.chart .subtitle { width: 6em; overflow: hidden; white-space: nowrap; }', /^“subtitle of growth”: “.*” is cut off/],
  ['.tools { display: flex; flex-wrap: wrap; width: 12em; }', /^“tools” breaks into rows of/],
  ['.top { width: 110%; }', /^“site bar” stands out of “the page”/],
  ['.page > :first-child { display: none; }', /^“toolbar” is lost/],
  [() => document.querySelector('.table-section').after(document.querySelector('.cards')),
    /^the order is now “ranking”, “cards”, approved is “cards”, “ranking”/],
  [() => { document.querySelector('#chart-growth h2').textContent = ''; }, /^“title of growth” is blank/],
];

const WALL_CHANGES = [
  ['.wall-growth { position: relative; top: 24px; }', /^“chart growth” moved up or down/],
  ['.wall-growth { order: 2; }', /^the order is now “chart slope”, “chart growth”/],
  ['.wall-slope { display: none; }', /^“chart slope” is lost/],
  ['.wall-slope svg circle { display: none; }', /^“drawing of slope” shows no × circle/],
  ['.board { background: #000; }', /^“board” shows no × ground #0c1826/],
  ['.wall-chart h2 { max-height: .8em; }', /^“caption of growth”: “.*” is cut off/],
];

const TRIED = { 'bulletin-360': CHANGES, 'bulletin-1366': CHANGES, 'board-2-1920': WALL_CHANGES };

describe('looks', () => {
  let site;
  let browser;
  let reader;
  const approved = readApproved();
  before(async () => {
    site = await startSite('sqlite');
    browser = await startBrowser();
    reader = await (await browser.newContext()).newPage();
  });
  after(async () => {
    await browser?.close();
    await site?.stop();
  });

  const report = async (page, look, png) => {
    const found = await measureLook(page, look);
    const blank = png ? await blankBlocks(reader, png, found.boxes) : [];
    return [...found.faults, ...blank, ...differences(approved[look.name], found)];
  };

  for (const look of LOOKS) {
    test(`${look.name} is the same look in other letters`, async () => {
      const { page, close } = await openLook(browser, site.base, look);
      for (const [name, css] of Object.entries(OTHER_LETTERS)) {
        await dress(page, typeof css === 'string' ? css : css(approved[look.name].type));
        assert.deepEqual(await report(page, look), [], name);
      }
      await close();
    });
  }

  for (const [name, changes] of Object.entries(TRIED)) {
    test(`a change of ${name} is told with the block's name`, async () => {
      const look = LOOKS.find((each) => each.name === name);
      const { page, close } = await openLook(browser, site.base, look);
      const picture = () => page.screenshot({ fullPage: true });
      assert.deepEqual(await report(page, look, await picture()), []);
      for (const [change, sentence] of changes) {
        await (typeof change === 'string' ? dress(page, change) : page.evaluate(change));
        // Only a picture shows what is blank; taking one is slow.
        const told = await report(page, look, /blank/.test(sentence.source) ? await picture() : null);
        assert.ok(told.some((each) => sentence.test(each)), `${change} is told as ${JSON.stringify(told, null, 1)}`);
        if (typeof change !== 'string') await page.reload();
      }
      await close();
    });
  }
});
