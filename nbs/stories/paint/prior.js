// The prior over codes: a causal Transformer, one position at a time, as `next_logits` of prior.py.
// What earlier positions said (keys and values) is kept, so a new code costs one step, not 144.

const linear = ({weight, bias}, x, out) => {
  const n = x.length;
  for (let o = 0, i = 0; o < out.length; o++) {
    let a = bias[o], b = 0, c = 0, d = 0;   // four sums, so that none waits for another; widths are multiples of 4
    for (let j = 0; j < n; j += 4, i += 4) {
      a += weight[i]*x[j]; b += weight[i+1]*x[j+1]; c += weight[i+2]*x[j+2]; d += weight[i+3]*x[j+3];
    }
    out[o] = a + b + c + d;
  }
  return out;
};

const normalized = ({weight, bias}, x, out) => {   // LayerNorm
  let mean = 0, variance = 0;
  for (const v of x) mean += v/x.length;
  for (const v of x) variance += (v - mean)**2/x.length;
  const scale = 1/Math.sqrt(variance + 1e-5);
  for (let i = 0; i < x.length; i++) out[i] = (x[i] - mean)*scale*weight[i] + bias[i];
  return out;
};

const erf = x => {   // Abramowitz and Stegun 7.1.26: off by 1.5e-7 at most
  const t = 1/(1 + .3275911*Math.abs(x));
  const tail = ((((1.061405429*t - 1.453152027)*t + 1.421413741)*t - .284496736)*t + .254829592)*t*Math.exp(-x*x);
  return x < 0 ? tail - 1 : 1 - tail;
};
const gelu = x => .5*x*(1 + erf(x*Math.SQRT1_2));

/** Probabilities of logits; a temperature below 1 makes them bolder. */
export function sharpen(logits, temperature = 1) {
  const top = Math.max(...logits), p = Float64Array.from(logits, v => Math.exp((v - top)/temperature));
  const sum = p.reduce((a, b) => a + b);
  return p.map(v => v/sum);
}

/** The angles of `turns` of prior.py: how far each position turns each pair of a head's numbers; half by row, half by column. */
function turns([rows, columns], size) {
  const speeds = Array.from({length: size/4}, (_, i) => Math.PI/2/8**(size > 4 ? i/(size/4 - 1) : 0));
  return Array.from({length: rows*columns}, (_, t) => [Math.floor(t/columns), t%columns].flatMap(place => speeds.map(speed => place*speed)));
}

/** Turn the pairs of x from `at` on: one of the first half of a head with its like of the second. */
function turn(x, at, angles) {
  const half = angles.length;
  for (let i = 0; i < half; i++) {
    const a = x[at + i], b = x[at + half + i], cos = Math.cos(angles[i]), sin = Math.sin(angles[i]);
    x[at + i] = a*cos - b*sin;
    x[at + half + i] = b*cos + a*sin;
  }
}

export class Prior {
  constructor({tensors, about}) {
    const {num_embeddings: K, width, depth, heads, grid, rotary} = about.prior, t = name => tensors[name].values;
    const pair = name => ({weight: t(name + '.weight'), bias: t(name + '.bias')});
    const parts = ['norm1', 'qkv', 'out', 'norm2', 'up', 'down'];
    Object.assign(this, {
      about, K, width, heads, columns: grid[1], T: grid[0]*grid[1], angles: rotary ? turns(grid, width/heads) : null,
      shifts: [1, grid[1] - 1, grid[1], grid[1] + 1],   // left; above right, above, above left
      codes: [0, 1, 2, 3].map(i => t(`codes.${i}.weight`)), classes: t('classes.weight'), rows: t('rows.weight'), cols: t('cols.weight'),
      blocks: Array.from({length: depth}, (_, i) => Object.fromEntries(parts.map(p => [p, pair(`blocks.${i}.${p}`)]))),
      norm: pair('norm'), head: pair('head'),
      h: new Float32Array(width), n: new Float32Array(width), a: new Float32Array(width), qkv: new Float32Array(3*width),
      wide: new Float32Array(4*width), scores: new Float32Array(grid[0]*grid[1])});
  }

  /** An empty cache. */
  start() { return this.blocks.map(() => ({keys: new Float32Array(this.T*this.width), values: new Float32Array(this.T*this.width)})); }

  /** Logits of position t, from the codes before it; to be asked for t = 0, 1, 2, ... in turn. */
  logits(codes, label, t, cache) {
    const {width: W, heads, h, n, a, qkv, wide, scores} = this, d = W/heads, row = Math.floor(t/this.columns), col = t%this.columns;
    for (let i = 0; i < W; i++) h[i] = this.classes[W*label + i] + this.rows[W*row + i] + this.cols[W*col + i];
    this.shifts.forEach((shift, s) => {
      if (t < shift) return;
      const from = W*codes[t - shift], table = this.codes[s];
      for (let i = 0; i < W; i++) h[i] += table[from + i];
    });
    this.blocks.forEach((block, b) => {
      const {keys, values} = cache[b];
      linear(block.qkv, normalized(block.norm1, h, n), qkv);
      if (this.angles) for (let at = 0; at < 2*W; at += d) turn(qkv, at, this.angles[t]);   // queries and keys
      keys.set(qkv.subarray(W, 2*W), t*W);
      values.set(qkv.subarray(2*W), t*W);
      a.fill(0);
      for (let head = 0; head < heads; head++) {
        const at = head*d;
        let top = -Infinity, sum = 0;
        for (let s = 0; s <= t; s++) {
          let score = 0;
          for (let i = at; i < at + d; i++) score += qkv[i]*keys[s*W + i];
          top = Math.max(top, scores[s] = score/Math.sqrt(d));
        }
        for (let s = 0; s <= t; s++) sum += scores[s] = Math.exp(scores[s] - top);
        for (let s = 0; s <= t; s++) for (let i = at; i < at + d; i++) a[i] += scores[s]/sum*values[s*W + i];
      }
      linear(block.out, a, n);
      for (let i = 0; i < W; i++) h[i] += n[i];
      linear(block.up, normalized(block.norm2, h, n), wide);
      for (let i = 0; i < 4*W; i++) wide[i] = gelu(wide[i]);
      linear(block.down, wide, n);
      for (let i = 0; i < W; i++) h[i] += n[i];
    });
    return linear(this.head, normalized(this.norm, h, n), new Float32Array(this.K));
  }

  /** p(code | codes before, class) at every position: 144 rows of K; and the bits that the codes cost. */
  probabilities(codes, label) {
    const p = new Float32Array(this.T*this.K), cache = this.start();
    let bits = 0;
    for (let t = 0; t < this.T; t++) {
      const row = sharpen(this.logits(codes, label, t, cache));
      p.set(row, t*this.K);
      bits -= Math.log2(row[codes[t]]);
    }
    return {p, bits};
  }
}

/** Draw one of K; `u` is a random number in [0,1). */
export function draw(p, u) {
  let sum = 0;
  for (let k = 0; k < p.length; k++) if ((sum += p[k]) > u) return k;
  return p.length - 1;
}
