// The models, in a thread of their own, so that the page never waits for them.
import {fetchBytes, readTensors} from './tensors.js';
import {VQVAE} from './vqvae.js';
import {Prior, draw, sharpen} from './prior.js';

let model, prior, empty, ends, cache;

const timed = work => { const start = performance.now(), out = work(); return [out, performance.now() - start]; };
const decode = codes => model.decode(codes.map(k => k == 255 ? empty : k));   // 255: erased
const vectors = ({pixels, codes}) => pixels ? model.vectorsOf(pixels) : model.vectorsFor(codes);

const can = {
  async load({files, nothing}, progress) {
    const names = Object.keys(files), came = {}, all = Object.values(files).reduce((a, b) => a + b);
    empty = nothing;
    const [vqvae, over] = await Promise.all(names.map(async name => {
      try {
        return await readTensors(await fetchBytes(new URL(name, import.meta.url), n => {
          came[name] = n;
          progress(Object.values(came).reduce((a, b) => a + b)/all);
        }));
      } catch (error) { throw new Error(`${name}: ${error.message}`); }
    }));
    if (over.about.prior.vqvae != vqvae.about.digest) throw new Error('the prior belongs to another model');
    model = await VQVAE.from(vqvae);
    prior = new Prior(over);
    for (let i = 0; i < 3; i++) decode(model.encode(new Float32Array(784)));   // the first runs are slow
    return model.convolve.how;
  },
  see({pixels}) {   // a picture, all the way
    const [codes, encoding] = timed(() => model.encode(pixels)), [shown, decoding] = timed(() => decode(codes));
    return {codes, shown, ms: [encoding, decoding]};
  },
  decode({codes}) {
    const [shown, ms] = timed(() => decode(codes));
    return {shown, ms};
  },
  ends({a, b}) {    // two garments, pictures or codes, to go between
    ends = [a, b].map(vectors);
    return ends.map(z => model.nearest(z));
  },
  mix({t}) {        // the vectors of both, mixed, then snapped to codes
    const codes = model.nearest(ends[0].map((v, i) => v + t*(ends[1][i] - v)));
    return {codes, shown: decode(codes)};
  },
  probabilities({codes, label}) { return prior.probabilities(codes, label); },
  bits({codes, label}) { return prior.probabilities(codes, label).bits; },
  next({codes, label, t, temperature, u}) {   // the code of position t, drawn; t = 0, 1, 2, ... in turn
    if (t == 0) cache = prior.start();
    const p = sharpen(prior.logits(codes, label, t, cache), temperature);
    return codes[t] == 255 ? draw(p, u) : codes[t];
  }};

self.addEventListener('message', async ({data: {id, what, args}}) => {
  try { self.postMessage({id, result: await can[what](args, part => self.postMessage({id, part}))}); }
  catch (error) { self.postMessage({id, error: error.message}); }
});
