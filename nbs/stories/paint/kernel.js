// The one loop that takes time: a convolution is a sum over taps, and each tap is a whole plane, moved a little and scaled.
//
//     out[c][p] = bias[c] + sum over k of weight[c][k] * x[p + offset[k]]        p = 0, 1, ... positions
//
// It is written twice: below, in ten lines that can be read, and in WebAssembly, which does it with four numbers at once.

const GIVEN = ['x', 'weights', 'bias', 'out', 'offsets', 'taps', 'steps', 'tiles', 'stride'];   // addresses, then counts

/** In plain JavaScript: for browsers without SIMD, and to say what the other one does. */
export function plain(memory, {x, weights, bias, out, offsets, taps, steps, tiles, stride}) {
  const f = new Float32Array(memory.buffer), at = new Int32Array(memory.buffer);
  for (let c = 0; c < 4*tiles; c++) for (let p = 0; p < 8*steps; p++) {   // weights lie in tiles of four channels
    let sum = f[bias/4 + c];
    for (let k = 0; k < taps; k++) sum += f[weights/4 + ((c >> 2)*taps + k)*4 + c%4]*f[(x + at[offsets/4 + k])/4 + p];
    f[(out + c*stride)/4 + p] = sum;
  }
}

// --- a small assembler: WebAssembly as arrays of bytes (https://webassembly.github.io/spec/core/binary) -------------------
const leb = n => { const out = []; do { out.push(n & 127 | (n > 127 ? 128 : 0)); n >>>= 7; } while (n); return out; };
const signed = n => {
  const out = [];
  for (;;) {
    const byte = n & 127; n >>= 7;
    if (n == (byte & 64 ? -1 : 0)) return [...out, byte];
    out.push(byte | 128);
  }
};
const list = items => [...leb(items.length), ...items.flat()];
const section = (id, bytes) => [id, ...leb(bytes.length), ...bytes];
const name = text => list([...text].map(c => c.charCodeAt(0)));
const I32 = 0x7f, V128 = 0x7b, get = i => [0x20, ...leb(i)], set = i => [0x21, ...leb(i)], number = n => [0x41, ...signed(n)];
const plus = [0x6a], times = [0x6c], less = [0x48], again = [0x0d, 0], loop = body => [0x03, 0x40, ...body, 0x0b];
const simd = (op, ...rest) => [0xfd, ...leb(op), ...rest], load = at => simd(0, 0, ...leb(at)), splat = at => simd(9, 0, ...leb(at));
const store = at => simd(11, 0, ...leb(at)), add = simd(0xe4), mul = simd(0xe6), fused = simd(0x105);

/** The same in WebAssembly: 4 channels by 8 positions in registers, and one walk over the taps for each such tile. */
function assemble(relaxed) {
  const P = Object.fromEntries(GIVEN.map((n, i) => [n, i]));
  const [c, p, k, w, source, row, at] = [9, 10, 11, 12, 13, 14, 15], four = [0, 1, 2, 3];   // locals, by number
  const sums = [...Array(8).keys()].map(i => 16 + i), left = 24, right = 25, scale = 26;
  const next = (i, by) => [...get(i), ...by, ...plus, ...set(i)];
  const accumulate = (sum, v) => relaxed ? [...get(scale), ...get(v), ...get(sum), ...fused, ...set(sum)]
                                         : [...get(sum), ...get(scale), ...get(v), ...mul, ...add, ...set(sum)];
  const tap = [
    ...get(source), ...get(at), 0x28, 2, 0, ...plus, ...set(row),       // row = source + offset[k]
    ...get(row), ...load(0), ...set(left), ...get(row), ...load(16), ...set(right),
    ...four.flatMap(i => [...get(w), ...splat(4*i), ...set(scale),
                          ...accumulate(sums[2*i], left), ...accumulate(sums[2*i+1], right)]),
    ...next(w, number(16)), ...next(at, number(4)), ...next(k, number(1)), ...get(k), ...get(P.taps), ...less, ...again];
  const position = [
    ...four.flatMap(i => [...get(P.bias), ...splat(4*i), ...set(sums[2*i]), ...get(sums[2*i]), ...set(sums[2*i+1])]),
    ...get(P.weights), ...set(w), ...get(P.offsets), ...set(at), ...number(0), ...set(k),
    ...loop(tap),
    ...get(P.out), ...get(p), ...number(32), ...times, ...plus, ...set(row),
    ...four.flatMap(i => [...get(row), ...get(sums[2*i]), ...store(0), ...get(row), ...get(sums[2*i+1]), ...store(16),
                          ...next(row, get(P.stride))]),
    ...next(source, number(32)), ...next(p, number(1)), ...get(p), ...get(P.steps), ...less, ...again];
  const tile = [
    ...get(P.x), ...set(source), ...number(0), ...set(p),
    ...loop(position),
    ...next(P.weights, [...get(P.taps), ...number(16), ...times]), ...next(P.bias, number(16)),
    ...next(P.out, [...get(P.stride), ...number(4), ...times]),
    ...next(c, number(1)), ...get(c), ...get(P.tiles), ...less, ...again];
  const body = [...list([[7, I32], [11, V128]]), ...loop(tile), 0x0b];
  return new Uint8Array([0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
    ...section(1, list([[0x60, ...list(Array(9).fill([I32])), 0]])),
    ...section(2, list([[...name('js'), ...name('memory'), 2, 0, 1]])),
    ...section(3, list([[0]])),
    ...section(7, list([[...name('convolve'), 0, 0]])),
    ...section(10, list([[...leb(body.length), ...body]]))]);
}

/** The fastest that runs here: a function of the numbers named in `plain`. */
export async function kernel(memory) {
  for (const relaxed of [true, false]) {
    try {
      const {instance} = await WebAssembly.instantiate(assemble(relaxed), {js: {memory}});
      const {convolve} = instance.exports;
      return Object.assign(a => convolve(...GIVEN.map(n => a[n])), {how: relaxed ? 'WebAssembly, fused' : 'WebAssembly'});
    } catch (error) { /* this browser is older */ }
  }
  return Object.assign(a => plain(memory, a), {how: 'JavaScript'});
}

/** Memory that both can see; without WebAssembly a plain buffer does. */
export const reserve = bytes => globalThis.WebAssembly?.Memory
  ? new WebAssembly.Memory({initial: Math.ceil(bytes/65536)}) : {buffer: new ArrayBuffer(bytes)};
