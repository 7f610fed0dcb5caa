// Where a picture comes from: test images, a photo that is chosen, dropped or pasted, or a blank one.
import {button, el, pixelsTo} from './dom.js';
import {photoSteps} from './picture.js';

const SIDE = 84;   // of a step of a photo, as shown

function small(canvas, name) {   // all of a picture, in a square
  const out = el('canvas', {width: SIDE, height: SIDE, role: 'img', ariaLabel: name}), draw = out.getContext('2d');
  const {width: w, height: h} = canvas, s = SIDE/Math.max(w, h);
  draw.imageSmoothingEnabled = s < 1;
  draw.drawImage(canvas, (SIDE - s*w)/2, (SIDE - s*h)/2, s*w, s*h);
  return out;
}

/** A small picture to press. */
export function thumb(pixels, label, onclick) {
  const canvas = el('canvas', {width: 28, height: 28}), e = button('', onclick, {className: 'lab-thumb', title: label, ariaLabel: label});
  pixelsTo(canvas, pixels);
  e.append(canvas);
  return e;
}

export function source(lab) {
  const {page: {names, each, first}, root, state} = lab;
  const turn = names.map((_, c) => c == state.label ? first%each : -1);   // which test image of a class was last
  const take = c => {
    turn[c] = (turn[c] + 1)%each;
    const pixels = lab.picture(each*c + turn[c]);
    pixelsTo(thumbs[c].firstChild, pixels);
    lab.begin(pixels, c);
  };
  const thumbs = names.map((name, c) => thumb(lab.picture(each*c + Math.max(turn[c], 0)), `${name}: a test image`, () => take(c)));
  const steps = el('div', {className: 'lab-steps', hidden: true});

  async function photo(file, invert = null) {
    try {
      const made = await photoSteps(file, invert);
      lab.begin(made.pixels, null);
      steps.replaceChildren(
        ...made.steps.map(({name, canvas}, i) => el('figure', {}, small(canvas, name), el('figcaption', {textContent: `${i + 1}. ${name}`}))),
        button(made.inverted ? 'Do not invert' : 'Invert', () => photo(file, !made.inverted)));
      steps.hidden = false;
      root.photo = [...made.pixels];
    } catch (error) { lab.say(`This picture was not taken: ${error.message}.`); }
  }
  const choose = el('input', {type: 'file', accept: 'image/*', className: 'visually-hidden', onchange: () => {
    if (choose.files[0]) photo(choose.files[0]);
    choose.value = '';
  }});
  root.addEventListener('dragover', event => event.preventDefault());
  root.addEventListener('drop', event => {
    event.preventDefault();
    if (event.dataTransfer.files[0]) photo(event.dataTransfer.files[0]);
  });
  addEventListener('paste', event => {
    const [file] = event.clipboardData.files;
    if (file?.type.startsWith('image/')) photo(file);
  });

  const row = el('div', {className: 'lab-source', role: 'group', ariaLabel: 'A picture to start from'}, ...thumbs,
    el('label', {className: 'lab-button'}, choose, 'Photo …'), button('Blank', () => lab.begin(new Float32Array(784), null)));
  return {
    parts: [row, steps],
    hide() { steps.hidden = true; },
    show() { thumbs.forEach((e, c) => { e.ariaPressed = state.label == c && !!state.pixels; }); }};
}
