// Runs in the page: measures named blocks and bars as the browser has laid them out. look.mjs hands it over as text,
// because pages allow no foreign script.
/* exported measure, measureBars */

const NEAR = 2;
const SHAPES = 'circle, ellipse, line, path, polygon, polyline, rect, text';

// What is pushed off the page's left edge is for screen readers.
function seen(element) {
  const box = element.getBoundingClientRect();
  // What a closed fold holds has a box and is not seen.
  if (!element.checkVisibility()) return false;
  return (box.width > 0 || box.height > 0) && box.right > 0 && getComputedStyle(element).visibility === 'visible';
}

function placed(rect) {
  const [across, down] = [window.scrollX, window.scrollY];
  return { left: rect.left + across, right: rect.right + across, top: rect.top + down, bottom: rect.bottom + down };
}

const boxOf = (element) => placed(element.getBoundingClientRect());
const short = (text) => (text.length > 12 ? `${text.slice(0, 12)}…` : text);

// [name, selector, label] → element to name. Of several elements a label says which is which.
function nameBlocks(blocks) {
  const names = new Map();
  for (const [name, selector, label] of blocks) {
    for (const element of [...document.querySelectorAll(selector)].filter(seen)) {
      const said = label ? element.querySelector(label)?.textContent.trim() ?? '' : '';
      names.set(element, `${name} ${said}`.trim());
    }
  }
  return names;
}

function ownerOf(element, names) {
  let at = element;
  while (at && !names.has(at)) at = at.parentElement;
  return at;
}

// Rows of boxes from top to bottom; in a row from left to right.
function rowsOf(items) {
  const rows = [];
  for (const item of [...items].sort((one, other) => one.box.top - other.box.top)) {
    const row = rows.at(-1);
    if (row && item.box.top < row[0].box.bottom - NEAR) row.push(item);
    else rows.push([item]);
  }
  return rows.map((row) => row.sort((one, other) => one.box.left - other.box.left));
}

// Colours as they are painted: how a style is written down differs between releases.
const pen = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true });
const painted = new Map();
function hex(colour) {
  if (!painted.has(colour)) {
    pen.clearRect(0, 0, 1, 1);
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    const parts = [...pen.getImageData(0, 0, 1, 1).data].map((part) => part.toString(16).padStart(2, '0'));
    painted.set(colour, parts[3] === '00' ? null : `#${parts.slice(0, parts[3] === 'ff' ? 3 : 4).join('')}`);
  }
  return painted.get(colour);
}

const saysSomething = (element) => [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim());

function textName(element) {
  const lamp = element.closest('.lamp');
  if (lamp) return `lamp ${[...lamp.classList].filter((name) => name !== 'lamp').join(' ')}`;
  return element.closest('a') ? 'link' : 'text';
}

// What an element shows, each with its colour.
function shown(element) {
  const style = getComputedStyle(element);
  const colour = (name, value) => (value !== 'none' && hex(value) ? [`${name} ${hex(value)}`] : []);
  if (element.closest('svg')) {
    if (!element.matches(SHAPES)) return [];
    const name = `${element.closest('.bar, .wall-bar') ? 'bar ' : ''}${element.tagName}`;
    return [...colour(name, style.fill), ...colour(`${name} line`, style.stroke)];
  }
  const sides = ['Top', 'Right', 'Bottom', 'Left'].filter((side) => parseFloat(style[`border${side}Width`]) > 0);
  const lines = new Set(sides.flatMap((side) => colour('line', style[`border${side}Color`])));
  const text = saysSomething(element) ? colour(textName(element), style.color) : [];
  const cell = element.matches('td, th') ? ['cell'] : [];
  return [...text, ...colour('ground', style.backgroundColor), ...lines, ...cell];
}

// How many things of each colour belong to each block itself.
function countThings(names) {
  const things = new Map([...names.keys()].map((block) => [block, {}]));
  for (const element of document.querySelectorAll('body *')) {
    const own = things.get(ownerOf(element, names));
    if (own && seen(element)) for (const thing of shown(element)) own[thing] = (own[thing] ?? 0) + 1;
  }
  return things;
}

// Word by word: a blank at a line's end may hang over its edge.
function rectsOf(node) {
  return [...node.data.matchAll(/\S+/g)].flatMap(({ index, 0: word }) => {
    const range = document.createRange();
    range.setStart(node, index);
    range.setEnd(node, index + word.length);
    return [...range.getClientRects()].map(placed);
  });
}

function textsOf(root) {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
  const texts = [];
  while (walker.nextNode()) {
    const { data, parentElement } = walker.currentNode;
    if (!data.trim() || !seen(parentElement)) continue;
    const rects = rectsOf(walker.currentNode).filter(({ left, right }) => right - left > 0 && right > 0);
    if (rects.length > 0) texts.push({ said: short(data.trim()), parent: parentElement, rects });
  }
  return texts;
}

const scrolls = (element) => ['auto', 'scroll'].includes(getComputedStyle(element).overflowX);

// A line box is higher than its characters: a quarter of it may stand out above and below.
function within(rect, box) {
  const room = (rect.bottom - rect.top) / 4;
  const across = rect.left >= box.left - NEAR && rect.right <= box.right + NEAR;
  return across && rect.top >= box.top - room && rect.bottom <= box.bottom + room;
}

