// What can be taken along: codes in an address, a picture, a moving picture, an array for `model.decode`.

export const toText = codes => btoa(String.fromCharCode(...codes)).replaceAll('+', '-').replaceAll('/', '_');
export function fromText(text, K) {   // null for what is no grid of codes
  try {
    const codes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), c => c.charCodeAt(0));
    return codes.length == 144 && codes.every(k => k < K) ? codes : null;
  } catch { return null; }
}

export const asArray = codes => {
  const rows = Array.from({length: 12}, (_, y) => `    [${[...codes.slice(12*y, 12*y + 12)].map(k => String(k).padStart(2)).join(', ')}],`);
  return ['import torch', 'from vqfashion.model import VQVAE', 'codes = torch.tensor([[', ...rows, ']])',
          "x_hat = VQVAE.from_pretrained('k100-d32').decode(codes)", ''].join('\n');
};

export function save(blob, name) {
  const a = Object.assign(document.createElement('a'), {href: URL.createObjectURL(blob), download: name});
  a.click();
  setTimeout(() => URL.revokeObjectURL(a.href), 10_000);
}

/** A GIF of grey pictures: frames of `side`² numbers in [0,1], each pixel drawn `scale` times as wide and high. */
export function gif(frames, side, scale, hundredths) {
  const BITS = 6, size = side*scale, out = [];
  const short = n => out.push(n & 255, n >> 8);
  const block = bytes => {   // in parts of 255 at most, each after its length
    for (let i = 0; i < bytes.length; i += 255) out.push(Math.min(255, bytes.length - i), ...bytes.slice(i, i + 255));
    out.push(0);
  };
  out.push(...[...'GIF89a'].map(c => c.charCodeAt(0)));
  short(size); short(size);
  out.push(0xf0 | BITS - 1, 0, 0);                                        // a table of 64 greys
  for (let i = 0; i < 64; i++) { const v = Math.round(i*255/63); out.push(v, v, v); }
  out.push(0x21, 0xff, 11, ...[...'NETSCAPE2.0'].map(c => c.charCodeAt(0)), 3, 1, 0, 0, 0);   // for ever
  for (const frame of frames) {
    out.push(0x21, 0xf9, 4, 0); short(hundredths); out.push(0, 0);
    out.push(0x2c, 0, 0, 0, 0); short(size); short(size); out.push(0, BITS);
    const grey = (x, y) => Math.round(63*Math.min(1, Math.max(0, frame[side*Math.floor(y/scale) + Math.floor(x/scale)])));
    block(lzw(Uint8Array.from({length: size*size}, (_, i) => grey(i%size, Math.floor(i/size))), BITS));
  }
  out.push(0x3b);
  return new Blob([Uint8Array.from(out)], {type: 'image/gif'});
}

/** Lempel, Ziv and Welch: words seen before become numbers, of as many bits as are needed. */
function lzw(pixels, bits) {
  const clear = 1 << bits, bytes = [];
  let words, next, width, buffer = 0, filled = 0, word = pixels[0];
  const put = code => {
    buffer |= code << filled;
    for (filled += width; filled >= 8; filled -= 8) { bytes.push(buffer & 255); buffer >>>= 8; }
  };
  const restart = () => { words = new Map(); next = clear + 2; width = bits + 1; };
  restart();
  put(clear);
  for (const pixel of pixels.subarray(1)) {
    const longer = word << 8 | pixel, known = words.get(longer);
    if (known !== undefined) { word = known; continue; }
    put(word);
    if (next == 4096) { put(clear); restart(); }
    else { if (next == 1 << width) width++; words.set(longer, next++); }
    word = pixel;
  }
  put(word);
  put(clear + 1);
  if (filled) bytes.push(buffer & 255);
  return bytes;
}
