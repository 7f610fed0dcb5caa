// The simulator on "Why codebooks die": see world.js for what happens, rules.js for how codes move.
import {el, button} from '../paint/dom.js';
import {METHODS, PRESETS, USUAL, World} from './world.js';

const root = document.getElementById('collapse'), LONG = 250, OWN = 'own';   // steps of a run; the name of what is no preset
const calm = matchMedia('(prefers-reduced-motion: reduce)'), colour = name => getComputedStyle(root).getPropertyValue(name).trim();
const SLIDERS = [   // of `World`: name, text, from, to, by, digits
  ['K', 'codes', 2, 150, 1, 0], ['rate', 'learning rate', .002, .1, .002, 3], ['decay', 'decay', .5, .995, .005, 3],
  ['revive', 'revive below', 0, .5, .05, 2], ['drift', 'drift of the vectors', 0, .05, .001, 3]];

let name = 'random start', settings = {...USUAL, ...PRESETS[name]};
let world, curve, past = [], playing = false, goal = LONG;   // curves of runs: {name, perplexity, error}

// --- the parts of the page ---------------------------------------------------------------------------------------------
const figure = (text, canvas) => el('figure', {}, el('figcaption', {textContent: text}), canvas);
const plane = el('canvas', {role: 'img'}), perplexities = el('canvas', {role: 'img'}), errors = el('canvas', {role: 'img'});
const status = el('p', {className: 'sim-status', role: 'status'});
const presets = el('div', {className: 'sim-presets', role: 'group', ariaLabel: 'Presets: the curves of this page'});
for (const [title, own] of Object.entries(PRESETS)) presets.append(button(title, () => {
  name = title;
  settings = {...USUAL, ...own};
  restart(true);
}));
const play = button('Play', () => (playing ? pause() : go()), {className: 'sim-primary'});
const hands = el('div', {className: 'sim-hands'}, play, button('One step', () => { pause(); step(); draw(); }),
  button('Restart', () => restart(true)), button('Clear curves', () => { past = []; draw(); }));
const method = el('select', {onchange: () => { name = OWN; settings.method = method.value; restart(true); }},
  ...Object.entries(METHODS).map(([value, textContent]) => el('option', {value, textContent})));
const sliders = SLIDERS.map(([key, text, min, max, by, digits]) => {
  const input = el('input', {type: 'range', min, max, step: by, oninput: () => turn(key, +input.value)}), output = el('output');
  const unused = () => key == 'rate' ? settings.method == 'averages' : ['decay', 'revive'].includes(key) && settings.method != 'averages';
  const show = () => { input.value = settings[key]; output.textContent = settings[key].toFixed(digits); input.disabled = unused(); };
  return {label: el('label', {}, el('span', {textContent: text}), input, output), show};
});
const legend = [['vectors', 'sim-vector'], ['codes in use', 'sim-used'], ['unused codes', 'sim-unused']];
root.replaceChildren(presets,
  el('div', {className: 'sim-stage'},
    el('figure', {}, plane, el('p', {className: 'sim-legend'}, ...legend.map(([text, className]) => el('span', {}, el('i', {className}), text)))),
    el('div', {}, figure('perplexity', perplexities), figure('squared error', errors))),
  status, hands,
  el('div', {className: 'sim-sliders'}, el('label', {}, el('span', {textContent: 'the codes move by'}), method), ...sliders.map(s => s.label)));

function mark() {
  for (const e of presets.children) e.ariaPressed = e.textContent == name;
  method.value = settings.method;
  for (const slider of sliders) slider.show();
}

// --- running -----------------------------------------------------------------------------------------------------------
function turn(key, value) {   // a slider, while it runs; another number of codes is another run
  name = OWN;
  settings[key] = value;
  if (key == 'K') return restart(playing);
  world[key] = world.rule[key] = value;
  if (key == 'rate' && world.rule.adam) world.rule.adam.lr = value;
  mark();
}

function restart(run) {
  if (curve?.perplexity.length > 20) past = [...past, curve];
  past = past.filter((c, i) => c.name != name && past.findLastIndex(other => other.name == c.name) == i);   // the last of each
  world = new World({...settings});
  curve = {name, perplexity: [], error: []};
  goal = LONG;
  mark();
  draw();
  if (!run) pause(); else if (calm.matches) finish(); else go();
}

function step() {
  world.now = world.step();
  curve.perplexity.push(world.now.perplexity);
  curve.error.push(world.now.error);
}