// The first frame that hides a part of a text: a box that clips, its block, or the page. What scrolls hides nothing.
function cutBy(text, block) {
  const page = { left: 0, right: document.documentElement.clientWidth, top: 0, bottom: Infinity };
  let frames = [page];
  for (let at = text.parent; at; at = at.parentElement) {
    if (scrolls(at)) return null;
    if (at === block || getComputedStyle(at).overflowX !== 'visible') frames = [boxOf(at), ...frames];
  }
  return frames.find((frame) => text.rects.some((rect) => !within(rect, frame))) ?? null;
}

function meet(one, other, room) {
  const across = Math.min(one.right, other.right) - Math.max(one.left, other.left);
  const down = Math.min(one.bottom, other.bottom) - Math.max(one.top, other.top);
  return across > NEAR && down > room;
}

function textFaults(name, block, texts) {
  const faults = texts.filter((text) => cutBy(text, block)).map(({ said }) => `“${name}”: “${said}” is cut off`);
  const third = (one, other) => Math.min(one.bottom - one.top, other.bottom - other.top) / 3;
  texts.forEach((one, index) => {
    for (const other of texts.slice(index + 1)) {
      if (one.rects.some((rect) => other.rects.some((beside) => meet(rect, beside, third(rect, beside))))) {
        faults.push(`“${name}”: “${one.said}” and “${other.said}” overlap`);
      }
    }
  });
  return faults;
}

function siblingFaults(siblings) {
  return siblings.flatMap((one, index) => siblings.slice(index + 1)
    .filter((other) => meet(one.box, other.box, NEAR))
    .map((other) => `“${one.name}” and “${other.name}” overlap`));
}

function frameFaults({ name, box }, frame, ofName) {
  const out = box.left < frame.left - NEAR || box.right > frame.right + NEAR
    || box.top < frame.top - NEAR || box.bottom > frame.bottom + NEAR;
  return out ? [`“${name}” stands out of “${ofName}”`] : [];
}

function scrollsIn(block, names) {
  const own = [block, ...block.querySelectorAll('*')].filter((element) => ownerOf(element, names) === block);
  return own.some((element) => scrolls(element) && element.scrollWidth > element.clientWidth + 1);
}

function itemsPerRow(bar) {
  const items = [...bar.children].filter(seen).map((item) => ({ box: boxOf(item) }));
  return rowsOf(items).map((row) => row.length);
}

// How each bar breaks, and what of its words is cut off.
function measureBars(selector) {
  const bars = [...document.querySelectorAll(selector)].filter(seen);
  return bars.map((bar) => {
    const cut = textsOf(bar).filter((text) => cutBy(text, bar)).map(({ said }) => said);
    return `${bar.className || bar.tagName} in rows of ${itemsPerRow(bar)}${cut.length > 0 ? `, ${cut} cut off` : ''}`;
  });
}

// Where a block stands in what it stands in, and what it shows. `gap` is the way down from what is above it.
function entryOf({ block, name, box }, above, { names, things, bars }) {
  const place = { left: box.left, width: box.right - box.left, gap: box.top - above, height: box.bottom - box.top };
  const entry = Object.fromEntries(Object.entries(place).map(([key, value]) => [key, Math.round(value)]));
  const parent = ownerOf(block.parentElement, names);
  if (parent) entry.in = names.get(parent);
  if (block.querySelector(':scope > svg')) entry.drawn = true;
  if (scrollsIn(block, names)) entry.scrolls = true;
  if (bars.includes(name)) entry.rows = itemsPerRow(block);
  const shows = Object.entries(things.get(block)).sort(([one], [other]) => (one < other ? -1 : 1));
  if (shows.length > 0) entry.shows = Object.fromEntries(shows);
  return entry;
}

// All named blocks from top to bottom, each followed by what stands in it, and what is wrong whatever was approved.
function measure({ blocks, bars }) {
  const names = nameBlocks(blocks);
  const known = { names, bars, things: countThings(names) };
  const texts = Map.groupBy(textsOf(document.body), ({ parent }) => ownerOf(parent, names));
  const { clientWidth, scrollHeight } = document.documentElement;
  const type = parseFloat(getComputedStyle(document.querySelector('main')).fontSize);
  const found = { width: clientWidth, type, blocks: {}, boxes: {}, faults: [] };

  function visit(each, above) {
    const { block, name, box } = each;
    const entry = entryOf(each, above, known);
    found.blocks[name] = entry;
    found.boxes[name] = box;
    found.faults.push(...textFaults(name, block, texts.get(block) ?? []));
    if (!block.querySelector('svg') && !block.innerText.trim()) found.faults.push(`“${name}” is blank`);
    walk(block, entry.scrolls ? { ...box, left: -Infinity, right: Infinity } : box, name);
  }

  function walk(parent, frame, ofName) {
    const inside = [...names].filter(([block]) => ownerOf(block.parentElement, names) === parent)
      .map(([block, name]) => ({ block, name, box: boxOf(block) }));
    found.faults.push(...siblingFaults(inside), ...inside.flatMap((each) => frameFaults(each, frame, ofName)));
    let above = frame.top;
    for (const row of rowsOf(inside)) {
      row.forEach((each) => visit(each, above));
      above = Math.max(above, ...row.map(({ box }) => box.bottom));
    }
  }

  walk(null, { left: 0, right: clientWidth, top: 0, bottom: scrollHeight }, 'the page');
  return found;
}
