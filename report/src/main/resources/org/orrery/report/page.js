"use strict";
/* Figures fit their columns. Each stands in the page at one width and in a template at another, with the same marks: every number that differs is
   moved along the line through both. What depends on the reader is drawn again on the event "drawn". */
for (const host of document.querySelectorAll(".figure[data-widths]")) {
  const [narrow, wide] = host.dataset.widths.split(" ").map(Number), numbers = /(-?\d+(?:\.\d+)?)/;
  const first = host.querySelector("svg").outerHTML.split(numbers), second = host.querySelector("template").innerHTML.split(numbers);
  host.querySelector("template").remove();
  let shown = 0;
  const fit = () => {
    const width = Math.floor(host.clientWidth);
    if (!width || width === shown || first.length !== second.length) return;
    shown = width;
    const t = (width - narrow) / (wide - narrow);
    const svg = first.map((part, i) => i % 2 && part !== second[i] ? String(+(+part + t * (second[i] - part)).toFixed(1)) : part).join("");
    host.querySelector(":scope > svg").outerHTML = svg;
    host.dispatchEvent(new Event("drawn"));
  };
  new ResizeObserver(() => requestAnimationFrame(fit)).observe(host);
  fit();
}
/* Where a named group draws a value: the frame and both ranges. */
function scaleOf(group) {
  const [left, top, right, bottom, x0, x1, y0, y1] = group.dataset.of.split(" ").map(Number);
  return {left, top, right, bottom, x0, x1, y0, y1, X: v => left + (v - x0) / (x1 - x0) * (right - left), Y: v => bottom - (v - y0) / (y1 - y0) * (bottom - top), invX: x => x0 + (x - left) / (right - left) * (x1 - x0)};
}
const plainNumber = (v, digits = 3) => v.toFixed(digits).replace("-", "\u2212");
