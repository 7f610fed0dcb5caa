// The page's end of worker.js: `ask` a question, get a promise.

export class Models {
  constructor(args, progress) { Object.assign(this, {args, progress, waiting: new Map(), last: 0}); }

  /** Fetch the models, once; after a failure the next call tries again. */
  load() {
    this.loading ??= this.open().catch(error => { this.loading = null; this.worker?.terminate(); throw error; });
    return this.loading;
  }

  async open() {
    if (typeof Worker != 'function') throw new Error('this browser is too old');
    this.worker = new Worker(new URL('worker.js', import.meta.url), {type: 'module'});
    this.worker.addEventListener('message', ({data: {id, part, result, error}}) => {
      if (part !== undefined) return this.progress(part);
      const {resolve, reject} = this.waiting.get(id);
      this.waiting.delete(id);
      error === undefined ? resolve(result) : reject(new Error(error));
    });
    this.worker.addEventListener('error', () => {
      for (const {reject} of this.waiting.values()) reject(new Error('the program could not be started'));
    });
    this.how = await this.post('load', this.args);
    return this.how;
  }

  post(what, args) {
    return new Promise((resolve, reject) => {
      this.waiting.set(++this.last, {resolve, reject});
      this.worker.postMessage({id: this.last, what, args});
    });
  }

  async ask(what, args) { await this.load(); return this.post(what, args); }
}

/** Of calls that come while one is at work only the last is done. */
export const latest = work => {
  let busy = false, next = null;
  return async (...args) => {
    next = args;
    if (busy) return;
    busy = true;
    try { while (next) { const now = next; next = null; await work(...now); } } finally { busy = false; }
  };
};
