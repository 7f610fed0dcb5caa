// The VQ-VAE: image -> encoder -> nearest code -> decoder -> image, layer by layer as in networks.py and quantizer.py.
import {kernel, reserve} from './kernel.js';

const FLOATS = 2_000_000;   // weights of both networks, and what they compute on the way

/** A picture with C channels in memory, each a plane with a margin of zeros. A row's right margin is the next row's left. */
class Planes {
  constructor(model, C, H, W, margin) {
    Object.assign(this, {C, H, W, margin, row: W + margin});
    this.size = (H + 2*margin)*this.row + margin;
    this.start = model.take(C*this.size + 16);   // a tile may read a little beyond the end
  }
  at(c, y, x) { return this.start + c*this.size + (y + this.margin)*this.row + x + this.margin; }
}

/** A 3×3 convolution whose BatchNorm is folded into it. `phases`: which outputs, in which order, by which taps. */
class Convolution {
  constructor(model, weight, bias, taps, from, H) {   // weight(c_out, tap), taps: [c_in's plane, dy, dx] as offsets
    const C = bias.length, tiles = Math.ceil(C/4), K = taps.length, f = model.floats;
    Object.assign(this, {C, H, row: from.row, taps: K, tiles, steps: Math.ceil(H*from.row/8)});
    this.weights = model.take(4*tiles*K); this.bias = model.take(4*tiles); this.offsets = model.take(K);
    for (let c = 0; c < C; c++) {
      f[this.bias + c] = bias[c];
      for (let k = 0; k < K; k++) f[this.weights + ((c >> 2)*K + k)*4 + c%4] = weight(c, k);
    }
    taps.forEach((offset, k) => { model.integers[this.offsets + k] = 4*offset; });
  }
  run(model, x) {   // -> where the sums are: C planes of `stride` numbers, rows as long as the input's
    const stride = 8*this.steps, {scratch} = model;
    model.convolve({x: 4*x, weights: 4*this.weights, bias: 4*this.bias, out: 4*scratch, offsets: 4*this.offsets,
                    taps: this.taps, steps: this.steps, tiles: this.tiles, stride: 4*stride});
    return stride;
  }
}

export class VQVAE {
  static async from({tensors, about}) {
    const model = new VQVAE(), {num_embeddings: K, embedding_dim: D} = about.model;
    const memory = reserve(4*FLOATS);
    Object.assign(model, {K, D, tensors, about, taken: 0, floats: new Float32Array(memory.buffer), integers: new Int32Array(memory.buffer),
                          convolve: await kernel(memory), codebook: tensors['quantizer.codebook'].values});
    model.scratch = model.take(64*(29*28 + 8));   // of the largest layer
    model.encoder = [model.image = new Planes(model, 1, 28, 28, 1)];
    const e = (...args) => model.layer(model.encoder, 'encoder', ...args), d = (...args) => model.layer(model.decoder, 'decoder', ...args);
    e('0'); e('1', 'residual'); e('2', 'halve'); e('3', 'residual'); e('4', 'trim'); e('5', 'residual');
    model.decoder = [model.vectors = new Planes(model, D, 12, 12, 1)];
    d('0'); d('1', 'residual', 2); d('2', 'widen'); d('3', 'residual'); d('4', 'double'); d('5', 'residual'); d('6', 'last');
    model.half = Float32Array.from({length: K}, (_, k) => -.5*model.codebook.slice(D*k, D*k + D).reduce((sum, v) => sum + v*v, 0));
    return model;
  }

  take(n) {
    const at = this.taken;
    this.taken += Math.ceil(n/4)*4;
    if (this.taken > FLOATS) throw new Error('the model is larger than was thought');
    return at;
  }

