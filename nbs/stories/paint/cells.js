// Hands on the codes: what a touch does depends on the tab; and where a code looks glows in the picture.
import {ERASED, here} from './common.js';
import {arrows, pixelsOf} from './dom.js';

export function touchCodes(lab) {
  const {cells, glow, grid, root, state} = lab;

  let reach;
  async function shine(t) {   // amber where the code looks; the rest of the picture grows dim
    glow.classList.remove('lab-sharp');
    if (t === null || !state.pixels) return glow.classList.remove('lab-on');
    reach ??= pixelsOf(here('reach.png'));
    const felt = (await reach).cut(28*(t%12), 28*Math.floor(t/12), 28, 28), image = new ImageData(28, 28);
    felt.forEach((v, i) => {
      const amber = .75*Math.max(0, v - .2), shade = .62*(1 - Math.min(1, 1.6*v)), alpha = amber + shade*(1 - amber);
      image.data.set([240*amber/alpha, 165*amber/alpha, 20*amber/alpha, 255*alpha], 4*i);
    });
    glow.getContext('2d').putImageData(image, 0, 0);
    glow.classList.add('lab-on');
    root.lit = t;
  }

  function choose(t) {
    state.cell = t;
    cells.forEach((e, i) => e.classList.toggle('lab-chosen', i == t));
    shine(t);
    lab.look();
  }
  function act(t, first) {   // `first`: of a stroke, which is one step to be undone
    if (state.mode == 'Paint' && lab.painting.tool() == 'pick') return lab.painting.pick(state.codes[t]);
    choose(t);
    const k = {Paint: lab.painting.brush(), Dream: ERASED}[state.mode];
    if (k === undefined) return;
    if (first) lab.remember();
    if (state.codes[t] != k) lab.setCode(t, k);
  }

  grid.addEventListener('pointerdown', event => {
    const t = cells.indexOf(event.target);
    if (t < 0) return;
    event.target.releasePointerCapture(event.pointerId);
    if (event.altKey) lab.painting.pick(state.codes[t]); else act(t, true);
  });
  grid.addEventListener('pointermove', event => {
    const t = cells.indexOf(document.elementFromPoint(event.clientX, event.clientY));
    if (t < 0) return;
    if (!event.buttons) { if (t != root.lit) lab.look(t); shine(t); }
    else if (!event.altKey && t != state.cell && lab.painting.tool() != 'pick') act(t, false);
  });
  grid.addEventListener('pointerleave', () => { shine(grid.contains(document.activeElement) ? state.cell : null); lab.look(); });
  grid.addEventListener('focusin', event => choose(cells.indexOf(event.target)));
  grid.addEventListener('focusout', () => shine(null));
  grid.addEventListener('keydown', event => {
    const t = cells.indexOf(event.target);
    if (event.key == ' ' || event.key == 'Enter') { event.preventDefault(); act(t, true); }
    if (event.key == 'c') lab.painting.pick(state.codes[t]);
    if (event.key == 'Delete' || event.key == 'Backspace') { event.preventDefault(); lab.remember(); lab.setCode(t, ERASED); }
  });
  arrows(grid, () => 12);
}