function go() {
  if (world.t >= goal) goal = world.t + LONG;
  if (calm.matches) return finish();
  if (playing) return;
  playing = true;
  play.textContent = 'Pause';
  const frame = () => {
    if (!playing) return;
    step();
    draw();
    if (world.t >= goal) pause(); else requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}
function finish() { playing = false; while (world.t < goal) step(); pause(); }   // for those who prefer that nothing moves
function pause() { playing = false; play.textContent = world.t ? 'Go on' : 'Play'; draw(); }

// --- drawing -----------------------------------------------------------------------------------------------------------
function ready(canvas, height) {   // sharp on every screen
  const w = canvas.clientWidth || 300, h = height ?? w, scale = devicePixelRatio || 1, c = canvas.getContext('2d');
  const size = [Math.round(w*scale), Math.round(h*scale)];
  if (canvas.width != size[0] || canvas.height != size[1]) [canvas.width, canvas.height] = size;
  c.setTransform(scale, 0, 0, scale, 0, 0);
  c.clearRect(0, 0, w, h);
  return {c, w, h};
}

function draw() {
  drawPlane();
  chart(perplexities, 'perplexity', v => v/world.rule.codebook.length, [0, world.rule.codebook.length/2, world.rule.codebook.length]);
  chart(errors, 'error', v => Math.log(Math.min(30, Math.max(.004, v))/.004)/Math.log(30/.004), [.01, .1, 1, 10]);   // by powers
  const {now} = world, K = world.rule.codebook.length;
  plane.ariaLabel = now ? `${now.used} of ${K} codes lie among the vectors` : 'vectors, and codes that have not moved yet';
  if (playing && world.t%10) return;
  const error = now?.error.toFixed(now.error < .1 ? 3 : 2);
  status.textContent = now ? `Step ${world.t}: ${now.used} of ${K} codes are used in this batch; `
    + `perplexity ${now.perplexity.toFixed(1)}, squared error ${error}.` : `${K} codes, before the first step.`;
}

function drawPlane() {
  const {c, w} = ready(plane), v = world.method == 'gradient' ? {x: -6.3, y: -5.4, side: 9.4} : {x: -3.2, y: -3.2, side: 6.4};
  const at = ([x, y]) => [(x - v.x)/v.side*w, (1 - (y - v.y)/v.side)*w], recent = world.recent ?? [], used = k => recent[k] > .05;
  c.fillStyle = colour('--sim-vector');
  for (const z of world.z) { const [x, y] = at(z); c.fillRect(x - 1, y - 1, 2, 2); }
  c.lineWidth = 1.6;
  c.strokeStyle = colour('--sim-unused');
  c.fillStyle = colour('--sim-used');
  const codes = world.rule.codebook.map(at), cross = [[-3, -3, 3, 3], [3, -3, -3, 3]];
  c.beginPath();
  codes.forEach(([x, y], k) => { if (!used(k)) for (const [a, b, d, e] of cross) { c.moveTo(x + a, y + b); c.lineTo(x + d, y + e); } });
  c.stroke();
  codes.forEach(([x, y], k) => { if (used(k)) { c.beginPath(); c.arc(x, y, 2.6 + Math.sqrt(recent[k])/1.5, 0, 7); c.fill(); } });
}

function chart(canvas, what, share, ticks) {   // `share`: how high a value stands, from 0 to 1
  const {c, w, h} = ready(canvas, 150), runs = [...past, curve].filter(run => run[what].length), left = 36, right = 88, floor = h - 20;
  const long = Math.max(LONG, ...runs.map(run => run[what].length));
  const y = v => floor - share(v)*(floor - 6), x = i => left + i/long*(w - left - right);
  c.font = `11px ${getComputedStyle(root).fontFamily}`;
  c.fillStyle = colour('--vq-quiet');
  c.strokeStyle = colour('--vq-line');
  c.lineWidth = 1;
  c.textBaseline = 'middle';
  c.textAlign = 'right';
  for (const v of ticks) {
    c.beginPath();
    c.moveTo(left, y(v));
    c.lineTo(w - right, y(v));
    c.stroke();
    c.fillText(+v.toFixed(2), left - 6, y(v));
  }
  c.textAlign = 'center';
  for (const i of [0, Math.round(long/2), long]) c.fillText(i == long ? `step ${i}` : i, x(i), h - 7);
  const labels = runs.map(run => {
    const values = run[what], last = values.slice(-10);
    c.strokeStyle = colour(run == curve ? '--sim-used' : '--sim-past');
    c.lineWidth = run == curve ? 2 : 1.2;
    c.beginPath();
    values.forEach((v, i) => c.lineTo(x(i + 1), y(v)));
    c.stroke();
    return {text: run.name, now: run == curve, last: last.at(-1), x: x(values.length), y: y(last.reduce((a, b) => a + b)/last.length)};
  }).sort((a, b) => a.y - b.y);
  labels.forEach((label, i) => { if (i) label.y = Math.max(label.y, labels[i - 1].y + 12); });   // none over another
  const over = Math.max(0, (labels.at(-1)?.y ?? 0) - floor);
  c.textAlign = 'left';
  for (const label of labels) {
    c.fillStyle = colour(label.now ? '--vq-text' : '--vq-quiet');
    c.fillText(label.text, label.x + 5, label.y - over);
  }
  canvas.ariaLabel = labels.map(l => `${l.text}: ${what} ${l.last.toFixed(2)}`).join('; ') || `${what}, before the first step`;
}

restart(false);
root.sim = {get world() { return world; }, get curve() { return curve; }};
addEventListener('resize', draw);
new MutationObserver(draw).observe(document.documentElement, {attributes: true});   // dark or light
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
if (calm.matches) finish();
else new IntersectionObserver((all, watch) => {
  if (!all.some(e => e.isIntersecting)) return;
  watch.disconnect();
  if (!world.t) go();
}, {threshold: .4}).observe(plane);
