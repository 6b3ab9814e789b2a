"use strict";
/* One test box is chosen at a time: its posterior is drawn and it is marked in every figure. */
const D = JSON.parse(document.getElementById("data").textContent), N = D.boxes.length, P = D.quantities.length, F = D.factor, H68 = D.half68;
const el = id => document.getElementById(id);
const sd = (i, k) => Math.sqrt(D.boxes[i].covariance[k][k]);
const z = (i, k) => (D.boxes[i].truth[k] - D.boxes[i].mean[k]) / (F * sd(i, k));
const missed = (i, k) => Math.abs(z(i, k)) > H68;
function erf(x) { const s = Math.sign(x), t = 1 / (1 + .3275911 * Math.abs(x)); return s * (1 - ((((1.061405429 * t - 1.453152027) * t + 1.421413741) * t - .284496736) * t + .254829592) * t * Math.exp(-x * x)); }
let chosen = D.chosen;

const tag = (name, attributes) => `<${name} ${Object.entries(attributes).map(([k, v]) => `${k}="${v}"`).join(" ")}/>`;
const pathOf = points => "M" + points.map(p => p[0].toFixed(1) + " " + p[1].toFixed(1)).join("L");
/* Adds or replaces the marks of the chosen box in the figure of a group. */
function mark(group, marks) {
  let on = group.parentNode.querySelector(":scope > .on");
  if (!on) { on = document.createElementNS("http://www.w3.org/2000/svg", "g"); on.setAttribute("class", "on"); group.parentNode.append(on); }
  on.innerHTML = marks;
}
const ring = (x, y, tone, r = 4.5) => tag("circle", {cx: x.toFixed(1), cy: y.toFixed(1), r, style: `fill:var(--paper);stroke:var(--${tone});stroke-width:2`});

function markTriangle() {
  const host = el("triangle"); if (!host) return;
  const b = D.boxes[chosen], s = k => F * sd(chosen, k);
  for (let k = 0; k < P; k++) {
    const group = host.querySelector(".tri.d" + k), S = scaleOf(group), [shade, curve, truth] = group.querySelectorAll("path"), top = S.y1 / 1.18;
    const points = range => [...Array(121).keys()].map(j => { const u = range * (j / 60 - 1); return [S.X(b.mean[k] + u * s(k)), S.Y(top * Math.exp(-u * u / 2))]; });
    const middle = points(H68);
    curve.setAttribute("d", pathOf([[S.left, S.bottom], ...points(4), [S.right, S.bottom]].filter(p => p[0] >= S.left - 400 && p[0] <= S.right + 400)));
    shade.setAttribute("d", pathOf([[middle[0][0], S.bottom], ...middle, [middle[120][0], S.bottom]]) + "Z");
    truth.setAttribute("d", `M${S.X(b.truth[k])} ${S.top}V${S.bottom}`);
    for (let j = 0; j < k; j++) {
      const pair = host.querySelector(`.tri.j${j}-${k}`), Q = scaleOf(pair), paths = pair.querySelectorAll("path"), slope = F * F * b.covariance[j][k] / s(j), rest = Math.sqrt(Math.max(0, s(k) ** 2 - slope ** 2));
      [.95, .68].forEach((share, n) => { const q = Math.sqrt(-2 * Math.log(1 - share)); paths[n].setAttribute("d", pathOf([...Array(90).keys()].map(i => { const a = 2 * Math.PI * i / 90, u = q * Math.cos(a), v = q * Math.sin(a); return [Q.X(b.mean[j] + s(j) * u), Q.Y(b.mean[k] + slope * u + rest * v)]; })) + "Z"); });
      const x = Q.X(b.truth[j]), y = Q.Y(b.truth[k]);
      paths[2].setAttribute("d", `M${x} ${Q.top}V${Q.bottom}`); paths[3].setAttribute("d", `M${Q.left} ${y}H${Q.right}`); paths[4].setAttribute("d", `M${x - 6} ${y}h12M${x} ${y - 6}v12`);
    }
  }
  let corner = host.querySelector(".corner");
  if (!corner) { corner = document.createElement("div"); corner.className = "corner"; host.append(corner); }
  corner.innerHTML = D.quantities.map((q, k) => `<p>${q.html} <b>${plainNumber(b.mean[k])}</b> ± ${plainNumber(H68 * s(k))}${q.unit ? " " + q.unit : ""}<br>truth ${plainNumber(b.truth[k])}</p>`).join("");
}
function markScatter(k) {
  const group = el("scatter-" + k).querySelector(`.s${k}`), S = scaleOf(group), b = D.boxes[chosen], x = S.X(b.truth[k]), d = H68 * F * sd(chosen, k);
  mark(group, tag("path", {d: `M${x} ${S.Y(b.mean[k] - d)}V${S.Y(b.mean[k] + d)}`, style: "stroke:var(--ink);stroke-width:2"}) + ring(x, S.Y(b.mean[k]), "ink"));
}
function markCoverage() {
  for (let k = 0; k < P; k++) {
    const group = el("coverage").querySelector(".k" + k), S = scaleOf(group), c = i => erf(Math.abs(z(i, k)) / Math.SQRT2), mine = c(chosen);
    let below = 0; for (let i = 0; i < N; i++) if (c(i) <= mine) below++;
    let on = group.querySelector(".on"); if (!on) { on = document.createElementNS("http://www.w3.org/2000/svg", "g"); on.setAttribute("class", "on"); group.append(on); }
    on.innerHTML = ring(S.X(mine), S.Y(below / N), D.quantities[k].tone);
  }
}
function markPit(k) {
  const group = el("pit-" + k).querySelector(".p" + k), S = scaleOf(group);
  mark(group, ring(S.X(.5 + .5 * erf(z(chosen, k) / Math.SQRT2)), S.bottom - 6, D.quantities[k].tone));
}
function say() {
  const b = D.boxes[chosen];
  el("readout").innerHTML = `Box ${chosen + 1}: &ensp;` + D.quantities.map((q, k) => `${q.html} ${plainNumber(b.mean[k])} ± ${plainNumber(H68 * F * sd(chosen, k))}, truth ${plainNumber(b.truth[k])}${missed(chosen, k) ? " <b>outside 68 %</b>" : ""}`).join("; &ensp;");
  if (el("boxno")) el("boxno").textContent = chosen + 1;
}
function markAll() { markTriangle(); markCoverage(); for (let k = 0; k < P; k++) { markScatter(k); markPit(k); } }
function choose(i) { chosen = (i + N) % N; markAll(); say(); }

