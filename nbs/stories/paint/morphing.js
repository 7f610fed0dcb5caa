// The tab "Morph": from the garment that is shown to another, by codes that are swapped or vectors that are mixed.
import {CELLS, wait} from './common.js';
import {button, el} from './dom.js';
import {latest} from './models.js';
import {thumb} from './source.js';

export function morphing(lab) {
  const {models, page: {each, names, order}, state} = lab;
  let ends = null, target = 8, playing = false;   // `ends`: where the way begins, and the codes of both ends
  const goals = names.map((name, c) => thumb(lab.picture(each*c + 1), `to: ${name}`, () => aim(c)));
  const how = el('select', {onchange: () => between()}, el('option', {value: 'mix', textContent: 'mixing vectors, then snapping'}),
                 el('option', {value: 'swap', textContent: 'swapping codes'}));
  const way = el('input', {type: 'range', min: 0, max: 100, value: 0, ariaLabel: 'the way from one garment to the other',
                           oninput: () => { pause(); between(); }});
  const play = button('Play', () => (playing ? pause() : run()), {className: 'lab-primary'});

  function mark() { goals.forEach((e, c) => { e.ariaPressed = c == target; }); }
  function pause() { playing = false; play.textContent = 'Play'; }
  function leave() { pause(); ends = null; way.value = 0; }
  async function aim(c) {
    target = c;
    mark();
    if (ends) { await find(ends.from); between(); }
  }
  async function find(from) { ends = {from, codes: await models.ask('ends', {a: from, b: {pixels: lab.picture(each*target + 1)}})}; }

  async function start() {   // from the picture, if its codes are as they were; else from the codes
    if (ends || !await lab.load()) return;
    const at = way.value, running = playing;
    lab.remember();
    way.value = at;
    if (running) { playing = true; play.textContent = 'Pause'; }
    await find(state.pixels && !lab.changed() ? {pixels: state.pixels} : {codes: lab.whole()});
  }
  /** Codes and picture at t, from 0 to 1. */
  async function at(t) {
    if (how.value == 'mix') return models.ask('mix', {t});
    const codes = ends.codes[0].map((k, i) => order[i] < CELLS*t ? ends.codes[1][i] : k);
    return {codes, ...await models.ask('decode', {codes})};
  }
  const between = latest(async () => {
    await start();
    if (!ends) return;
    const {codes, shown} = await at(way.value/100);
    state.codes = codes;
    lab.tell(codes, shown, [0, 0]);
    lab.say(`${way.value} % of the way to the ${names[target].toLowerCase()}.`);
  });
  async function run() {
    playing = true;
    play.textContent = 'Pause';
    if (+way.value == 100) way.value = 0;
    while (playing) {
      const from = performance.now();
      await between();
      if (+way.value >= 100 || !ends) break;
      await wait(Math.max(0, 40 - performance.now() + from));
      if (playing) way.value = +way.value + 2;
    }
    pause();
  }
  /** The pictures of a way, both ends included. */
  async function frames(n) {
    const already = ends;
    await start();
    const out = [];
    for (let i = 0; i < n; i++) out.push((await at(i/(n - 1))).shown);
    if (!already && state.mode != 'Morph') leave();
    return out;
  }

  mark();
  const panel = el('div', {},
    el('div', {className: 'lab-source', role: 'group', ariaLabel: 'Morph to'}, el('span', {className: 'lab-quiet', textContent: 'to'}), ...goals),
    el('div', {className: 'lab-hands'}, el('label', {}, 'by ', how), play, el('label', {className: 'lab-way'}, way)));
  return {panel, leave, frames, target: () => names[target].toLowerCase()};
}