  /** A convolution's numbers with the BatchNorm that follows folded in: y = (w*x + b - mean)*gamma/sqrt(var + eps) + beta. */
  folded(conv, norm, transposed) {
    const t = name => this.tensors[name]?.values, {shape, values} = this.tensors[conv + '.weight'];
    const [C, c_in] = transposed ? [shape[1], shape[0]] : shape, b = t(conv + '.bias'), gamma = t(norm + '.weight');
    const scale = c => gamma ? gamma[c]/Math.sqrt(t(norm + '.running_var')[c] + 1e-5) : 1;
    const shift = c => (b[c] - t(norm + '.running_mean')[c])*scale(c) + t(norm + '.bias')[c];
    return {C, bias: Array.from({length: C}, (_, c) => gamma ? shift(c) : b[c]),
            weight: (c, i, ky, kx) => values[9*(transposed ? C*i + c : c_in*c + i) + 3*ky + kx]*scale(c)};
  }

  /** Add what follows to the network: functions that turn one `Planes` into the next. */
  layer(network, part, index, kind = 'plain', margin = 1) {
    const from = network.at(-1), {C: c_in, H, W} = from, prefix = `${part}.${index}`;
    const nine = Array.from({length: 9*c_in}, (_, k) => [Math.floor(k/9), Math.floor(k/3)%3, k%3]);   // [plane, ky, kx]
    const make = ({bias, weight}, offset, source, rows) =>   // a convolution by all nine taps of all planes
      new Convolution(this, (c, k) => weight(c, ...nine[k]), bias, nine.map(tap => offset(...tap)), source, rows);
    const around = source => (i, ky, kx) => source.at(i, ky - 1, kx - 1) - source.start;

    if (kind == 'plain' || kind == 'last') {
      const w = kind == 'last' ? this.folded(prefix, '') : this.folded(prefix + '.0', prefix + '.1');
      const to = new Planes(this, w.C, H, W, margin), conv = make(w, around(from), from, H);
      network.push(() => this.put(conv.run(this, from.start), to, from.row, {relu: kind != 'last'}), to);
    } else if (kind == 'residual') {   // x + f(x), and ReLU
      const middle = new Planes(this, c_in, H, W, 1), to = new Planes(this, c_in, H, W, margin);
      const one = make(this.folded(prefix + '.f.0', prefix + '.f.1'), around(from), from, H);
      const two = make(this.folded(prefix + '.f.3', prefix + '.f.4'), around(middle), middle, H);
      network.push(() => { this.put(one.run(this, from.start), middle, from.row, {relu: true});
                           this.put(two.run(this, middle.start), to, middle.row, {relu: true, plus: from}); }, to);
    } else if (kind == 'trim') {       // no margin: 14 -> 12
      const w = this.folded(prefix + '.0', prefix + '.1'), to = new Planes(this, w.C, H - 2, W - 2, margin);
      const conv = make(w, (i, ky, kx) => from.at(i, ky, kx) - from.start, from, H - 2);
      network.push(() => this.put(conv.run(this, from.start), to, from.row, {relu: true}), to);
    } else if (kind == 'halve') {      // every second place: four planes of every second pixel, and steps of one in them
      const w = this.folded(prefix + '.0', prefix + '.1'), to = new Planes(this, w.C, H/2, W/2, margin);
      const split = new Planes(this, 4*c_in, H/2 + 1, W/2 + 1, 0);
      const conv = make(w, (i, ky, kx) => split.at(4*i + (ky & 1)*2 + (kx & 1), ky >> 1, kx >> 1) - split.start, split, H/2);
      network.push(() => {
        for (let c = 0; c < 4*c_in; c++) for (let y = 0; y < split.H; y++) for (let x = 0; x < split.W; x++)
          this.floats[split.at(c, y, x)] = this.floats[from.at(c >> 2, 2*y + (c >> 1 & 1) - 1, 2*x + (c & 1) - 1)];
        this.put(conv.run(this, split.start), to, split.row, {relu: true});
      }, to);
    } else if (kind == 'widen') {      // transposed, by steps of one: 12 -> 14, from a margin of two
      const w = this.folded(prefix + '.0', prefix + '.1', true), to = new Planes(this, w.C, H + 2, W + 2, margin);
      const conv = make(w, (i, ky, kx) => from.at(i, -ky, -kx) - from.start, from, H + 2);
      network.push(() => this.put(conv.run(this, from.start), to, from.row, {relu: true}), to);
    } else if (kind == 'double') {     // transposed, by steps of two: each quarter of the pixels has its own taps
      const w = this.folded(prefix + '.0', prefix + '.1', true), to = new Planes(this, w.C, 2*H, 2*W, margin);
      const taps = [[[1, 0]], [[0, 1], [2, 0]]];   // of even and of odd pixels: [tap, step]
      const quarters = [0, 1, 2, 3].map(q => {
        const order = [];
        for (let i = 0; i < c_in; i++)
          for (const [ky, dy] of taps[q >> 1]) for (const [kx, dx] of taps[q & 1]) order.push([i, ky, kx, dy, dx]);
        const weight = (c, k) => { const [i, ky, kx] = order[k]; return w.weight(c, i, ky, kx); };
        return new Convolution(this, weight, w.bias,
                               order.map(([i, , , dy, dx]) => from.at(i, dy, dx) - from.start), from, H);
      });
      network.push(() => quarters.forEach((conv, q) =>
        this.put(conv.run(this, from.start), to, from.row, {relu: true, step: 2, dy: q >> 1, dx: q & 1})), to);
    }
  }

