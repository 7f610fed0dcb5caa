// How codes move: the update rules of quantizer.py, ema.py and fsq.py, for vectors z of D numbers each, N in a batch.
// Matrices are arrays of rows. Every rule has `codebook` and `step(z)`, which returns the code of each vector before it moved.

export const nearest = (z, e) => {   // ties go to the lowest index
  const half = e.map(row => row.reduce((sum, v) => sum + v*v, 0)/2);
  return z.map(v => {
    let best = 0, most = -Infinity;
    for (let k = 0; k < e.length; k++) {
      let score = -half[k];
      for (let d = 0; d < v.length; d++) score += v[d]*e[k][d];
      if (score > most) { most = score; best = k; }
    }
    return best;
  });
};

const zeros = (n, D) => Array.from({length: n}, () => Array(D).fill(0));

/** What a code needs to know to become the mean of its vectors. */
export function sumsAndCounts(z, codes, K) {
  const sums = zeros(K, z[0].length), counts = Array(K).fill(0);
  codes.forEach((k, n) => { counts[k]++; z[n].forEach((v, d) => { sums[k][d] += v; }); });
  return {sums, counts};
}

/** Lloyd's algorithm from K of the vectors: `first` says which. */
export function kmeans(z, K, first, rounds = 10) {
  let e = Array.from({length: K}, (_, k) => [...z[first[k%first.length]]]);
  for (let i = 0; i < rounds; i++) {
    const {sums, counts} = sumsAndCounts(z, nearest(z, e), K);
    e = e.map((row, k) => counts[k] ? sums[k].map(v => v/counts[k]) : row);
  }
  return e;
}

/** Adam (Kingma and Ba, 2014) on matrices, which are changed in place. */
class Adam {
  constructor(matrices, lr) {
    const like = () => matrices.map(w => zeros(w.length, w[0].length));
    Object.assign(this, {matrices, lr, t: 0, m: like(), v: like()});
  }
  step(gradients) {
    const fade = [1 - .9**++this.t, 1 - .999**this.t];
    this.matrices.forEach((w, i) => w.forEach((row, r) => row.forEach((_, c) => {
      const g = gradients[i][r][c], m = this.m[i][r][c] = .9*this.m[i][r][c] + .1*g;
      const v = this.v[i][r][c] = .999*this.v[i][r][c] + .001*g*g;
      row[c] -= this.lr*m/fade[0]/(Math.sqrt(v/fade[1]) + 1e-8);
    })));
  }
}

/** The gradient of mean((e[k] - z)²) for every code: what a code feels of its own vectors; nothing, if it has none. */
function pull(z, e, codes) {
  const {sums, counts} = sumsAndCounts(z, codes, e.length), scale = 2/(z.length*z[0].length);
  return e.map((row, k) => row.map((v, d) => scale*(counts[k]*v - sums[k][d])));
}

/** `VectorQuantizer`: each code moves by its own gradient. */
export class Gradient {
  constructor(codebook, lr) { this.codebook = codebook; this.adam = new Adam([codebook], lr); }
  step(z) {
    const codes = nearest(z, this.codebook);
    this.adam.step([pull(z, this.codebook, codes)]);
    return codes;
  }
}

const linear = (W, b, x) => W.map((row, i) => b[i] + row.reduce((sum, w, j) => sum + w*x[j], 0));   // W x + b

/** `SimVQ`: points that stay, and a linear map that places them: e = W p + b. A gradient for one code moves them all. */
export class SimVQ {
  constructor(points, W, b, lr) { Object.assign(this, {points, W, b: [b]}); this.adam = new Adam([this.W, this.b], lr); }
  get codebook() { return this.points.map(p => linear(this.W, this.b[0], p)); }
  step(z) {
    const e = this.codebook, codes = nearest(z, e), g = pull(z, e, codes);
    const dW = this.W.map((row, i) => row.map((_, j) => g.reduce((sum, gk, k) => sum + gk[i]*this.points[k][j], 0)));
    this.adam.step([dW, [this.b[0].map((_, i) => g.reduce((sum, gk) => sum + gk[i], 0))]]);
    return codes;
  }
}

