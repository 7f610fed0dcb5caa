// The tab "Look": a code's tile, real patches, where on the grid it lives, in which classes, and what else could stand here.
import {CELLS, ERASED} from './common.js';
import {button, el} from './dom.js';

export function meaning(lab) {
  const {K, names, share, classes} = lab.page, places = Uint8Array.from(atob(lab.page.places), c => c.charCodeAt(0));
  const quiet = (tag, textContent = '') => el(tag, {className: 'lab-quiet', textContent});
  const tile = el('span', {className: 'lab-tile lab-big', ariaHidden: 'true'}), title = el('strong'), where = quiet('span');
  const patches = el('span', {className: 'lab-patches', role: 'img'}, ...Array.from({length: 9}, () => el('i')));
  const map = el('canvas', {width: 12, height: 12, role: 'img', className: 'lab-map'});
  const bars = el('ul', {className: 'lab-bars'}, ...names.map(name => el('li', {}, el('span', {textContent: name}), el('i'))));
  const others = el('ol', {className: 'lab-others'}), says = quiet('p');
  const part = (head, ...children) => el('section', {}, el('h4', {textContent: head}), ...children);
  const known = [part('Nine real patches', patches), part('Where it lives', map), part('In which classes', bars)];
  const panel = el('div', {className: 'lab-meaning'},
    el('section', {className: 'lab-who'}, tile, el('div', {}, title, el('br'), where)), ...known,
    part('What else could stand here', others, says));

  function describe(k) {
    lab.spot(tile, k);
    [...patches.children].forEach((e, i) => { e.style.backgroundPosition = `${i*12.5}% ${k*100/(K - 1)}%`; });
    patches.ariaLabel = `nine patches of test images that have code ${k}`;
    const colour = getComputedStyle(panel).color.match(/\d+/g).slice(0, 3), image = new ImageData(12, 12);
    for (let t = 0; t < CELLS; t++) image.data.set([...colour, places[CELLS*k + t]], 4*t);
    map.getContext('2d').putImageData(image, 0, 0);
    map.ariaLabel = `the places of the grid where code ${k} occurs; it is ${(100*share[k]).toFixed(1)} % of all codes`;
    const most = Math.max(...classes[k]);
    [...bars.children].forEach((e, c) => {
      e.lastChild.style.width = `${100*classes[k][c]/most}%`;
      e.title = `${(100*classes[k][c]).toFixed(0)} %`;
    });
  }

  /** One of the prior's first choices, to be put at t. */
  function choice(k, t, p, top) {
    const lift = p/Math.max(share[k], 1e-6), percent = 100*p, digits = v => v.toFixed(v < 10 ? 1 : 0);
    const e = el('span', {className: 'lab-tile', ariaHidden: 'true'}), bar = el('i');
    lab.spot(e, k);
    bar.style.width = `${100*p/top}%`;
    const said = `put code ${k} here: ${digits(percent)} percent, lift ${digits(lift)}`;
    const press = button('', () => { lab.remember(); lab.setCode(t, k); }, {title: `put code ${k} here`, ariaLabel: said});
    press.append(e, el('b', {textContent: k}), el('span', {className: 'lab-bar'}, bar), `${digits(percent)} %`, quiet('span', `× ${digits(lift)}`));
    return el('li', {}, press);
  }

  /** Show the code at position t; `p` are the prior's probabilities, if they are known; `guessed`: so is the class. */
  function show(codes, t, p, label, guessed) {
    const k = codes[t], erased = k == ERASED;
    where.textContent = `row ${Math.floor(t/12) + 1}, column ${t%12 + 1}`;
    title.textContent = erased ? 'erased' : `code ${k}`;
    tile.classList.toggle('lab-erased', erased);
    for (const e of known) e.classList.toggle('lab-faint', erased);
    if (!erased) describe(k);
    const row = p?.subarray(K*t, K*t + K), top = p ? [...row.keys()].sort((a, b) => row[b] - row[a]).slice(0, 5) : [];
    others.replaceChildren(...top.map(other => choice(other, t, row[other], row[top[0]])));
    [...others.children].forEach((e, i) => e.classList.toggle('lab-here', top[i] == k));
    says.textContent = !p ? (codes.includes(ERASED) ? 'fill the erased codes first' : 'known once the prior is here')
      : guessed ? `by the prior, which knows the codes before, and takes the whole for: ${names[label]}`
      : `by the prior, which knows the codes before and the class: ${names[label]}`;
  }
  return {panel, show};
}
