// The page "Paint with codes": a picture, its 144 codes, and what the decoder draws from them, all in the browser.
//
// `Lab` holds what is shown and what can be done to it; the other modules add hands: drawing on the picture, touching
// codes, dreaming, morphing, taking along. The models run in a worker: worker.js, vqvae.js, prior.js, kernel.js.
import {touchCodes} from './cells.js';
import {CELLS, ERASED, PIXELS, calm, here, wait} from './common.js';
import {button, el, pixelsOf, pixelsTo, tabs} from './dom.js';
import {drawing} from './drawing.js';
import {dreaming} from './dreaming.js';
import {meaning} from './meaning.js';
import {latest, Models} from './models.js';
import {morphing} from './morphing.js';
import {painting} from './painting.js';
import {fromText} from './share.js';
import {source} from './source.js';
import {taking} from './taking.js';

const root = document.getElementById('paint');

class Lab {
  constructor(page, pictures) {
    const codes = Uint8Array.from(page.codes), {first, each} = page;
    Object.assign(this, {root, page, pictures, past: [], future: [], version: 0});
    // a picture or none, its class if that is known, the codes it had, and the codes as they are
    this.state = {pixels: this.picture(first), label: Math.floor(first/each), guess: null, base: codes, codes: codes.slice(),
                  shown: null, p: null, bits: null, cell: 66, mode: 'Look'};
    this.megabytes = (Object.values(page.files).reduce((a, b) => a + b)/1e6).toFixed(1);
    this.models = new Models({files: page.files, nothing: page.empty}, part => {
      this.progress.value = part;
      this.say(`Fetching the models: ${Math.round(100*part)} % of ${this.megabytes} MB`);
    });
    this.see = latest(() => this.encode());
    this.decode = latest(() => this.decodeNow());
    this.build();
  }

  /** A test image: eight of each class are here. */
  picture(i) { const {each} = this.page; return this.pictures.cut(28*(i%each), 28*Math.floor(i/each), 28, 28); }

  /** Let an element show the tile of a code. */
  spot(e, k) {
    const rows = Math.ceil(this.page.K/10);
    e.style.backgroundPosition = `${k%10*100/9}% ${Math.floor(k/10)*100/(rows - 1)}%`;
  }

  // --- the parts of the page -------------------------------------------------------------------------------------------
  build() {
    const square = (className, ariaLabel, props) => el('canvas', {width: 28, height: 28, className, ariaLabel, ...props});
    this.input = square('lab-canvas', 'The picture. Draw on it with pointer or keys: arrows move, space draws.',
                        {tabIndex: 0, role: 'application'});
    this.glow = square('lab-glow', '', {ariaHidden: 'true'});
    this.output = square('lab-canvas', 'What the decoder draws from the codes', {role: 'img'});
    this.grid = el('div', {className: 'lab-grid', role: 'group',
                           ariaLabel: 'The 12 by 12 codes. Arrow keys move, space acts, c picks a code up.'});
    for (let t = 0; t < CELLS; t++) this.grid.append(el('button', {type: 'button', className: 'lab-tile'}));
    this.cells = [...this.grid.children];
    this.notes = {in: el('small'), codes: el('small'), out: el('small')};
    this.hint = el('p', {className: 'lab-none', textContent: 'dreamt: there is no picture. Draw one, if you like.'});
    const figure = (name, title, ...children) => el('figure', {className: `lab-${name}`},
      el('div', {className: 'lab-square'}, ...children),
      el('figcaption', {}, el('b', {textContent: title}), this.notes[name]));
    this.stage = el('div', {className: 'lab-stage'}, figure('in', 'Picture', this.input, this.glow, this.hint),
                    figure('codes', '144 codes', this.grid), figure('out', 'Decoded', this.output));
    this.status = el('p', {className: 'lab-status', role: 'status'});
    this.progress = el('progress', {max: 1, value: 0, hidden: true, ariaLabel: 'loading the models'});
    this.retry = button('Try again', () => this.load());
    this.undo = button('Undo', () => this.back(this.past, this.future));
    this.redo = button('Redo', () => this.back(this.future, this.past));
    this.reset = button('Reset codes', () => { this.remember(); this.setCodes(this.state.base.slice()); },
                        {title: 'back to the codes that the encoder gave'});
    this.hands = el('div', {className: 'lab-hands'}, drawing(this),
      el('span', {className: 'lab-group', role: 'group', ariaLabel: 'Steps'}, this.undo, this.redo, this.reset));
    this.source = source(this);
    this.means = meaning(this);
    this.painting = painting(this);
    this.dreaming = dreaming(this);
    this.morphing = morphing(this);
    touchCodes(this);
    const panels = {Look: this.means.panel, Paint: this.painting.panel, Dream: this.dreaming.panel, Morph: this.morphing.panel};
    const chooser = tabs('What to do with the codes', panels, name => this.enter(name));
    root.replaceChildren(...this.source.parts, this.stage, this.progress, this.status, this.hands, chooser.list,
                         ...Object.values(panels), ...taking(this));
    chooser.choose('Look');
  }

