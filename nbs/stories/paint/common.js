// What several modules know: the size of things, and a few helpers.

export const ERASED = 255, CELLS = 144, PIXELS = 784;   // the code of a place that was erased; of a grid; of an image
export const here = name => new URL(name, import.meta.url), wait = ms => new Promise(done => setTimeout(done, ms));
export const calm = matchMedia('(prefers-reduced-motion: reduce)');