/** `EMAVectorQuantizer`: a code is the running average of its vectors; codes that are rarely used are put onto vectors. */
export class Averages {
  constructor(codebook, decay, revive, choose) {   // choose(step): for each code, which vector it would be put onto
    const K = codebook.length, D = codebook[0].length;
    Object.assign(this, {codebook, decay, revive, choose, sums: zeros(K, D), counts: Array(K).fill(0), t: 0});
  }
  step(z) {
    const K = this.codebook.length, codes = nearest(z, this.codebook), {sums, counts} = sumsAndCounts(z, codes, K), keep = this.decay;
    this.sums = this.sums.map((row, k) => row.map((v, d) => keep*v + (1 - keep)*sums[k][d]));
    this.counts = this.counts.map((v, k) => keep*v + (1 - keep)*counts[k]);
    this.t++;
    const mean = this.counts.reduce((a, b) => a + b)/K, dead = this.counts.map(v => v < this.revive*mean);
    if (dead.some(Boolean)) {
      const chosen = this.choose(this.t);
      dead.forEach((is, k) => { if (is) { this.counts[k] = mean; this.sums[k] = z[chosen[k]].map(v => mean*v); } });
    }
    this.codebook = this.codebook.map((row, k) => this.counts[k] > 0 ? this.sums[k].map(v => v/this.counts[k]) : row);
    return codes;
  }
}

/** How many levels each coordinate of FSQ has: 4 to 8, with a product as near below K as it gets. */
export function levels(K) {
  if (K < 8) return [K];
  const grids = new Map([[1, []]]), products = [1];
  for (const product of products) for (let n = 8; n > 3; n--) {   // `products` grows meanwhile
    if (product*n > K || grids.has(product*n)) continue;
    grids.set(product*n, [...grids.get(product), n]);
    products.push(product*n);
  }
  return grids.get(Math.max(...grids.keys())).toSorted((a, b) => b - a);
}

/** `FSQ`: squeeze into a box, round, and map back. Its gradient is that of the error; rounding passes it on unchanged. */
export class FSQ {
  constructor(into, out, K, lr) {   // into = {W (d,D), b}, out = {W (D,d), b}
    Object.assign(this, {levels: levels(K), A: into.W, a: [into.b], C: out.W, c: [out.b]});
    this.adam = new Adam([this.A, this.a, this.C, this.c], lr);
    const base = this.base = this.levels.map((_, i) => this.levels.slice(0, i).reduce((x, y) => x*y, 1));
    const point = k => this.levels.map((l, i) => 2*(Math.floor(k/base[i])%l)/Math.max(l - 1, 1) - 1);
    this.grid = Array.from({length: this.levels.reduce((x, y) => x*y)}, (_, k) => point(k));
  }
  get codebook() { return this.grid.map(g => linear(this.C, this.c[0], g)); }
  step(z) {
    const D = z[0].length, d = this.A.length, scale = 2/(z.length*D);
    const even = x => Math.abs(x%1) == .5 ? 2*Math.round(x/2) : Math.round(x);   // as PyTorch rounds
    const dA = zeros(d, D), da = zeros(1, d), dC = zeros(D, d), dc = zeros(1, D);
    const codes = z.map(v => {
      const boxed = linear(this.A, this.a[0], v).map(Math.tanh);
      const k = boxed.reduce((sum, x, i) => sum + even((x + 1)/2*(this.levels[i] - 1))*this.base[i], 0), g = this.grid[k];
      const off = linear(this.C, this.c[0], g).map((x, j) => scale*(x - v[j]));   // of the error, by z_q
      off.forEach((o, j) => { dc[0][j] += o; g.forEach((x, i) => { dC[j][i] += o*x; }); });
      boxed.forEach((x, i) => {
        const felt = off.reduce((sum, o, j) => sum + o*this.C[j][i], 0)*(1 - x*x);   // rounding passes it on
        da[0][i] += felt;
        v.forEach((y, j) => { dA[i][j] += felt*y; });
      });
      return k;
    });
    this.adam.step([dA, da, dC, dc]);
    return codes;
  }
}

/** exp of the entropy of the codes: how many are in use, as it were. */
export function perplexity(counts) {
  const all = counts.reduce((a, b) => a + b);
  return Math.exp(-counts.reduce((sum, n) => n ? sum + n/all*Math.log(n/all) : sum, 0));
}