if (el("triangle")) el("triangle").addEventListener("drawn", markTriangle);
el("coverage").addEventListener("drawn", markCoverage);
for (let k = 0; k < P; k++) {
  const host = el("scatter-" + k);
  host.addEventListener("drawn", () => markScatter(k)); el("pit-" + k).addEventListener("drawn", () => markPit(k));
  host.classList.add("pick"); host.tabIndex = 0; host.setAttribute("role", "group"); host.setAttribute("aria-label", "Test boxes by " + D.quantities[k].symbol + ": arrow keys step");
  const near = e => {
    const svg = host.querySelector("svg"), S = scaleOf(svg.querySelector(".s" + k)), r = svg.getBoundingClientRect(), x = e.clientX - r.left, y = e.clientY - r.top;
    let best = 900, found = -1;
    for (let i = 0; i < N; i++) { const d = (S.X(D.boxes[i].truth[k]) - x) ** 2 + (S.Y(D.boxes[i].mean[k]) - y) ** 2; if (d < best) { best = d; found = i; } }
    if (found >= 0 && found !== chosen) choose(found);
  };
  host.addEventListener("pointermove", near); host.addEventListener("pointerdown", near);
  host.addEventListener("keydown", e => {
    const step = {ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1}[e.key]; if (!step) return;
    e.preventDefault();
    const order = [...Array(N).keys()].sort((a, b) => D.boxes[a].truth[k] - D.boxes[b].truth[k]);
    choose(order[(order.indexOf(chosen) + step + N) % N]);
  });
}
el("prev").onclick = () => choose(chosen - 1); el("next").onclick = () => choose(chosen + 1);
el("nextmiss").onclick = () => { for (let j = 1; j <= N; j++) { const i = (chosen + j) % N; if ([...Array(P).keys()].some(k => missed(i, k))) return choose(i); } };
markAll(); say();

