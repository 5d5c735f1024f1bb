// What differs between how a page was approved and how it is now, as sentences that name the block.
//
// Letters are as wide and lines as many as fonts and browsers make them; what the layout decides stays. So edges and
// widths are shares of the page, gaps are counted in letters, heights of text hold roughly, the rest exactly.

// Of the page's width; at least four pixels of a phone.
const EDGE = 0.005;
const PIXELS = 4;
// What scrolls sideways is as wide as its letters.
const SCROLLED = 0.1;
// In letters: gaps, and a line that breaks elsewhere.
const GAP = 0.75;
const LINES = 2.2;
// Of a height: a table's rows all break when one does; a drawing has its shape.
const TEXT_HEIGHT = 0.5;
const DRAWN_HEIGHT = 0.08;

const percent = (share) => `${(share * 100).toFixed(1)} %`;
const list = (names) => names.map((name) => `“${name}”`).join(', ');
const near = (was, is, room) => Math.abs(was - is) <= room;
const edgeRoom = ({ width }) => Math.max(EDGE, PIXELS / width);

function presence(wanted, now) {
  const lost = Object.keys(wanted).filter((name) => !now[name]).map((name) => `“${name}” is lost`);
  const added = Object.keys(now).filter((name) => !wanted[name]).map((name) => `“${name}” was never approved`);
  return [...lost, ...added];
}

// Blocks are listed as they are read: from top to bottom, from left to right.
function orderIn(frame, wanted, now) {
  const here = (name) => wanted[name]?.in === frame && now[name]?.in === frame;
  const [was, is] = [Object.keys(wanted).filter(here), Object.keys(now).filter(here)];
  const moved = (name, index) => name !== was[index];
  const [from, to] = [is.findIndex(moved), is.findLastIndex(moved) + 1];
  if (from < 0) return [];
  return [`the order is now ${list(is.slice(from, to))}, approved is ${list(was.slice(from, to))}`];
}

function order(wanted, now) {
  const frames = new Set(Object.values(wanted).map((block) => block.in));
  return [...frames].flatMap((frame) => orderIn(frame, wanted, now));
}

// An edge or the middle stays where it was: a column that is measured in letters grows to one side or to both.
function sideways(name, was, is, approved, found) {
  const at = (block, part, page) => (block.left + part * block.width) / page.width;
  if ([0, 0.5, 1].some((part) => near(at(was, part, approved), at(is, part, found), edgeRoom(found)))) return [];
  const [now, before] = [at(is, 0, found), at(was, 0, approved)];
  return [`“${name}” moved sideways: it begins at ${percent(now)} of the page, approved is ${percent(before)}`];
}

function width(name, was, is, approved, found) {
  // A bar is as wide as its words; what counts is how it breaks.
  if (was.rows) return [];
  const [before, now] = [was.width / approved.width, is.width / found.width];
  const [lettersBefore, letters] = [was.width / approved.type, is.width / found.type];
  const room = approved.blocks[was.in]?.scrolls ? SCROLLED : edgeRoom(found);
  if (near(before, now, room) || near(lettersBefore, letters, EDGE * lettersBefore)) return [];
  return [`“${name}” takes ${percent(now)} of the page's width, approved is ${percent(before)}`];
}

function down(name, was, is, approved, found) {
  const [before, now] = [was.gap / approved.type, is.gap / found.type];
  if (near(before, now, GAP)) return [];
  const letters = `${now.toFixed(1)} letters below what is above it`;
  return [`“${name}” moved up or down: it is ${letters}, approved is ${before.toFixed(1)}`];
}

function height(name, was, is, approved, found) {
  const [before, now] = [was.height / approved.type, is.height / found.type];
  if (near(before, now, was.drawn ? DRAWN_HEIGHT * before : Math.max(LINES, TEXT_HEIGHT * before))) return [];
  return [`“${name}” is ${now.toFixed(1)} letters high, approved is ${before.toFixed(1)}`];
}

const inside = (name, was, is) => (was.in === is.in ? [] : [`“${name}” stands in “${is.in}”, approved is “${was.in}”`]);

function breaks(name, was, is) {
  if (String(was.rows) === String(is.rows)) return [];
  return [`“${name}” breaks into rows of ${is.rows}, approved is ${was.rows}`];
}

function scrolling(name, was, is) {
  if (was.scrolls === is.scrolls) return [];
  return [`“${name}” ${is.scrolls ? 'is cut off and scrolls' : 'scrolls no longer'}`];
}

function shows(name, was, is) {
  const [before, now] = [was.shows ?? {}, is.shows ?? {}];
  const things = [...new Set([...Object.keys(before), ...Object.keys(now)])];
  return things.filter((thing) => before[thing] !== now[thing])
    .map((thing) => `“${name}” shows ${now[thing] ?? 'no'} × ${thing}, approved is ${before[thing] ?? 'none'}`);
}

export function differences(approved, found) {
  const [wanted, now] = [approved.blocks, found.blocks];
  const compare = [inside, sideways, width, down, height, breaks, scrolling, shows];
  const of = (name) => compare.flatMap((differ) => differ(name, wanted[name], now[name], approved, found));
  const both = Object.keys(wanted).filter((name) => now[name]);
  return [...presence(wanted, now), ...order(wanted, now), ...both.flatMap(of)];
}
