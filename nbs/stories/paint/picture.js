// Any picture becomes 28×28 grey pixels on black, by the steps of codec.py and pictures.py, which are Pillow's.

const SIDE = 28, MOST = 2**25;

/** Pillow's bicubic resize of bytes: one direction at a time, in whole numbers. */
function resizeRows(from, w, h, to) {   // rows of w -> rows of `to`
  if (w == to) return from;
  const inner = x => (1.5*x - 2.5)*x*x + 1, outer = x => ((-.5*x + 2.5)*x - 4)*x + 2;
  const cubic = x => Math.abs(x) < 1 ? inner(Math.abs(x)) : Math.abs(x) < 2 ? outer(Math.abs(x)) : 0;
  const scale = w/to, wide = Math.max(scale, 1), out = new Uint8ClampedArray(to*h), one = 2**22;
  for (let x = 0; x < to; x++) {
    const centre = (x + .5)*scale, first = Math.max(0, Math.trunc(centre - 2*wide + .5));
    const last = Math.min(w, Math.trunc(centre + 2*wide + .5));
    const k = Array.from({length: last - first}, (_, i) => cubic((i + first - centre + .5)/wide));
    const sum = k.reduce((a, b) => a + b, 0);
    const weights = k.map(v => Math.trunc(v/sum*one + (v < 0 ? -.5 : .5)));
    for (let y = 0; y < h; y++) {
      let v = one/2;
      for (let i = 0; i < weights.length; i++) v += from[y*w + first + i]*weights[i];
      out[y*to + x] = Math.floor(v/one);
    }
  }
  return out;
}
const turned = (a, w, h) => {   // rows become columns
  const out = new Uint8ClampedArray(a.length);
  for (let y = 0; y < h; y++) for (let x = 0; x < w; x++) out[x*h + y] = a[y*w + x];
  return out;
};
export const resize = (a, w, h, W, H) => turned(resizeRows(turned(resizeRows(a, w, h, W), W, h), h, W, H), H, W);

const edge = (a, w, h) => {
  const out = [...a.slice(0, w), ...a.slice(w*(h - 1))];
  for (let y = 0; y < h; y++) out.push(a[y*w], a[y*w + w - 1]);
  return out;
};
const even = x => Math.abs(x%1) == .5 ? 2*Math.round(x/2) : Math.round(x);   // as Python rounds
const median = a => {
  a.sort((p, q) => p - q);
  const m = a.length >> 1;
  return Math.trunc(a.length%2 ? a[m] : (a[m - 1] + a[m])/2);
};

/** Grey bytes w×h -> 28×28 of them: all of it, in the middle, on a margin of the median grey of its edge. */
export function pad(a, w, h) {
  const [W, H] = w > h ? [SIDE, even(h/w*SIDE)] : w < h ? [even(w/h*SIDE), SIDE] : [SIDE, SIDE];
  const small = resize(a, w, h, W, H), out = new Uint8ClampedArray(SIDE*SIDE).fill(median(edge(a, w, h)));
  const left = even((SIDE - W)/2), top = even((SIDE - H)/2);
  for (let y = 0; y < H; y++) out.set(small.subarray(y*W, y*W + W), (top + y)*SIDE + left);
  return out;
}

/** A file -> its steps: [{name, canvas}], and `pixels` in [0,1]. `invert`: true, false, or null to decide by the edge. */
export async function photoSteps(file, invert = null) {
  const bitmap = await createImageBitmap(file).catch(() => { throw new Error('this file is no picture that the browser can read'); });
  const {width: w, height: h} = bitmap;
  if (w*h > MOST) throw new Error(`it has ${(w*h/1e6).toFixed(0)} million pixels; make it smaller first`);
  if (Math.max(w, h) > 28*Math.min(w, h)) throw new Error('it is too thin; cut it to what it shows first');
  const upright = new OffscreenCanvas(w, h), draw = upright.getContext('2d', {willReadFrequently: true});
  draw.fillStyle = '#fff';   // what is transparent is made white
  draw.fillRect(0, 0, w, h);
  draw.drawImage(bitmap, 0, 0);
  bitmap.close();
  const rgb = draw.getImageData(0, 0, w, h).data, grey = new Uint8ClampedArray(w*h);
  for (let i = 0; i < grey.length; i++) grey[i] = rgb[4*i]*19595 + rgb[4*i + 1]*38470 + rgb[4*i + 2]*7471 + 0x8000 >> 16;
  const small = pad(grey, w, h), around = edge(small, SIDE, SIDE);
  const bright = around.reduce((a, b) => a + b)/around.length > 127.5;
  const steps = [{name: 'upright, on white', canvas: upright}, {name: 'grey', canvas: asCanvas(grey, w, h)},
                 {name: '28 × 28, centred, on the grey of its edge', canvas: asCanvas(small, SIDE, SIDE)}];
  const last = invert ?? bright ? small.map(v => 255 - v) : small, why = invert === null ? ', for its edge is bright' : '';
  if (last != small) steps.push({name: 'inverted' + why, canvas: asCanvas(last, SIDE, SIDE)});
  return {steps, pixels: Float32Array.from(last, v => v/255), inverted: last != small};
}

export function asCanvas(grey, w, h) {
  const canvas = new OffscreenCanvas(w, h), image = new ImageData(w, h);
  for (let i = 0; i < grey.length; i++) image.data.set([grey[i], grey[i], grey[i], 255], 4*i);
  canvas.getContext('2d').putImageData(image, 0, 0);
  return canvas;
}