/* Training curves that answer the pointer; the drawings below them stay for print. */
{
  const t = D.training, hosts = ["curve-loss", "curve-r2", "curve-rate"].map(el), clock = s => Math.floor(s / 60) + ":" + String(Math.floor(s % 60)).padStart(2, "0");
  const say = i => { el("epochbar").hidden = false; el("epoch").innerHTML = `Epoch ${i + 1} of ${t.seconds.length}, ${clock(t.seconds[i])}: &ensp;loss ${plainNumber(t.trainingLoss[i])} training, ${plainNumber(t.validationLoss[i])} validation; &ensp;R² ` + D.quantities.map((q, k) => `${q.html} ${plainNumber(t.r2[k][i])}`).join(", ") + `; &ensp;rate ${t.learningRate[i].toExponential(1).replace("-", "\u2212")}`; };
  let plots = [];
  const draw = () => {
    for (const p of plots) p.destroy(); plots = [];
    const css = getComputedStyle(document.documentElement), v = name => css.getPropertyValue("--" + name).trim(), font = "12px " + v("sans"), best = t.bestEpoch - 1;
    const make = (host, curves, fixed) => {
      const axis = {stroke: v("soft"), font, gap: 6, border: {show: true, stroke: v("quiet"), width: 1}, ticks: {stroke: v("quiet"), size: 4, width: 1}, grid: {show: false}};
      host.classList.add("curves", "answers");
      plots.push(new uPlot({width: host.clientWidth, height: Math.round(.62 * host.clientWidth + 30), padding: [8, 8, 0, 0], legend: {show: false}, cursor: {sync: {key: "training"}, y: false, points: {size: 7}, drag: {x: false, y: false}},
        scales: {x: {time: false, range: [0, t.seconds.at(-1) * 1.03]}, y: fixed ? {range: fixed} : {}}, axes: [{...axis, values: (u, a) => a.map(clock), incrs: [1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200]}, {...axis, size: 52, values: (u, a) => a.map(x => x === 0 ? "0" : Math.abs(x) < .01 ? x.toExponential(0).replace("-", "\u2212") : String(+x.toFixed(3)).replace("-", "\u2212"))}],
        series: [{}, ...curves.map(c => ({stroke: v(c.tone), width: c.dash ? 1.6 : 2, dash: c.dash, points: {show: false}}))],
        hooks: {setCursor: [u => u.cursor.idx != null && say(u.cursor.idx)], draw: [u => {
          const c = u.ctx, r = devicePixelRatio; c.save(); c.font = 12 * r + "px " + v("sans"); c.textAlign = "right"; c.textBaseline = "alphabetic";
          curves.forEach((curve, n) => { const x = u.valToPos(t.seconds[best], "x", true), y = u.valToPos(curve.values[best], "y", true); c.fillStyle = v(curve.tone); if (!curve.dash) { c.beginPath(); c.arc(x, y, 4 * r, 0, 7); c.fill(); } if (curve.name) { c.fillStyle = v(curve.dash ? "soft" : curve.tone); c.fillText(curve.name, u.bbox.left + u.bbox.width - 6 * r, (curve.low ? u.bbox.top + u.bbox.height - (10 + 16 * (curves.length - 1 - n)) * r : u.bbox.top + (14 + 16 * n) * r)); } }); c.restore();
        }]}}, [t.seconds, ...curves.map(c => c.values)], host));
    };
    make(hosts[0], [{values: t.trainingLoss, tone: "quiet", name: "training, dashed", dash: [4, 3]}, {values: t.validationLoss, tone: "ink", name: "validation"}]);
    make(hosts[1], D.quantities.map((q, k) => ({values: t.r2[k], tone: q.tone, low: true, name: q.symbol.replace("m", "\u2098").replace("8", "\u2088") + " " + plainNumber(t.r2[k][best], 2)})), [Math.min(0, ...t.r2.flat()), 1]);
    make(hosts[2], [{values: t.learningRate, tone: "soft"}]);
  };
  new ResizeObserver(() => requestAnimationFrame(() => plots.length && hosts[0].clientWidth !== plots[0].width && draw())).observe(hosts[0]);
  draw(); say(t.bestEpoch - 1);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw);
}

/* Buttons of the still sky; the module takes over where there is WebGL. */
if (el("skybtn")) el("skybtn").addEventListener("click", e => {
  const k = e.target.dataset.k; if (!k) return;
  if (e.target.hasAttribute("aria-pressed")) {
    const on = e.target.getAttribute("aria-pressed") !== "true";
    e.target.setAttribute("aria-pressed", on);
    el("sky").classList.toggle(k === "influence" || k === "attribution" ? "show" + k : "no" + k, k === "influence" || k === "attribution" ? on : !on);
  }
  if (window.skyAct) window.skyAct(k);
});