  enter(mode) {
    if (this.state.mode != mode) { this.morphing.leave(); this.dreaming.stop(); }
    this.state.mode = this.grid.dataset.mode = mode;
    this.painting.use('brush');
    this.look();
  }

  // --- showing ---------------------------------------------------------------------------------------------------------
  show() {
    const {pixels, shown, codes, base, bits} = this.state;
    this.cells.forEach((e, t) => this.showCell(e, t));
    if (pixels) pixelsTo(this.input, pixels);
    if (shown) pixelsTo(this.output, shown);
    this.stage.classList.toggle('lab-dreamt', !pixels);
    this.hint.hidden = !!pixels;
    this.undo.disabled = !this.past.length;
    this.redo.disabled = !this.future.length;
    this.reset.disabled = !this.changed();
    const mse = pixels && shown ? pixels.reduce((sum, v, i) => sum + (v - shown[i])**2, 0)/PIXELS : null;
    const erased = codes.filter(k => k == ERASED).length, fixed = `${Math.round(CELLS*Math.log2(this.page.K))} bits`;
    this.notes.in.textContent = pixels ? '784 bytes, 6,272 bits' : 'none';
    this.notes.codes.textContent = fixed + (bits ? ` · ${Math.round(bits)} with the prior` : erased ? ` · ${erased} erased` : '');
    this.notes.out.textContent = mse !== null ? `error ${mse.toFixed(4)} · PSNR ${(-10*Math.log10(mse)).toFixed(1)} dB`
      : pixels ? '' : 'from the codes alone';
    this.source.show();
    this.dreaming.show(erased);
    this.look();
  }

  showCell(e, t) {
    const k = this.state.codes[t], changed = k != this.state.base[t] && k != ERASED;
    if (e.dataset.code != k) { e.dataset.code = k; if (k != ERASED) this.spot(e, k); }
    const classes = {'lab-erased': k == ERASED, 'lab-changed': changed, 'lab-chosen': t == this.state.cell};
    e.className = ['lab-tile', ...Object.keys(classes).filter(name => classes[name])].join(' ');
    const what = k == ERASED ? 'erased' : `code ${k}`;
    e.ariaLabel = `row ${Math.floor(t/12) + 1}, column ${t%12 + 1}: ${what}${changed ? ', changed' : ''}`;
  }

  look(t = this.state.cell) {
    if (this.state.mode == 'Look') this.means.show(this.state.codes, t, this.state.p, this.label(), this.state.label === null);
  }

  say(text) { this.status.textContent = text; }
  label() { return this.state.label ?? this.state.guess; }
  changed() { return this.state.codes.filter((k, t) => k != this.state.base[t]).length; }
  whole() { return this.state.codes.map(k => k == ERASED ? this.page.empty : k); }   // nothing erased

  // --- the models ------------------------------------------------------------------------------------------------------
  async load() {
    if (this.models.how) return true;
    this.retry.remove();
    this.progress.hidden = false;
    try {
      await this.models.load();
      this.say('The models are here, and run in this page: nothing is sent.');
      root.dataset.ready = this.models.how;
      return true;
    } catch (error) {
      this.say(`The models cannot run here: ${error.message}. `);
      this.status.append(this.retry);
      root.dataset.failed = error.message;
      return false;
    } finally { this.progress.hidden = true; }
  }

  async encode() {
    if (!await this.load()) return;
    const {codes, shown, ms} = await this.models.ask('see', {pixels: this.state.pixels});
    Object.assign(this.state, {base: codes, codes: codes.slice(), guess: null});
    this.tell(codes, shown, ms);
    this.say(`Encoded in ${ms[0].toFixed(0)} ms and decoded in ${ms[1].toFixed(0)} ms, in this page: nothing is sent.`);
  }

