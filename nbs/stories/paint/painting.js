// The tab "Paint": a palette with alike codes beside each other, a brush, and a way to pick codes up.
import {CELLS, ERASED} from './common.js';
import {arrows, button, el} from './dom.js';

export function painting(lab) {
  const {grid, page: {K, alike}} = lab;
  let brush = lab.page.brush, tool;
  const palette = el('div', {className: 'lab-palette', role: 'group',
                             ariaLabel: `The ${K} codes, alike ones beside each other. Arrow keys move, space chooses.`});
  for (const k of alike) {
    const e = button('', () => pick(k), {className: 'lab-tile', title: `code ${k}`, ariaLabel: `code ${k}`});
    e.dataset.code = k;
    lab.spot(e, k);
    palette.append(e);
  }
  arrows(palette, () => getComputedStyle(palette).gridTemplateColumns.split(' ').length);

  const held = el('span', {className: 'lab-tile lab-held', ariaHidden: 'true'}), name = el('span', {className: 'lab-quiet'});
  const paint = button('Brush', () => use('brush'));
  const dropper = button('Pick up', () => use('pick'),
                         {title: 'touch a code to take it into the brush; also c on the keyboard, Alt and click with the mouse'});
  const fill = button('Fill', () => { lab.remember(); lab.setCodes(new Uint8Array(CELLS).fill(brush)); });
  function use(which) {
    tool = which;
    paint.ariaPressed = tool == 'brush';
    dropper.ariaPressed = tool == 'pick';
    grid.classList.toggle('lab-picking', tool == 'pick');
  }
  function pick(k) {
    if (k == ERASED) return;
    brush = k;
    use('brush');
    for (const e of palette.children) e.ariaPressed = e.dataset.code == k;
    lab.spot(held, k);
    name.textContent = `code ${k}`;
  }
  pick(brush);
  const panel = el('div', {}, el('div', {className: 'lab-hands'},
    el('span', {className: 'lab-group', role: 'group', ariaLabel: 'On the codes'}, paint, dropper), fill,
    el('span', {className: 'lab-holding'}, held, name)), palette);
  return {panel, use, pick, tool: () => tool, brush: () => brush};
}
