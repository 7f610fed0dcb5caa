// The simulator on "Why codebooks die": see world.js for what happens, rules.js for how codes move.
import {el, button} from '../paint/dom.js';
import {METHODS, PRESETS, USUAL, World} from './world.js';

const root = document.getElementById('collapse'), LONG = 250;
const view = () => world.method == 'gradient' ? {x: -6.3, y: -5.4, side: 9.4} : {x: -3.2, y: -3.2, side: 6.4};   // wide, or close
const calm = matchMedia('(prefers-reduced-motion: reduce)'), colour = name => getComputedStyle(root).getPropertyValue(name).trim();

let world, name = 'random start', past = [], curve, playing = false, goal = LONG, settings = {...USUAL, ...PRESETS[name]};

// --- the parts of the page ---------------------------------------------------------------------------------------------
const plane = el('canvas', {role: 'img'}), perplexities = el('canvas', {role: 'img'}), errors = el('canvas', {role: 'img'});
const status = el('p', {className: 'sim-status', role: 'status'});
const presets = el('div', {className: 'sim-presets', role: 'group', ariaLabel: 'Presets: the curves of this page'}, ...Object.entries(PRESETS).map(([title, own]) => {
  const e = button(title, () => { name = title; settings = {...USUAL, ...own, drift: settings.drift, K: settings.K}; restart(true); });
  e.dataset.name = title;
  return e;
}));
const play = button('Pause', () => (playing ? pause() : go()), {className: 'sim-primary'}), one = button('One step', () => { pause(); step(); });
const again = button('Restart', () => restart(true)), forget = button('Clear curves', () => { past = []; draw(); });
const method = el('select', {onchange: () => { name = METHODS[method.value]; settings.method = method.value; restart(true); }}, ...Object.entries(METHODS).map(([value, textContent]) => el('option', {value, textContent})));
const sliders = [['K', 'codes', 2, 150, 1, 0], ['rate', 'learning rate', .002, .1, .002, 3], ['decay', 'decay', .5, .995, .005, 3], ['revive', 'revive below', 0, .5, .05, 2], ['drift', 'drift of the vectors', 0, .05, .001, 3]]
  .map(([key, text, min, max, by, digits]) => {
    const input = el('input', {type: 'range', min, max, step: by}), output = el('output');
    const show = () => { input.value = settings[key]; output.textContent = (+settings[key]).toFixed(digits); input.disabled = key == 'rate' ? settings.method == 'averages' : (key == 'decay' || key == 'revive') && settings.method != 'averages'; };
    input.addEventListener('input', () => {
      settings[key] = +input.value;
      if (key == 'K') restart(playing); else { world[key] = world.rule[key] = settings[key]; if (world.rule.adam) world.rule.adam.lr = settings.rate; }
      name = 'own'; mark(); show();
    });
    return {label: el('label', {}, el('span', {textContent: text}), input, output), show};
  });
const legend = el('p', {className: 'sim-legend'}, ...[['vectors', 'sim-vector'], ['codes in use', 'sim-used'], ['unused codes', 'sim-unused']].map(([text, className]) => el('span', {}, el('i', {className}), text)));
root.replaceChildren(presets,
  el('div', {className: 'sim-stage'}, el('figure', {}, plane, legend), el('div', {}, el('figure', {}, el('figcaption', {textContent: 'perplexity'}), perplexities), el('figure', {}, el('figcaption', {textContent: 'squared error'}), errors))),
  status, el('div', {className: 'sim-hands'}, play, one, again, forget), el('div', {className: 'sim-sliders'}, el('label', {}, el('span', {textContent: 'the codes move by'}), method), ...sliders.map(s => s.label)));