  /** Sums become a picture: ReLU, and what is to be added. */
  put(stride, to, row, {relu = false, plus = null, step = 1, dy = 0, dx = 0}) {
    const f = this.floats, {scratch} = this;
    for (let c = 0; c < to.C; c++) for (let y = dy, i = 0; y < to.H; y += step, i++) {
      let from = scratch + c*stride + i*row, at = to.at(c, y, dx), add = plus ? plus.at(c, y, dx) : 0;
      for (let x = dx; x < to.W; x += step, at += step, add += step) {
        const v = f[from++] + (plus ? f[add] : 0);
        f[at] = relu && v < 0 ? 0 : v;
      }
    }
  }

  /** 784 numbers in [0,1] -> z_e: 144 rows of D numbers. */
  vectorsOf(pixels) {
    const {floats: f, image, D} = this;
    for (let y = 0; y < 28; y++) f.set(pixels.subarray(28*y, 28*y + 28), image.at(0, y, 0));
    for (const layer of this.encoder) if (typeof layer == 'function') layer();
    const out = this.encoder.at(-1), z = new Float32Array(144*D);
    for (let t = 0; t < 144; t++) for (let d = 0; d < D; d++) z[D*t + d] = f[out.at(d, Math.floor(t/12), t%12)];
    return z;
  }

  /** The code nearest to each row; of equals the first. */
  nearest(z) {
    const {K, D, codebook, half} = this, codes = new Uint8Array(z.length/D);
    for (let t = 0; t < codes.length; t++) {
      let best = -Infinity;
      for (let k = 0; k < K; k++) {
        let score = half[k];
        for (let d = 0; d < D; d++) score += z[D*t + d]*codebook[D*k + d];
        if (score > best) { best = score; codes[t] = k; }
      }
    }
    return codes;
  }

  encode(pixels) { return this.nearest(this.vectorsOf(pixels)); }

  /** 144 codes -> 784 numbers in [0,1]. */
  decode(codes) { return this.imageOf(this.vectorsFor(codes)); }

  /** z_q: the codes' own vectors. */
  vectorsFor(codes) {
    const {D, codebook} = this;
    return Float32Array.from({length: 144*D}, (_, i) => codebook[D*codes[Math.floor(i/D)] + i%D]);
  }

  imageOf(z_q) {
    const {floats: f, vectors, D} = this;
    for (let t = 0; t < 144; t++) for (let d = 0; d < D; d++) f[vectors.at(d, Math.floor(t/12), t%12)] = z_q[D*t + d];
    for (const layer of this.decoder) if (typeof layer == 'function') layer();
    const out = this.decoder.at(-1), pixels = new Float32Array(784);
    for (let i = 0; i < 784; i++) pixels[i] = Math.min(1, Math.max(0, f[out.at(0, Math.floor(i/28), i%28)]));
    return pixels;
  }
}
