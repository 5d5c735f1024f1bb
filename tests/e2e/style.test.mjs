// The one stylesheet: small, and understood by the old Chromium of office machines.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { gzipSync } from 'node:zlib';
import doiuse from 'doiuse';
import postcss from 'postcss';

const FILE = new URL('../../assets/app.css', import.meta.url);
const css = readFileSync(FILE, 'utf8');

// Features that Chrome 86 has only in part, and the part that is used here is one it has.
const IN_PART = {
  'css-display-contents': 'on boxes that mean nothing by themselves',
  'css-overflow': 'auto and hidden; not clip',
  'css-sticky': 'on th and on boxes; not on tr',
  'css-text-indent': 'a length; neither hanging nor each-line',
  'text-decoration': 'dotted underline of a colour and thickness',
  multicolumn: 'break-inside, break-before and break-after: avoid and page',
};

// What stands behind @supports selector(…), which Chrome 86 understands, is for browsers that have it; without it
// everything is still there.
const guarded = { postcssPlugin: 'guarded', AtRule: { supports: (rule) => { if (rule.params.startsWith('selector(')) rule.remove(); } } };

test('Chrome 86 understands every feature', async () => {
  const plain = (await postcss([guarded]).process(css, { from: FILE.pathname })).css;
  const found = [];
  const check = doiuse({ browsers: ['chrome 86'], onFeatureUsage: ({ feature, message }) => found.push([feature, message]) });
  await postcss([check]).process(plain, { from: FILE.pathname });
  assert.deepEqual(found.filter(([feature]) => !(feature in IN_PART)), []);
  assert.ok(found.length > 5, 'the linter found nothing at all: it does not work');
  // What the linter does not look at.
  for (const newer of [/:has\(/, /@container/, /@layer/, /color-mix\(/, /subgrid/, /^\s*&/m, /\binset:/, /\d(dvh|svh|lvh)\b/, /:is\(|:where\(/, /overflow:[^;]*clip/]) {
    assert.doesNotMatch(plain, newer);
  }
});

test('the linter would find what is too new', async () => {
  const found = [];
  const check = doiuse({ browsers: ['chrome 86'], onFeatureUsage: ({ feature }) => found.push(feature) });
  await postcss([check]).process('p:has(a) { inset: 0 }', { from: undefined });
  assert.ok(found.length >= 2, found.join());
});

test('the stylesheet is at most 25 kB packed', () => {
  const size = gzipSync(css).length;
  assert.ok(size <= 25_000, `${size}`);
});

test('colours of text and marks can be told from their ground', () => {
  const tokens = Object.fromEntries([...css.matchAll(/--([a-z-]+): (#[0-9a-f]{3,6});/g)].map(([, name, value]) => [name, value]).reverse());
  const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  const luminance = (hex) => {
    const full = hex.length === 4 ? hex.replace(/[0-9a-f]/g, '$&$&') : hex;
    const [red, green, blue] = [1, 3, 5].map((at) => linear(parseInt(full.slice(at, at + 2), 16) / 255));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const contrast = (one, other) => {
    const [high, low] = [luminance(one), luminance(other)].sort((a, b) => b - a);
    return (high + 0.05) / (low + 0.05);
  };
  // Tokens of the light pages: the first of each name; those of the wall screen stand later.
  for (const name of ['ink', 'soft', 'blue', 'red', 'near', 'behind', 'missing']) {
    assert.ok(contrast(tokens[name], tokens.ground) >= 4.5, `${name} on white: ${contrast(tokens[name], tokens.ground).toFixed(2)}`);
  }
  const wall = Object.fromEntries([...css.match(/\.board \{[^}]*\}/)[0].matchAll(/--([a-z-]+): (#[0-9a-f]{3,6});/g)].map(([, name, value]) => [name, value]));
  for (const name of ['ink', 'soft', 'blue', 'near', 'behind', 'missing']) {
    assert.ok(contrast(wall[name], wall.ground) >= 4.5, `${name} on the wall: ${contrast(wall[name], wall.ground).toFixed(2)}`);
  }
});
