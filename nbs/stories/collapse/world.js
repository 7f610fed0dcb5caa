// A cloud of vectors in the plane, which moves as an encoder's vectors do while it learns, and a codebook that should follow.
import {Averages, FSQ, Gradient, kmeans, levels, perplexity, SimVQ} from './rules.js';

export const METHODS = {
  gradient: 'gradient, random start', placed: 'gradient, k-means start', averages: 'averages', simvq: 'SimVQ', fsq: 'FSQ'};
export const USUAL = {K: 100, rate: .02, decay: .95, drift: .005, revive: 0};
export const PRESETS = {   // the curves of the page, by their names there
  'random start': {method: 'gradient'}, 'k-means start': {method: 'placed'}, 'averages': {method: 'averages'},
  'revival': {method: 'averages', revive: .1}, 'SimVQ': {method: 'simvq'}, 'FSQ': {method: 'fsq'}};

/** Random numbers that can be had again. */
export function random(seed) {
  const one = () => {   // mulberry32
    let t = seed += 0x6d2b79f5;
    t = Math.imul(t ^ t >>> 15, t | 1);
    t ^= t + Math.imul(t ^ t >>> 7, t | 61);
    return ((t ^ t >>> 14) >>> 0)/2**32;
  };
  const normal = () => Math.sqrt(-2*Math.log(1 - one()))*Math.cos(2*Math.PI*one());
  return {one, normal, below: n => Math.floor(n*one())};
}

const BLOBS = 9, N = 300;   // of the cloud; vectors in a batch

export class World {
  constructor(settings) {
    Object.assign(this, USUAL, settings, {t: 0, moved: 0, r: random(settings.seed ?? 1)});
    const {r, K, rate} = this;
    const blob = i => {   // as a sunflower's seeds lie
      const far = 1.05*Math.sqrt((i + .5)/BLOBS);
      return {x: far*Math.cos(i*2.4), y: far*Math.sin(i*2.4), size: .08 + .16*r.one()};
    };
    this.blobs = Array.from({length: BLOBS}, (_, i) => blob(i));
    this.z = this.draw();
    const times = (n, f) => Array.from({length: n}, f), some = () => times(K, () => r.below(N));
    const far = () => times(K, () => [1.3*r.normal() - 3, 1.3*r.normal() - 1.5]);   // nobody told them where the vectors are
    const placed = () => kmeans(this.z, K, some());
    const weights = (rows, columns) => times(rows, () => times(columns, () => (2*r.one() - 1)/Math.sqrt(columns)));
    const linear = (rows, columns) => ({W: weights(rows, columns), b: weights(1, rows)[0]});   // about as nn.Linear starts
    this.rule = {
      gradient: () => new Gradient(far(), rate),
      placed: () => new Gradient(placed(), rate),
      averages: () => new Averages(placed(), this.decay, this.revive, some),
      simvq: () => {
        const {W, b} = linear(2, 2);
        return new SimVQ(times(K, () => [r.normal()*Math.SQRT1_2, r.normal()*Math.SQRT1_2]), W, b, rate);
      },
      fsq: () => new FSQ(linear(levels(K).length, 2), linear(2, levels(K).length), K, rate)}[this.method]();
  }

  /** Where the middle of the cloud is: it walks in a circle. */
  centre() { const a = this.moved/1.6 - .6; return [1.6*Math.cos(a), 1.6*Math.sin(a)]; }
  draw() {
    const {r} = this, [x, y] = this.centre();
    return Array.from({length: N}, () => {
      const b = this.blobs[r.below(BLOBS)];
      return [x + b.x + b.size*r.normal(), y + b.y + b.size*r.normal()];
    });
  }

  step() {
    this.z = this.draw();
    const e = this.rule.codebook, codes = this.rule.step(this.z), counts = Array(e.length).fill(0);
    codes.forEach(k => { counts[k]++; });
    const far = (k, n) => (e[k][0] - this.z[n][0])**2 + (e[k][1] - this.z[n][1])**2;
    const error = codes.reduce((sum, k, n) => sum + far(k, n), 0)/codes.length;
    this.t++;
    this.moved += this.drift;
    this.recent = (this.recent ?? counts).map((v, k) => .7*v + .3*counts[k]);   // of the last steps, so that rare codes do not flicker
    return {used: counts.filter(Boolean).length, perplexity: perplexity(counts), error, counts, codes};
  }
}