  async decodeNow() {
    if (!await this.load()) return;
    const codes = this.state.codes.slice(), {shown, ms} = await this.models.ask('decode', {codes}), n = this.changed();
    this.tell(codes, shown, [0, ms]);
    const what = n ? `${n} ${n == 1 ? 'code' : 'codes'} changed; decoded` : 'Decoded';
    this.say(`${what} in ${ms.toFixed(0)} ms, in this page: nothing is sent.`);
  }

  /** Something was decoded: show it, and ask the prior once the codes rest. */
  tell(codes, shown, ms) {
    Object.assign(this.state, {shown, p: null, bits: null});
    this.version++;
    root.shown = {codes: [...codes], pixels: [...shown], ms};
    this.show();
    clearTimeout(this.resting);
    if (!this.dreaming.now() && !this.state.codes.includes(ERASED)) this.resting = setTimeout(() => this.weigh(), 200);
  }

  /** What the prior says of the codes; of a picture whose class is not known, first the class that it fits best. */
  async weigh() {
    const {version, state: {codes}} = this;
    if (this.label() === null) {
      const bits = [];
      for (const label of this.page.names.keys()) {
        bits.push(await this.models.ask('bits', {codes, label}));
        if (this.version != version) return;
      }
      this.state.guess = bits.indexOf(Math.min(...bits));
    }
    const said = await this.models.ask('probabilities', {codes, label: this.label()});
    if (this.version == version) { Object.assign(this.state, said); this.show(); }
  }

  // --- changing --------------------------------------------------------------------------------------------------------
  kept() {
    const {pixels, label, guess, base, codes} = this.state;
    return {pixels, label, guess, base, codes: codes.slice()};
  }

  remember() {
    this.dreaming.stop();
    this.morphing.leave();
    this.past = [...this.past, this.kept()].slice(-100);
    this.future = [];
  }

  back(from, to) {
    this.dreaming.stop();
    this.morphing.leave();
    if (!from.length) return;
    to.push(this.kept());
    Object.assign(this.state, from.pop());
    this.show();
    this.decode();
  }

  setCodes(codes) {
    Object.assign(this.state, {codes, p: null, bits: null});
    this.version++;
    this.show();
    this.decode();
  }

  setCode(t, k) { const codes = this.state.codes.slice(); codes[t] = k; this.setCodes(codes); }

  begin(pixels, label) {
    this.remember();
    Object.assign(this.state, {pixels, label, guess: null});
    this.source.hide();
    this.show();
    this.see();
  }
}

/** Before the first touch: the codes of a garment appear one after the other, and the picture with them. */
async function introduce(lab, touched) {
  const {cells, output, page, stage, state} = lab, last = CELLS/page.step, film = await pixelsOf(here('intro.png'));
  const frame = i => pixelsTo(output, film.cut(28*i, 0, 28, 28));
  if (calm.matches) return frame(last);
  frame(0);
  cells.forEach(e => e.classList.add('lab-waiting'));
  await new Promise(seen => new IntersectionObserver((all, watch) => {
    if (all.some(e => e.isIntersecting)) { watch.disconnect(); seen(); }
  }, {threshold: .3}).observe(stage));
  for (let t = 0; t < CELLS && !touched(); t++) {
    cells[t].classList.remove('lab-waiting');
    if ((t + 1)%page.step == 0) frame((t + 1)/page.step);
    await wait(18);
  }
  cells.forEach(e => e.classList.remove('lab-waiting'));
  if (!state.shown) frame(last);
}

async function main() {
  const [page, pictures] = await Promise.all([fetch(here('paint.json')).then(r => r.json()), pixelsOf(here('pictures.png'))]);
  const lab = root.lab = new Lab(page, pictures), {state} = lab;
  lab.say(`Nothing is sent anywhere. The models, ${lab.megabytes} MB, are fetched at your first touch.`);
  let touched = false;
  const touch = async () => {
    if (touched) return;
    touched = true;
    lab.show();
    if (await lab.load() && !state.shown) state.pixels ? lab.see() : lab.decode();
  };
  for (const name of ['pointerdown', 'focusin', 'keydown', 'dragenter']) root.addEventListener(name, touch, {capture: true});
  const given = fromText(location.hash.match(/codes=([\w=-]+)/)?.[1] ?? '', page.K);
  if (given) { Object.assign(state, {pixels: null, label: null, base: given, codes: given.slice()}); return touch(); }
  lab.show();
  introduce(lab, () => touched);
}

main().catch(error => {
  root.textContent = `This part could not be started: ${error.message}. The figures below show what it does.`;
  root.dataset.failed = error.message;
});
