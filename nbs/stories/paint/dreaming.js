// The tab "Dream": the prior draws one code after the other, all of them or those that were erased.
import {CELLS, ERASED, calm, wait} from './common.js';
import {button, el, pixelsTo} from './dom.js';

const PACE = 22;   // ms a code, where the machine is faster

export function dreaming(lab) {
  const {cells, models, output, page: {names}, state} = lab;
  let now = 0, dreams = 0;   // which dream is going on, 0 for none
  const kind = el('select', {}, ...names.map((name, i) => el('option', {value: i, textContent: name})));
  kind.value = names.length - 1;
  const heat = el('input', {type: 'range', min: .3, max: 1.5, step: .05, value: 1, oninput: () => { warm.textContent = (+heat.value).toFixed(2); }});
  const warm = el('output', {textContent: '1.00'});
  const fresh = button('Dream a garment', () => begin(new Uint8Array(CELLS).fill(ERASED), true), {className: 'lab-primary'});
  const complete = button('Complete', () => begin(state.codes.slice(), false), {title: 'fill what is erased', disabled: true});
  const halt = button('Stop', () => stop(), {hidden: true});

  function begin(codes, anew) {
    lab.remember();
    if (anew) Object.assign(state, {pixels: null, label: +kind.value, base: codes.slice(), shown: null});
    Object.assign(state, {codes, p: null, bits: null});
    lab.version++;
    now = ++dreams;
    halt.hidden = false;
    lab.show();
    dream(codes, anew, now).catch(error => { stop(); lab.say(error.message); });
  }

  function stop() {
    now = 0;
    halt.hidden = true;
    cells.forEach(e => e.classList.remove('lab-lead'));
  }

  async function dream(codes, anew, mine) {
    if (!await lab.load()) return stop();
    const start = performance.now();
    let drawn = 0;
    lab.say('Dreaming …');
    for (let t = 0; t < CELLS; t++) {
      const erased = codes[t] == ERASED;
      const k = await models.ask('next', {codes, label: +kind.value, t, temperature: +heat.value, u: Math.random()});
      if (now != mine) { if (state.codes == codes) { lab.show(); lab.say('Stopped.'); } return; }
      if (!erased) continue;
      codes[t] = k;
      if (anew) state.base[t] = k;
      cells[t - 1]?.classList.remove('lab-lead');
      lab.showCell(cells[t], t);
      cells[t].classList.add('lab-lead');
      if (++drawn%3 == 0) pixelsTo(output, (await models.ask('decode', {codes})).shown);
      if (!calm.matches) await wait(Math.max(0, start + PACE*drawn - performance.now()));
    }
    if (now != mine) return;
    stop();
    state.seconds = (performance.now() - start)/1000;
    lab.tell(codes, (await models.ask('decode', {codes})).shown, [0, 0]);
    lab.say(`${anew ? 'Dreamt' : 'Completed'} in ${state.seconds.toFixed(1)} s, in this page: nothing is sent.`);
  }

  const panel = el('div', {},
    el('div', {className: 'lab-hands'}, el('label', {}, 'class ', kind), el('label', {className: 'lab-heat'}, 'temperature ', heat, warm),
       fresh, complete, halt),
    el('p', {className: 'lab-quiet', textContent: 'The prior draws one code after the other, row by row, each from those before it. '
      + 'Drag over the codes to erase some, and let it complete them.'}));
  return {panel, stop, now: () => now, show(erased) { complete.disabled = !erased || now > 0; }};
}
