// What is approved of a page's look: its named blocks, their places and colours. `cargo xtask approve` writes them
// anew.
import { readFileSync, writeFileSync } from 'node:fs';
import { openPage } from './site.mjs';

const FILE = new URL('../fixtures/look.json', import.meta.url);
const RULER = readFileSync(new URL('ruler.js', import.meta.url), 'utf8');
const CHARTS = ['growth', 'cumulative', 'contribution', 'slope', 'quadrant', 'paths'];

// [name, selector, where the words stand that tell several of them apart]
const frame = [
  ['site bar', '.top'],
  ['site navigation', '.top nav'],
  ['who', '.top .who'],
  ['demo banner', '.demo-banner'],
  ['page', '.page'],
  ['footer', '.foot'],
];

const chart = (name) => [
  [`chart ${name}`, `#chart-${name}`],
  [`title of ${name}`, `#chart-${name} figcaption h2`],
  [`subtitle of ${name}`, `#chart-${name} figcaption .subtitle`],
  [`drawing of ${name}`, `#chart-${name} :is(.desk, .phone)`],
  [`source of ${name}`, `#chart-${name} .source`],
];

const BULLETIN = {
  blocks: [
    ...frame,
    ['toolbar', '.toolbar'],
    ['periods', '.toolbar .periods'],
    ['tools', '.toolbar .tools'],
    ['masthead', '.masthead'],
    ['series', '.masthead .series'],
    ['issue', '.masthead .issue'],
    ['title', '.bulletin > h1'],
    ['lead', '.bulletin > .lead'],
    ['cards', '.cards'],
    ['card', '.card', '.card-name'],
    ['ranking', '.table-section'],
    ['title of the ranking', '.table-section h2'],
    ['subtitle of the ranking', '.table-section .subtitle'],
    ['table of the ranking', '.table-section .scroll'],
    ['head of the ranking', '.table-section thead'],
    ['row', '.table-section tbody tr', '.name'],
    ['notes of the ranking', '.table-section .notes'],
    ['first charts', '.charts:has(#chart-growth, #chart-cumulative)'],
    ['other charts', '.charts:has(#chart-quadrant, #chart-paths)'],
    ...CHARTS.flatMap(chart),
    ['paragraph', '.bulletin > .body', '.para-head'],
    ['goals', '.all-goals-section'],
    ['title of the goals', '.all-goals-section h2'],
    ['table of the goals', '.all-goals-section .scroll'],
    ['sources', '.sources'],
    ['title of the sources', '.sources h2'],
    ['subtitle of the sources', '.sources .subtitle'],
    ['table of the sources', '.sources .scroll'],
    ['colophon', '.colophon'],
  ],
  bars: ['site bar', 'site navigation', 'who', 'periods', 'tools', 'issue', 'footer'],
};

const WALL = {
  blocks: [
    ['board', '.board'],
    ['head', '.board-head'],
    ['scene', '.scene'],
    ['headline', '.scene > h2'],
    ['cards', '.cards'],
    ['card', '.card', '.card-name'],
    ['rows', '.wall-rows'],
    ['row', '.wall-row', 'b, span'],
    ['notes', '.wall-notes'],
    ...CHARTS.flatMap((name) => [
      [`chart ${name}`, `.wall-${name}`],
      [`caption of ${name}`, `.wall-${name} figcaption`],
      [`drawing of ${name}`, `.wall-${name} .drawing`],
    ]),
    ['foot', '.board-foot'],
  ],
  bars: ['head', 'foot'],
};

export const WIDTHS = [360, 768, 1366, 1920, 3840];
export const ADDRESS = '/bulletins/fuzhou-2021/2021-12/e1';

export const LOOKS = [
  ...WIDTHS.map((width) => ({ name: `bulletin-${width}`, width, named: BULLETIN })),
  ...[360, 768, 1366].map((width) => ({ name: `large-${width}`, width, large: true, named: BULLETIN })),
  ...[1920, 3840].flatMap((width) => [1, 2, 3].map((scene) => (
    { name: `board-${scene}-${width}`, width, scene, named: WALL }))),
];

// A page as one look shows it.
export async function openLook(browser, base, { width, large, scene }) {
  const height = Math.round(width * (scene ? 0.5625 : 0.6));
  const opened = await openPage(browser, { base, width, height, script: !scene });
  if (large) await opened.context.addCookies([{ name: 'look', value: 'large', url: base }]);
  await opened.page.goto(base + (scene ? '/board?plan=fuzhou-2021' : ADDRESS));
  if (scene) await opened.page.click(`label[for=scene-${scene}]`);
  return opened;
}

const withRuler = (page, call) => page.evaluate(`(() => { ${RULER}\nreturn ${call}; })()`);
export const measureLook = (page, { named }) => withRuler(page, `measure(${JSON.stringify(named)})`);
export const measureBars = (page, selector) => withRuler(page, `measureBars(${JSON.stringify(selector)})`);

// Lays other styles over a page: a sheet of the script's own, which no page's policy forbids.
export const dress = (page, css) => page.evaluate((css) => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css);
  document.adoptedStyleSheets = [sheet];
}, css);

// Blocks whose picture has one colour. The outermost pixels are left out: a frame around nothing is nothing.
export async function blankBlocks(reader, png, boxes) {
  return reader.evaluate(async ([source, boxes]) => {
    const image = new Image();
    image.src = source;
    await image.decode();
    const canvas = new OffscreenCanvas(image.width, image.height);
    const context = canvas.getContext('2d', { willReadFrequently: true });
    context.drawImage(image, 0, 0);
    const plain = ({ left, right, top, bottom }) => {
      const step = Math.max(1, Math.floor((bottom - top) / 60));
      const seen = new Set();
      for (let y = Math.ceil(top) + 3; y < bottom - 3 && seen.size < 2; y += step) {
        const { data } = context.getImageData(Math.ceil(left) + 3, y, Math.max(1, right - left - 6), 1);
        for (const pixel of new Uint32Array(data.buffer)) seen.add(pixel);
      }
      return seen.size < 2;
    };
    return Object.entries(boxes).filter(([, box]) => plain(box)).map(([name]) => `“${name}” is blank`);
  }, [`data:image/png;base64,${png.toString('base64')}`, boxes]);
}

export const readApproved = () => JSON.parse(readFileSync(FILE, 'utf8'));

// A line for a block, so that a change is read as one.
export function writeApproved(looks) {
  const block = ([name, place]) => `   ${JSON.stringify(name)}: ${JSON.stringify(place)}`;
  const look = ([name, { width, type, blocks }]) => [
    ` ${JSON.stringify(name)}: {`,
    `  "width": ${width}, "type": ${type}, "blocks": {`,
    Object.entries(blocks).map(block).join(',\n'),
    '  }',
    ' }',
  ].join('\n');
  writeFileSync(FILE, `{\n${Object.entries(looks).map(look).join(',\n')}\n}\n`);
}
