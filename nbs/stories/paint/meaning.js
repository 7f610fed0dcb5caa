// What one code means: its tile, real patches, where on the grid it lives, in which classes, and what else could stand here.
import {button, el} from './dom.js';

export function meaning(page, spot, put) {
  const {K, names, share, classes} = page, places = Uint8Array.from(atob(page.places), c => c.charCodeAt(0));
  const tile = el('span', {className: 'lab-tile lab-big', ariaHidden: 'true'}), title = el('strong'), where = el('span', {className: 'lab-quiet'});
  const patches = el('span', {className: 'lab-patches', role: 'img'});
  for (let i = 0; i < 9; i++) patches.append(el('i'));
  const map = el('canvas', {width: 12, height: 12, role: 'img', className: 'lab-map'});
  const bars = el('ul', {className: 'lab-bars'}, ...names.map(name => el('li', {}, el('span', {textContent: name}), el('i'))));
  const others = el('ol', {className: 'lab-others'}), says = el('p', {className: 'lab-quiet'});
  const part = (head, ...children) => el('section', {}, el('h4', {textContent: head}), ...children);
  const panel = el('div', {className: 'lab-meaning'},
    el('section', {className: 'lab-who'}, tile, el('div', {}, title, el('br'), where)),
    part('Nine real patches', patches), part('Where it lives', map), part('In which classes', bars), part('What else could stand here', others, says));

  /** Show the code at position t of `codes`; `p` are the prior's probabilities there, if they are known. */
  const show = (codes, t, p, label) => {
    const k = codes[t], erased = k == 255;
    where.textContent = `row ${Math.floor(t/12) + 1}, column ${t%12 + 1}`;
    title.textContent = erased ? 'erased' : `code ${k}`;
    tile.classList.toggle('lab-erased', erased);
    for (const e of panel.querySelectorAll('section:nth-child(n+2):nth-child(-n+4)')) e.classList.toggle('lab-faint', erased);
    if (!erased) {
      spot(tile, k);
      [...patches.children].forEach((e, i) => { e.style.backgroundPosition = `${i*12.5}% ${k*100/(K - 1)}%`; });
      patches.ariaLabel = `nine patches of test images that have code ${k}`;
      const colour = getComputedStyle(panel).color.match(/\d+/g).map(Number), image = new ImageData(12, 12);
      for (let i = 0; i < 144; i++) image.data.set([...colour.slice(0, 3), places[144*k + i]], 4*i);
      map.getContext('2d').putImageData(image, 0, 0);
      map.ariaLabel = `the places of the grid where code ${k} occurs; it is ${(100*share[k]).toFixed(1)} % of all codes`;
      [...bars.children].forEach((e, c) => { e.lastChild.style.width = `${100*classes[k][c]/Math.max(...classes[k])}%`; e.title = `${(100*classes[k][c]).toFixed(0)} %`; });
    }
    others.replaceChildren();
    says.textContent = p ? `by the prior, which knows the codes before and the class ${names[label]}` : erased ? 'fill the erased codes first' : 'known once the prior is here';
    if (!p) return;
    const row = p.subarray(K*t, K*t + K), top = [...row.keys()].sort((a, b) => row[b] - row[a]).slice(0, 5);
    others.append(...top.map(other => {
      const e = el('span', {className: 'lab-tile', ariaHidden: 'true'});
      spot(e, other);
      const lift = row[other]/Math.max(share[other], 1e-6), percent = 100*row[other];
      const bar = el('i');
      bar.style.width = `${100*row[other]/row[top[0]]}%`;
      const press = button('', () => put(t, other), {title: `put code ${other} here`, ariaLabel: `put code ${other} here: ${percent.toFixed(0)} percent, lift ${lift.toFixed(1)}`});
      press.append(e, el('b', {textContent: other}), el('span', {className: 'lab-bar'}, bar), el('span', {textContent: `${percent < 10 ? percent.toFixed(1) : percent.toFixed(0)} %`}),
                   el('span', {className: 'lab-quiet', textContent: `× ${lift < 10 ? lift.toFixed(1) : lift.toFixed(0)}`}));
      return el('li', {className: other == k ? 'lab-here' : ''}, press);
    }));
  };
  return {panel, show};
}
