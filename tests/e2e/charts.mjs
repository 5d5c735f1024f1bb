// Measures the charts of a page as the browser has drawn them.

// Labels that leave their drawing or meet each other, and how many labels were looked at.
export function measureLabels(page) {
  return page.evaluate(() => {
    const wrong = [];
    let labels = 0;
    for (const svg of document.querySelectorAll('figure svg')) {
      const frame = svg.getBoundingClientRect();
      if (frame.width === 0 || getComputedStyle(svg).visibility !== 'visible') continue;
      const title = svg.closest('figure').querySelector('h2').innerText;
      const leaves = (box) => box.left < frame.left - 1 || box.right > frame.right + 1 || box.top < frame.top - 2 || box.bottom > frame.bottom + 2;
      // Exact figures stand over the drawing while a mark is pointed at: they only have to stay in the frame.
      if ([...svg.querySelectorAll('.tip rect')].some((tip) => leaves(tip.getBoundingClientRect()))) wrong.push(`${title}: exact figures leave the frame`);
      const texts = [...svg.querySelectorAll('text')].filter((text) => !text.closest('.tip')).map((text) => [text.textContent.trim(), text.getBoundingClientRect()]);
      labels += texts.length;
      texts.forEach(([name, box], index) => {
        if (leaves(box)) wrong.push(`${title}: “${name}” leaves the frame`);
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
}
