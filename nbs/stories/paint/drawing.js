// Drawing on the picture, with a pen or a rubber, by pointer or by keys.
import {button, el, pixelsTo} from './dom.js';

export function drawing(lab) {
  const {input, glow, state} = lab, hand = {x: 14, y: 14};
  let tool, at;
  const pen = button('Pen', () => choose('pen')), rubber = button('Rubber', () => choose('rubber'));
  function choose(name) { tool = name; pen.ariaPressed = name == 'pen'; rubber.ariaPressed = name == 'rubber'; }
  choose('pen');

  function dab(x, y) {   // a soft dot, two pixels around
    for (let i = 0; i < 784; i++) {
      const far = Math.hypot(i%28 + .5 - x, Math.floor(i/28) + .5 - y), ink = Math.min(1, Math.max(0, 2 - far));
      state.pixels[i] = tool == 'pen' ? Math.max(state.pixels[i], .9*ink) : Math.min(state.pixels[i], 1 - ink);
    }
  }
  function start() {
    lab.remember();
    Object.assign(state, {pixels: state.pixels?.slice() ?? new Float32Array(784), label: null, guess: null});
    at = null;
    lab.source.hide();
    lab.show();
  }
  function go(x, y) {   // dots along the way
    const from = at ?? {x, y}, n = Math.max(1, Math.ceil(2*Math.hypot(x - from.x, y - from.y)));
    for (let i = 1; i <= n; i++) dab(from.x + (x - from.x)*i/n, from.y + (y - from.y)*i/n);
    at = {x, y};
    pixelsTo(input, state.pixels);
    lab.see();
  }
  function cross() {   // where the hand of the keyboard is
    const draw = glow.getContext('2d');
    draw.clearRect(0, 0, 28, 28);
    draw.fillStyle = '#e69f00';
    draw.fillRect(hand.x, hand.y, 1, 1);
    glow.classList.add('lab-on', 'lab-sharp');
  }
  const place = event => {
    const box = input.getBoundingClientRect();
    return [28*(event.clientX - box.x)/box.width, 28*(event.clientY - box.y)/box.height];
  };

  input.addEventListener('pointerdown', event => {
    event.preventDefault();
    input.focus({preventScroll: true});
    input.setPointerCapture(event.pointerId);
    start();
    go(...place(event));
  });
  input.addEventListener('pointermove', event => {
    if (event.buttons && input.hasPointerCapture(event.pointerId)) go(...place(event));
  });
  input.addEventListener('keydown', event => {
    const step = {ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1]}[event.key];
    if (step) {
      hand.x = Math.min(27, Math.max(0, hand.x + step[0]));
      hand.y = Math.min(27, Math.max(0, hand.y + step[1]));
      cross();
    } else if (event.key == ' ') { start(); go(hand.x + .5, hand.y + .5); }
    else return;
    event.preventDefault();
  });
  input.addEventListener('blur', () => glow.classList.remove('lab-on'));
  return el('span', {className: 'lab-group', role: 'group', ariaLabel: 'Draw on the picture with'}, pen, rubber);
}
