// To take along: an address, a picture, a moving picture, an array.
import {here} from './common.js';
import {button, el} from './dom.js';
import {asArray, gif, save, toText} from './share.js';

export function taking(lab) {
  const {grid, input, output, root, state} = lab;
  const box = el('textarea', {readOnly: true, hidden: true, rows: 6, ariaLabel: 'to be copied', className: 'lab-copy'});

  async function copy(text, said) {
    root.copied = text;
    try {
      await navigator.clipboard.writeText(text);
      box.hidden = true;
      lab.say(said);
    } catch {
      box.value = text;
      box.hidden = false;
      box.focus();
      box.select();
      lab.say('The browser does not let a page copy; here it is, to be copied by hand.');
    }
  }
  function link() {
    const url = new URL(location.href);
    url.hash = `codes=${toText(lab.whole())}`;
    history.replaceState(null, '', url);
    copy(url.href, 'The address of these codes is copied; whoever opens it sees this garment.');
  }
  async function png() {
    const parts = state.pixels ? [input, grid, output] : [grid, output], side = 336, gap = 24, tiles = new Image();
    const canvas = el('canvas', {width: parts.length*(side + gap) - gap, height: side}), draw = canvas.getContext('2d');
    tiles.src = here('tiles.png');
    await tiles.decode();
    draw.imageSmoothingEnabled = false;
    parts.forEach((part, i) => {
      const x = i*(side + gap);
      if (part != grid) return draw.drawImage(part, x, 0, side, side);
      lab.whole().forEach((k, t) =>
        draw.drawImage(tiles, k%10*12, Math.floor(k/10)*12, 12, 12, x + t%12*28, Math.floor(t/12)*28, 28, 28));
    });
    canvas.toBlob(blob => { save(blob, 'codes.png'); lab.say('The picture is saved.'); });
  }
  async function film() {   // there, a rest, and back
    if (!await lab.load()) return;
    lab.say('Drawing the frames …');
    const there = await lab.morphing.frames(25), rest = frame => Array(6).fill(frame);
    save(gif([...there, ...rest(there.at(-1)), ...there.toReversed(), ...rest(there[0])], 28, 8, 7), 'morph.gif');
    lab.say(`The morph to the ${lab.morphing.target()} is saved.`);
  }
  const array = () => copy(asArray(lab.whole()), 'The codes are copied as Python: paste them into a notebook.');
  return [el('div', {className: 'lab-hands lab-share'}, el('span', {className: 'lab-quiet', textContent: 'Take along'}),
    button('Link', link, {title: 'copy an address with these 144 codes'}), button('PNG', png, {title: 'save picture, codes and decoded'}),
    button('GIF', film, {title: 'save the morph as a moving picture'}), button('Array', array, {title: 'copy the codes for model.decode'})), box];
}
