// The page "Paint with codes": a picture, its 144 codes, and what the decoder draws from them, all in the browser.
import {arrows, button, el, pixelsOf, pixelsTo, tabs} from './dom.js';
import {latest, Models} from './models.js';
import {meaning} from './meaning.js';
import {asCanvas, photoSteps} from './picture.js';
import {asArray, fromText, gif, save, toText} from './share.js';

const ERASED = 255, CELLS = 144, PIXELS = 784;
const here = name => new URL(name, import.meta.url), root = document.getElementById('paint');
const calm = matchMedia('(prefers-reduced-motion: reduce)'), wait = ms => new Promise(done => setTimeout(done, ms));

async function main() {
  const [page, pictures] = await Promise.all([fetch(here('paint.json')).then(r => r.json()), pixelsOf(here('pictures.png'))]);
  const {K, names, each, share} = page;
  const picture = i => pictures.cut(28*(i%each), 28*Math.floor(i/each), 28, 28);   // a test image
  const spot = (e, k) => { e.style.backgroundPosition = `${k%10*100/9}% ${Math.floor(k/10)*100/(Math.ceil(K/10) - 1)}%`; };

  // --- what is shown: a picture or none, the codes it had, the codes it has ------------------------------------------
  const state = {pixels: picture(page.first), label: Math.floor(page.first/each), base: Uint8Array.from(page.codes), codes: Uint8Array.from(page.codes),
                 shown: null, p: null, guess: null, cell: 66, brush: page.brush, tool: 'brush', mode: 'Look'};
  const turn = names.map((_, c) => c == state.label ? page.first%each : -1);   // which picture of a class comes next
  let past = [], future = [], version = 0, dreaming = 0;

  // --- the parts of the page -----------------------------------------------------------------------------------------
  const square = (className, label, props = {}) => el('canvas', {width: 28, height: 28, className, ariaLabel: label, ...props});
  const input = square('lab-canvas', 'The picture. Draw on it with pointer or keys: arrows move, space draws.', {tabIndex: 0, role: 'application'});
  const glow = square('lab-glow', '', {ariaHidden: 'true'}), output = square('lab-canvas', 'What the decoder draws from the codes', {role: 'img'});
  const grid = el('div', {className: 'lab-grid', role: 'group', ariaLabel: 'The 12 by 12 codes. Arrow keys move, space acts, c picks a code up.'});
  for (let t = 0; t < CELLS; t++) grid.append(el('button', {type: 'button', className: 'lab-tile'}));
  const cells = [...grid.children];
  const notes = {in: el('small'), codes: el('small'), out: el('small')};
  const figure = (name, title, note, ...children) => el('figure', {className: `lab-${name}`}, el('div', {className: 'lab-square'}, ...children), el('figcaption', {}, el('b', {textContent: title}), note));
  const hint = el('p', {className: 'lab-none', textContent: 'dreamt: there is no picture. Draw one, if you like.'});
  const stage = el('div', {className: 'lab-stage'}, figure('in', 'Picture', notes.in, input, glow, hint), figure('codes', '144 codes', notes.codes, grid), figure('out', 'Decoded', notes.out, output));
  const status = el('p', {className: 'lab-status', role: 'status'}), progress = el('progress', {max: 1, value: 0, hidden: true, ariaLabel: 'loading the models'});

  const thumbs = names.map((name, c) => {
    const e = button('', () => take(c), {className: 'lab-thumb', title: `${name}; again for another`, ariaLabel: `${name}: a test image`});
    const small = el('canvas', {width: 28, height: 28});
    pixelsTo(small, picture(each*c + Math.max(turn[c], 0)));
    e.append(small);
    return e;
  });
  const file = el('input', {type: 'file', accept: 'image/*', className: 'visually-hidden', onchange: () => { if (file.files[0]) photo(file.files[0]); file.value = ''; }});
  const source = el('div', {className: 'lab-source', role: 'group', ariaLabel: 'A picture to start from'}, ...thumbs,
    el('label', {className: 'lab-button'}, file, 'Photo …'), button('Blank', () => begin(new Float32Array(PIXELS), null)));
  const steps = el('div', {className: 'lab-steps', hidden: true});
  const pen = button('Pen', () => choosePen('pen')), rubber = button('Rubber', () => choosePen('rubber'));
  const undo = button('Undo', () => back(past, future)), redo = button('Redo', () => back(future, past));
  const reset = button('Reset codes', () => { remember(); setCodes(state.base.slice()); }, {title: 'back to the codes that the encoder gave'});
  const hands = el('div', {className: 'lab-hands'}, el('span', {className: 'lab-group', role: 'group', ariaLabel: 'Draw on the picture with'}, pen, rubber), el('span', {className: 'lab-group', role: 'group', ariaLabel: 'Steps'}, undo, redo, reset));

  // --- showing ---------------------------------------------------------------------------------------------------------
  function show() {
    cells.forEach((e, t) => {
      const k = state.codes[t], row = Math.floor(t/12) + 1, changed = k != state.base[t] && k != ERASED;
      if (e.dataset.code != k) { e.dataset.code = k; if (k != ERASED) spot(e, k); }
      e.className = `lab-tile${k == ERASED ? ' lab-erased' : ''}${changed ? ' lab-changed' : ''}${t == state.cell ? ' lab-chosen' : ''}`;
      e.ariaLabel = `row ${row}, column ${t%12 + 1}: ${k == ERASED ? 'erased' : `code ${k}`}${changed ? ', changed' : ''}`;
    });
    if (state.pixels) pixelsTo(input, state.pixels);
    stage.classList.toggle('lab-dreamt', !state.pixels);
    hint.hidden = !!state.pixels;
    if (state.shown) pixelsTo(output, state.shown);
    undo.disabled = !past.length; redo.disabled = !future.length;
    const differ = state.codes.filter((k, t) => k != state.base[t]).length, erased = state.codes.filter(k => k == ERASED).length;
    reset.disabled = !differ;
    const mse = state.pixels && state.shown ? state.pixels.reduce((sum, v, i) => sum + (v - state.shown[i])**2, 0)/PIXELS : null;
    notes.in.textContent = state.pixels ? '784 bytes, 6,272 bits' : 'none';
    const bits = state.bits ? `${Math.round(state.bits)} with the prior` : erased ? `${erased} erased` : '';
    notes.codes.textContent = [`${Math.round(CELLS*Math.log2(K))} bits`, bits].filter(Boolean).join(' · ');
    notes.out.textContent = mse === null ? (state.pixels ? '' : 'from the codes alone') : `error ${mse.toFixed(4)} · PSNR ${(-10*Math.log10(mse)).toFixed(1)} dB`;
    thumbs.forEach((e, c) => { e.ariaPressed = state.label == c && !!state.pixels; });
    complete.disabled = !erased || dreaming;
    look();
  }
  const label = () => state.label ?? state.guess;
  const look = () => { if (state.mode == 'Look') means.show(state.codes, state.cell, state.p, label()); };

  // --- the models ------------------------------------------------------------------------------------------------------
  const files = page.files, megabytes = (Object.values(files).reduce((a, b) => a + b)/1e6).toFixed(1);
  const models = new Models({files, nothing: page.empty}, part => { progress.value = part; status.textContent = `Fetching the models: ${Math.round(100*part)} % of ${megabytes} MB`; });
  const say = text => { status.textContent = text; };
  const retry = button('Try again', () => load());
  async function load() {
    if (models.how) return true;
    retry.remove();
    progress.hidden = false;
    try { await models.load(); say('The models are here, and run in this page: nothing is sent.'); }
    catch (error) { say(`The models cannot run here: ${error.message}. `); status.append(retry); root.dataset.failed = error.message; return false; }
    finally { progress.hidden = true; }
    root.dataset.ready = models.how;
    return true;
  }
  const tell = (codes, shown, ms) => {
    state.shown = shown; state.bits = state.p = null; version++;
    root.shown = {codes: [...codes], pixels: [...shown], ms};
    show();
    weigh();
  };
  const see = latest(async () => {
    if (!await load()) return;
    const {codes, shown, ms} = await models.ask('see', {pixels: state.pixels});
    Object.assign(state, {base: codes, codes: codes.slice(), guess: null});
    tell(codes, shown, ms);
    say(`Encoded in ${ms[0].toFixed(0)} ms and decoded in ${ms[1].toFixed(0)} ms, in this page: nothing is sent.`);
  });
  const decode = latest(async () => {
    if (!await load()) return;
    const codes = state.codes.slice(), {shown, ms} = await models.ask('decode', {codes});
    tell(codes, shown, [0, ms]);
    const differ = codes.filter((k, t) => k != state.base[t]).length;
    say(`${differ ? `${differ} ${differ == 1 ? 'code' : 'codes'} changed; d` : 'D'}ecoded in ${ms.toFixed(0)} ms, in this page: nothing is sent.`);
  });

  // what the prior says of the codes, once they rest; of a picture without a class, first the class it fits best
  let resting;
  function weigh() {
    clearTimeout(resting);
    if (dreaming || state.codes.includes(ERASED)) return;
    resting = setTimeout(async () => {
      const now = version, {codes} = state;
      try {
        if (label() === null) {
          let best = Infinity, guess = 0;
          for (let c = 0; c < names.length; c++) {
            const bits = await models.ask('bits', {codes, label: c});
            if (version != now) return;
            if (bits < best) [best, guess] = [bits, c];
          }
          state.guess = guess;
        }
        const {p, bits} = await models.ask('probabilities', {codes, label: label()});
        if (version == now) { Object.assign(state, {p, bits}); show(); }
      } catch { /* it was said already */ }
    }, 200);
  }

  // --- changing --------------------------------------------------------------------------------------------------------
  const kept = () => ({pixels: state.pixels, label: state.label, guess: state.guess, base: state.base, codes: state.codes.slice()});
  function remember() { stop(); past.push(kept()); past = past.slice(-100); future = []; }
  function back(from, to) {
    stop();
    if (!from.length) return;
    to.push(kept());
    Object.assign(state, from.pop());
    show();
    decode();
  }
  function setCodes(codes) { state.codes = codes; state.p = state.bits = null; version++; show(); decode(); }
  function begin(pixels, label) { remember(); Object.assign(state, {pixels, label, guess: null}); steps.hidden = true; show(); return see(); }
  function take(c) {
    turn[c] = (turn[c] + 1)%each;
    pixelsTo(thumbs[c].firstChild, picture(each*c + turn[c]));
    begin(picture(each*c + turn[c]), c);
  }

  // --- a photo -----------------------------------------------------------------------------------------------------------
  async function photo(file, invert = null) {
    try {
      const {steps: made, pixels, inverted} = await photoSteps(file, invert);
      begin(pixels, null);
      steps.replaceChildren(...made.map(({name, canvas}, i) => {
        const small = el('canvas', {width: 84, height: 84, role: 'img', ariaLabel: `step ${i + 1}: ${name}`}), draw = small.getContext('2d'), {width: w, height: h} = canvas, s = 84/Math.max(w, h);
        draw.imageSmoothingEnabled = w > 84 || h > 84;
        draw.drawImage(canvas, (84 - s*w)/2, (84 - s*h)/2, s*w, s*h);
        return el('figure', {}, small, el('figcaption', {textContent: `${i + 1}. ${name}`}));
      }), button(inverted ? 'Do not invert' : 'Invert', () => photo(file, !inverted)));
      steps.hidden = false;
      root.photo = [...pixels];
    } catch (error) { say(`This picture was not taken: ${error.message}.`); }
  }
  root.addEventListener('dragover', event => event.preventDefault());
  root.addEventListener('drop', event => { event.preventDefault(); const [file] = event.dataTransfer.files; if (file) photo(file); });
  addEventListener('paste', event => { const [file] = event.clipboardData.files; if (file?.type.startsWith('image/')) photo(file); });

  // --- drawing on the picture ------------------------------------------------------------------------------------------
  let tool = 'pen', at = null, hand = {x: 14, y: 14};
  function choosePen(name) { tool = name; pen.ariaPressed = name == 'pen'; rubber.ariaPressed = name == 'rubber'; }
  choosePen('pen');
  const dab = (x, y) => {
    for (let i = 0; i < PIXELS; i++) {
      const far = Math.hypot(i%28 + .5 - x, Math.floor(i/28) + .5 - y), ink = Math.min(1, Math.max(0, 2 - far));
      state.pixels[i] = tool == 'pen' ? Math.max(state.pixels[i], .9*ink) : Math.min(state.pixels[i], 1 - ink);
    }
  };
  const stroke = (x, y) => {
    const n = at ? Math.max(1, Math.ceil(2*Math.hypot(x - at.x, y - at.y))) : 1, from = at ?? {x, y};
    for (let i = 1; i <= n; i++) dab(from.x + (x - from.x)*i/n, from.y + (y - from.y)*i/n);
    at = {x, y};
    pixelsTo(input, state.pixels);
    see();
  };
  const startStroke = () => { remember(); state.pixels = state.pixels ? state.pixels.slice() : new Float32Array(PIXELS); state.label = null; state.guess = null; at = null; steps.hidden = true; show(); };
  const onto = event => { const box = input.getBoundingClientRect(); return [28*(event.clientX - box.x)/box.width, 28*(event.clientY - box.y)/box.height]; };
  input.addEventListener('pointerdown', event => { event.preventDefault(); input.focus({preventScroll: true}); input.setPointerCapture(event.pointerId); startStroke(); stroke(...onto(event)); });
  input.addEventListener('pointermove', event => { if (event.buttons && input.hasPointerCapture(event.pointerId)) stroke(...onto(event)); });
  input.addEventListener('keydown', event => {
    const step = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
    if (step) { hand = {x: Math.min(27, Math.max(0, hand.x + step[0])), y: Math.min(27, Math.max(0, hand.y + step[1]))}; cross(); }
    else if (event.key == ' ') { startStroke(); stroke(hand.x + .5, hand.y + .5); }
    else return;
    event.preventDefault();
  });
  const cross = () => { const draw = glow.getContext('2d'); draw.clearRect(0, 0, 28, 28); draw.fillStyle = '#e69f00'; draw.fillRect(hand.x, hand.y, 1, 1); glow.classList.add('lab-on', 'lab-sharp'); };
  input.addEventListener('blur', () => shine(null));

  // --- where a code looks ------------------------------------------------------------------------------------------------
  let reach;
  async function shine(t) {   // the rest of the picture grows dim
    glow.classList.remove('lab-sharp');
    if (t === null || !state.pixels) return glow.classList.remove('lab-on');
    reach ??= pixelsOf(here('reach.png'));
    const felt = (await reach).cut(28*(t%12), 28*Math.floor(t/12), 28, 28), image = new ImageData(28, 28);
    felt.forEach((v, i) => {   // amber where it looks, over a shade where it does not
      const amber = .75*Math.max(0, v - .2), shade = .62*(1 - Math.min(1, 1.6*v)), alpha = amber + shade*(1 - amber);
      image.data.set([240*amber/alpha, 165*amber/alpha, 20*amber/alpha, 255*alpha], 4*i);
    });
    glow.getContext('2d').putImageData(image, 0, 0);
    glow.classList.add('lab-on');
    root.lit = t;
  }
  const choose = t => { state.cell = t; cells.forEach((e, i) => e.classList.toggle('lab-chosen', i == t)); shine(t); look(); };

  // --- hands on the codes ------------------------------------------------------------------------------------------------
  const pick = k => { if (k == ERASED) return; state.brush = +k; setTool('brush'); palette(); };
  const act = (t, first) => {   // what a touch of a cell does
    if (state.mode == 'Paint' && state.tool == 'pick') return pick(state.codes[t]);
    choose(t);
    const k = state.mode == 'Paint' ? state.brush : state.mode == 'Dream' ? ERASED : null;
    if (k === null) return;
    if (first) remember();
    if (state.codes[t] == k) return;
    const codes = state.codes.slice();
    codes[t] = k;
    setCodes(codes);
  };
  const cellAt = event => cells.indexOf(document.elementFromPoint(event.clientX, event.clientY));
  grid.addEventListener('pointerdown', event => {
    const t = cells.indexOf(event.target);
    if (t < 0) return;
    event.target.releasePointerCapture(event.pointerId);
    if (event.altKey) return pick(state.codes[t]);
    act(t, true);
  });
  grid.addEventListener('pointermove', event => {
    const t = cellAt(event);
    if (t < 0) return;
    if (!event.buttons) return void shine(t);
    if (!event.altKey && t != state.cell && state.tool != 'pick') act(t, false);
  });
  grid.addEventListener('pointerleave', () => { if (document.activeElement?.parentElement != grid) shine(null); else shine(state.cell); });
  grid.addEventListener('focusin', event => choose(cells.indexOf(event.target)));
  grid.addEventListener('focusout', () => shine(null));
  grid.addEventListener('keydown', event => {
    const t = cells.indexOf(event.target);
    if (event.key == ' ' || event.key == 'Enter') { event.preventDefault(); act(t, true); }
    if (event.key == 'c') pick(state.codes[t]);
    if (event.key == 'Delete' || event.key == 'Backspace') { event.preventDefault(); remember(); const codes = state.codes.slice(); codes[t] = ERASED; setCodes(codes); }
  });
  arrows(grid, () => 12);

  // --- look ----------------------------------------------------------------------------------------------------------------
  const means = meaning(page, spot, (t, k) => { remember(); const codes = state.codes.slice(); codes[t] = k; setCodes(codes); });

  // --- paint: the palette, alike codes beside each other ---------------------------------------------------------------
  const colours = el('div', {className: 'lab-palette', role: 'group', ariaLabel: `The ${K} codes, alike ones beside each other. Arrow keys move, space chooses.`},
    ...page.alike.map(k => { const e = el('button', {type: 'button', className: 'lab-tile', title: `code ${k}`, ariaLabel: `code ${k}`, onclick: () => pick(k)}); e.dataset.code = k; spot(e, k); return e; }));
  arrows(colours, () => getComputedStyle(colours).gridTemplateColumns.split(' ').length);
  const held = el('span', {className: 'lab-tile lab-held', ariaHidden: 'true'}), holds = el('span', {className: 'lab-quiet'});
  const brush = button('Brush', () => setTool('brush')), dropper = button('Pick up', () => setTool('pick'), {title: 'touch a code to take it into the brush; c on the keyboard, Alt and click with the mouse'});
  const fill = button('Fill', () => { remember(); setCodes(new Uint8Array(CELLS).fill(state.brush)); });
  function setTool(name) { state.tool = name; brush.ariaPressed = name == 'brush'; dropper.ariaPressed = name == 'pick'; grid.classList.toggle('lab-picking', name == 'pick'); }
  function palette() { for (const e of colours.children) e.ariaPressed = e.dataset.code == state.brush; spot(held, state.brush); holds.textContent = `code ${state.brush}`; }
  const painting = el('div', {}, el('div', {className: 'lab-hands'}, el('span', {className: 'lab-group', role: 'group', ariaLabel: 'On the codes'}, brush, dropper), fill, el('span', {className: 'lab-holding'}, held, holds)), colours);

  // --- dream ---------------------------------------------------------------------------------------------------------------
  const option = (name, i) => el('option', {value: i, textContent: name});
  const kind = el('select', {}, ...names.map(option)), heat = el('input', {type: 'range', min: .3, max: 1.5, step: .05, value: 1}), warm = el('output', {textContent: '1.00'});
  heat.addEventListener('input', () => { warm.textContent = (+heat.value).toFixed(2); });
  kind.value = names.length - 1;
  const fresh = button('Dream a garment', () => { remember(); dream(new Uint8Array(CELLS).fill(ERASED), +kind.value, true); }, {className: 'lab-primary'});
  const complete = button('Complete', () => { remember(); dream(state.codes.slice(), +kind.value, false); }, {title: 'fill what is erased', disabled: true});
  const halt = button('Stop', () => stop(), {hidden: true});
  const dreams = el('div', {}, el('div', {className: 'lab-hands'}, el('label', {}, 'A ', kind), el('label', {className: 'lab-heat'}, 'temperature ', heat, warm), fresh, complete, halt),
    el('p', {className: 'lab-quiet', textContent: 'The prior draws one code after the other, row by row, each from those before it. Drag over the codes to erase some, and let it complete them.'}));
  function stop() { dreaming = 0; halt.hidden = true; cells.forEach(e => e.classList.remove('lab-lead')); }
  async function dream(codes, c, anew) {
    const mine = dreaming = ++version;
    halt.hidden = false;
    if (anew) Object.assign(state, {pixels: null, label: c, base: codes.slice(), shown: null});
    Object.assign(state, {codes, p: null, bits: null});
    show();
    if (!await load()) return stop();
    const start = performance.now();
    say('Dreaming …');
    for (let t = 0; t < CELLS; t++) {
      const drawn = codes[t] == ERASED;
      codes[t] = await models.ask('next', {codes, label: c, t, temperature: +heat.value, u: Math.random()});
      if (dreaming != mine) { if (anew) { codes.fill(ERASED, t); state.base = codes.slice(); } return; }
      if (!drawn) continue;
      if (anew) state.base[t] = codes[t];
      spot(cells[t], codes[t]);
      cells[t].dataset.code = codes[t];
      cells[t - 1]?.classList.remove('lab-lead');
      cells[t].className = 'lab-tile lab-lead';
      if (t%3 == 2 || t == CELLS - 1) { state.shown = (await models.ask('decode', {codes})).shown; pixelsTo(output, state.shown); }
      if (!calm.matches) await wait(Math.max(0, start + 22*(t + 1) - performance.now()));
    }
    if (dreaming != mine) return;
    stop();
    state.seconds = (performance.now() - start)/1000;
    tell(codes.slice(), state.shown, [0, 0]);
    say(`${anew ? 'Dreamt' : 'Completed'} in ${state.seconds.toFixed(1)} s, in this page: nothing is sent.`);
  }

  // --- morph ---------------------------------------------------------------------------------------------------------------
  const goals = names.map((name, c) => {
    const e = button('', () => goal(c), {className: 'lab-thumb', title: name, ariaLabel: `to: ${name}`}), small = el('canvas', {width: 28, height: 28});
    pixelsTo(small, picture(each*c + 1));
    e.append(small);
    return e;
  });
  const how = el('select', {onchange: () => between()}, el('option', {value: 'mix', textContent: 'mixing vectors, then snapping'}), el('option', {value: 'swap', textContent: 'swapping codes'}));
  const way = el('input', {type: 'range', min: 0, max: 100, value: 0, ariaLabel: 'the way from one garment to the other'}), play = button('Play', () => run(), {className: 'lab-primary'});
  const morphs = el('div', {}, el('div', {className: 'lab-source', role: 'group', ariaLabel: 'Morph to'}, el('span', {className: 'lab-quiet', textContent: 'to'}), ...goals),
    el('div', {className: 'lab-hands'}, el('label', {}, 'by ', how), play, el('label', {className: 'lab-way'}, way)));
  let ends = null, target = 8, playing = false;
  const showGoal = () => goals.forEach((e, c) => { e.ariaPressed = c == target; });
  async function goal(c) { target = c; showGoal(); if (ends) { await setEnds(ends.a); between(); } }
  async function setEnds(a) {   // from what is shown now, as a picture if it is one
    const answer = await models.ask('ends', {a: a.codes ? {codes: a.codes} : {pixels: a.pixels}, b: {pixels: picture(each*target + 1)}});
    ends = {a, codes: answer};
  }
  const startMorph = async () => {
    if (ends || !await load()) return;
    remember();
    const codes = state.codes.map(k => k == ERASED ? page.empty : k), whole = state.pixels && codes.every((k, t) => k == state.base[t]);
    await setEnds(whole ? {pixels: state.pixels} : {codes});
  };
  const morphed = async t => how.value == 'mix' ? models.ask('mix', {t}) : swapped(t);
  const swapped = async t => {
    const codes = ends.codes[0].map((k, i) => page.order[i] < CELLS*t ? ends.codes[1][i] : k);
    return {codes, shown: (await models.ask('decode', {codes})).shown};
  };
  const between = latest(async () => {
    await startMorph();
    if (!ends) return;
    const {codes, shown} = await morphed(way.value/100);
    state.codes = codes;
    tell(codes, shown, [0, 0]);
    say(`${way.value} % of the way to the ${names[target].toLowerCase()}.`);
  });
  way.addEventListener('input', () => { playing = false; play.textContent = 'Play'; between(); });
  async function run() {
    playing = !playing;
    play.textContent = playing ? 'Pause' : 'Play';
    if (+way.value == 100) way.value = 0;
    while (playing) {
      const from = performance.now();
      await between();
      if (+way.value >= 100) break;
      await wait(Math.max(0, 40 - performance.now() + from));
      if (playing) way.value = +way.value + 2;
    }
    playing = false;
    play.textContent = 'Play';
  }
  const endMorph = () => { playing = false; ends = null; way.value = 0; };
  showGoal();

  // --- to take along -------------------------------------------------------------------------------------------------------
  const box = el('textarea', {readOnly: true, hidden: true, rows: 6, ariaLabel: 'to be copied', className: 'lab-copy'});
  async function copy(text, said) {
    try { await navigator.clipboard.writeText(text); box.hidden = true; say(said); }
    catch { box.value = text; box.hidden = false; box.focus(); box.select(); say('The browser does not let a page copy; here it is, to be copied by hand.'); }
    root.copied = text;
  }
  const whole = () => state.codes.map(k => k == ERASED ? page.empty : k);
  const link = () => { const url = new URL(location.href); url.hash = `codes=${toText(whole())}`; history.replaceState(null, '', url); copy(url.href, 'The address of these codes is copied; whoever opens it sees this garment.'); };
  async function png() {
    const parts = state.pixels ? [input, grid, output] : [grid, output], side = 336, gap = 24, tiles = new Image();
    const canvas = el('canvas', {width: parts.length*(side + gap) - gap, height: side}), draw = canvas.getContext('2d');
    tiles.src = here('tiles.png');
    await tiles.decode();
    draw.imageSmoothingEnabled = false;
    parts.forEach((part, i) => {
      const x = i*(side + gap);
      if (part != grid) return draw.drawImage(part, x, 0, side, side);
      whole().forEach((k, t) => draw.drawImage(tiles, k%10*12, Math.floor(k/10)*12, 12, 12, x + t%12*28, Math.floor(t/12)*28, 28, 28));
    });
    canvas.toBlob(blob => { save(blob, 'codes.png'); say('The picture is saved.'); });
  }
  async function moving() {
    if (!await load()) return;
    say('Drawing the frames …');
    await startMorph();
    const frames = [];
    for (let i = 0; i <= 24; i++) frames.push((await morphed(i/24)).shown);
    const blob = gif([...frames, ...Array(6).fill(frames.at(-1)), ...frames.toReversed(), ...Array(6).fill(frames[0])], 28, 8, 7);
    save(blob, 'morph.gif');
    root.saved = blob.size;
    if (state.mode != 'Morph') ends = null;
    say(`The morph to the ${names[target].toLowerCase()} is saved.`);
  }
  const sharing = el('div', {className: 'lab-hands lab-share'}, el('span', {className: 'lab-quiet', textContent: 'Take along'}),
    button('Link', link, {title: 'copy an address with these 144 codes'}), button('PNG', png, {title: 'save picture, codes and decoded'}),
    button('GIF', moving, {title: 'save the morph as a moving picture'}), button('Array', () => copy(asArray(whole()), 'The codes are copied as Python: paste them into a notebook.'), {title: 'copy the codes for model.decode'}));

  const panels = {Look: means.panel, Paint: painting, Dream: dreams, Morph: morphs};
  const chooser = tabs('What to do with the codes', panels, name => { if (state.mode != name) { endMorph(); if (state.mode == 'Dream') stop(); } state.mode = name; grid.dataset.mode = name; setTool('brush'); look(); });
  root.replaceChildren(source, steps, stage, progress, status, hands, chooser.list, ...Object.values(panels), sharing, box);
  palette();
  chooser.choose('Look');
  say(`Nothing is sent anywhere. The models, ${megabytes} MB, are fetched at your first touch.`);
  Object.assign(root, {lab: {state, models, page, photoSteps, asCanvas, stop}});

  // --- before the first touch: codes of a garment appear one after the other, and the picture with them ----------------------
  let touched = false;
  const touch = () => { if (touched) return; touched = true; show(); load().then(ok => ok && !state.shown && (state.pixels ? see() : decode())); };
  for (const name of ['pointerdown', 'focusin', 'keydown', 'dragenter']) root.addEventListener(name, touch, {capture: true});
  const given = fromText(location.hash.match(/codes=([\w=-]+)/)?.[1] ?? '', K);
  if (given) { Object.assign(state, {pixels: null, label: null, base: given, codes: given.slice()}); touch(); return; }
  show();
  const intro = await pixelsOf(here('intro.png')), last = CELLS/page.step;
  const frame = i => pixelsTo(output, intro.cut(28*i, 0, 28, 28));
  if (calm.matches) return frame(last);
  frame(0);
  cells.forEach(e => e.classList.add('lab-waiting'));
  await new Promise(seen => new IntersectionObserver((all, watch) => { if (all.some(e => e.isIntersecting)) { watch.disconnect(); seen(); } }, {threshold: .3}).observe(stage));
  for (let t = 0; t < CELLS && !touched; t++) {
    cells[t].classList.remove('lab-waiting');
    if ((t + 1)%page.step == 0) frame((t + 1)/page.step);
    await wait(18);
  }
  cells.forEach(e => e.classList.remove('lab-waiting'));
  if (!state.shown) frame(last);
}

main().catch(error => { root.textContent = `This part could not be started: ${error.message}. The figures below show what it does.`; root.dataset.failed = error.message; });