// --- running -----------------------------------------------------------------------------------------------------------
function mark() { for (const e of presets.children) e.ariaPressed = e.dataset.name == name; method.value = settings.method; for (const s of sliders) s.show(); }
function restart(run) {
  if (curve?.perplexity.length > 20) past = [...past.filter(c => c.name != curve.name || c.name == 'own'), curve].slice(-6);
  past = past.filter(c => c.name != name || c.name == 'own');
  world = new World({...settings});
  curve = {name, perplexity: [], error: []};
  goal = LONG;
  mark();
  draw();
  run && !calm.matches ? go() : run ? finish() : pause();
}
function step() {
  const now = world.step();
  curve.perplexity.push(now.perplexity);
  curve.error.push(now.error);
  world.now = now;
}
function finish() { playing = false; while (world.t < goal) step(); pause(); }   // for those who prefer that nothing moves
function go() {
  if (world.t >= goal) goal = world.t + LONG;
  if (playing) return;
  playing = true;
  play.textContent = 'Pause';
  const frame = () => {
    if (!playing) return;
    step();
    draw();
    if (world.t >= goal) return pause();
    requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
function pause() { playing = false; play.textContent = world?.t ? 'Go on' : 'Play'; if (world) draw(); }

// --- drawing -----------------------------------------------------------------------------------------------------------
function ready(canvas, height) {   // sharp on every screen
  const w = canvas.clientWidth || 300, h = height ?? w, scale = devicePixelRatio || 1;
  if (canvas.width != Math.round(w*scale) || canvas.height != Math.round(h*scale)) { canvas.width = Math.round(w*scale); canvas.height = Math.round(h*scale); }
  const c = canvas.getContext('2d');
  c.setTransform(scale, 0, 0, scale, 0, 0);
  c.clearRect(0, 0, w, h);
  return {c, w, h};
}

function draw() {
  const {c, w} = ready(plane), v = view(), at = ([x, y]) => [(x - v.x)/v.side*w, (1 - (y - v.y)/v.side)*w];
  c.fillStyle = colour('--sim-vector');
  for (const z of world.z) { const [x, y] = at(z); c.fillRect(x - 1, y - 1, 2, 2); }
  const e = world.rule.codebook, recent = world.recent ?? [];
  c.lineWidth = 1.6;
  c.strokeStyle = colour('--sim-unused');
  c.beginPath();
  e.forEach((row, k) => { if (recent[k] > .05) return; const [x, y] = at(row); c.moveTo(x - 3, y - 3); c.lineTo(x + 3, y + 3); c.moveTo(x + 3, y - 3); c.lineTo(x - 3, y + 3); });
  c.stroke();
  c.fillStyle = colour('--sim-used');
  e.forEach((row, k) => { if (!(recent[k] > .05)) return; const [x, y] = at(row); c.beginPath(); c.arc(x, y, 2.6 + Math.sqrt(recent[k])/1.5, 0, 7); c.fill(); });
  chart(perplexities, 'perplexity', e.length);
  chart(errors, 'error', null);
  const now = world.now;
  plane.ariaLabel = now ? `${now.used} of ${e.length} codes lie among the vectors` : 'vectors, and codes that have not moved yet';
  if (!playing || world.t%10 == 0) status.textContent = now
    ? `Step ${world.t}: ${now.used} of ${e.length} codes are used in this batch; perplexity ${now.perplexity.toFixed(1)}, squared error ${now.error.toFixed(now.error < .1 ? 3 : 2)}.`
    : `${e.length} codes, before the first step.`;
}

function chart(canvas, what, top) {
  const {c, w, h} = ready(canvas, 150), all = [...past, curve], long = Math.max(LONG, ...all.map(run => run[what].length)), left = 36, right = 88, under = 20;
  const logarithmic = top === null, low = .004, high = 30, floor = h - under;   // errors span three powers of ten
  const y = v => logarithmic ? floor - (Math.log(Math.min(high, Math.max(low, v))/low)/Math.log(high/low))*(floor - 6) : floor - v/top*(floor - 6);
  const x = i => left + i/long*(w - left - right);
  c.font = `11px ${getComputedStyle(root).fontFamily}`;
  c.fillStyle = colour('--vq-quiet'); c.strokeStyle = colour('--vq-line'); c.lineWidth = 1;
  c.textAlign = 'right'; c.textBaseline = 'middle';
  for (const v of logarithmic ? [.01, .1, 1, 10] : [0, top/2, top]) { c.beginPath(); c.moveTo(left, y(v)); c.lineTo(w - right, y(v)); c.stroke(); c.fillText(+v.toFixed(2), left - 6, y(v)); }
  c.textAlign = 'center';
  for (const i of [0, Math.round(long/2), long]) c.fillText(i == long ? `step ${i}` : i, x(i), h - 7);
  const labels = [];
  for (const run of all) {
    const values = run[what], now = run == curve;
    if (!values.length) continue;
    c.strokeStyle = colour(now ? '--sim-used' : '--sim-past'); c.lineWidth = now ? 2 : 1.2;
    c.beginPath();
    values.forEach((v, i) => c.lineTo(x(i + 1), y(v)));
    c.stroke();
    labels.push({text: run.name, now, y: y(values.slice(-10).reduce((a, b) => a + b)/Math.min(10, values.length)), x: x(values.length)});
  }
  labels.sort((a, b) => a.y - b.y).forEach((label, i) => { if (i) label.y = Math.max(label.y, labels[i - 1].y + 12); });
  const over = Math.max(0, (labels.at(-1)?.y ?? 0) - floor);
  c.textAlign = 'left';
  for (const label of labels) { c.fillStyle = colour(label.now ? '--vq-text' : '--vq-quiet'); c.fillText(label.text, label.x + 5, label.y - over); }
  canvas.ariaLabel = labels.map(l => `${l.text}: ${what} ${all.find(run => run.name == l.text)[what].at(-1).toFixed(2)}`).join('; ') || `${what}, before the first step`;
}

world = new World({...settings});
curve = {name, perplexity: [], error: []};
mark();
pause();
root.sim = {restart, finish, get world() { return world; }, get curve() { return curve; }, get past() { return past; }};
addEventListener('resize', draw);
new MutationObserver(draw).observe(document.documentElement, {attributes: true});
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
if (calm.matches) finish();
else new IntersectionObserver((all, watch) => { if (all.some(e => e.isIntersecting)) { watch.disconnect(); if (!world.t) go(); } }, {threshold: .4}).observe(plane);
