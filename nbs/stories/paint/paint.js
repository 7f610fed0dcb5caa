// The page "Paint with codes": a 12×12 grid of codes, and the decoder that draws from it, here in the browser.
(() => {
  const here = document.currentScript.src, root = document.getElementById('paint');
  const data = JSON.parse(root.dataset.paint);
  const {K, D, names, order} = data;
  const decodeBytes = (text, Type) => new Type(Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer);
  const codebook = decodeBytes(data.codebook, Float32Array), garments = names.map((_, i) => decodeBytes(data.codes, Uint8Array).slice(144*i, 144*i + 144));
  let codes = garments[data.first].slice(), from = data.first, to = data.second, brush = data.brush, past = [], session, ort;

  // --- the parts of the page -----------------------------------------------------------------------------------------
  const options = chosen => names.map((name, i) => `<option value="${i}"${i == chosen ? ' selected' : ''}>${name}</option>`).join('');
  root.innerHTML = `
    <p class="paint-start"><button type="button" class="btn btn-primary">Start the decoder</button>
      <span role="status">It runs in this page; your browser fetches ${data.megabytes} MB once, and sends nothing.</span></p>
    <fieldset disabled>
      <div class="paint-row" role="group" aria-label="Garment">${names.map((name, i) =>
        `<button type="button" class="paint-garment" data-garment="${i}" aria-label="${name}" title="${name}"></button>`).join('')}</div>
      <div class="paint-boards">
        <div class="paint-grid" role="group" aria-label="The 12 by 12 codes: arrow keys move, space paints, c picks up a code"></div>
        <canvas width="28" height="28" role="img" aria-label="The image that the decoder draws from the codes"></canvas>
      </div>
      <p><button type="button" data-do="undo">Undo</button> <button type="button" data-do="fill">Fill</button>
         <span class="paint-brush" aria-hidden="true"></span> <span class="paint-name"></span></p>
      <div class="paint-palette" role="group" aria-label="The palette of ${K} codes: arrow keys move, space chooses"></div>
      <p class="paint-path"><label>From <select data-end="from">${options(from)}</select></label>
         <label>to <select data-end="to">${options(to)}</select></label>
         <label>by <select data-end="how"><option value="swap">swapping codes</option><option value="mix">mixing vectors, then snapping</option></select></label>
         <input type="range" min="0" max="144" value="0" aria-label="Way from the first garment to the second"></p>
    </fieldset>`;
  const $ = s => root.querySelector(s), all = s => [...root.querySelectorAll(s)];
  const status = $('[role=status]'), canvas = $('canvas'), slider = $('input[type=range]');
  root.style.setProperty('--tiles', `url(${data.tiles})`);
  root.style.setProperty('--garments', `url(${data.pictures})`);

  // --- small pictures: one sheet of tiles, one of garments, both ten in a row ----------------------------------------
  const spot = (e, i, rows) => { e.style.backgroundPosition = `${i%10*100/9}% ${rows > 1 ? Math.floor(i/10)*100/(rows - 1) : 0}%`; };
  const rows = Math.ceil(K/10);
  root.style.setProperty('--rows', rows);
  const tiles = (parent, n, columns, label) => {
    for (let i = 0; i < n; i++) {
      const e = document.createElement('button');
      Object.assign(e, {type: 'button', className: 'paint-tile', tabIndex: i ? -1 : 0});
      e.dataset.i = i;
      parent.append(e);
    }
    parent.addEventListener('keydown', event => {   // one stop for the Tab key; arrows move inside
      const i = +event.target.dataset.i, wide = columns();
      const step = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -wide, ArrowDown: wide}[event.key], next = parent.children[i + step];
      if (step === undefined) return;
      event.preventDefault();
      if (next) { event.target.tabIndex = -1; next.tabIndex = 0; next.focus(); }
    });
    return [...parent.children];
  };
  const cells = tiles($('.paint-grid'), 144, () => 12);
  const palette = tiles($('.paint-palette'), K, () => getComputedStyle($('.paint-palette')).gridTemplateColumns.split(' ').length);
  palette.forEach((e, i) => { const k = data.sorted[i]; e.dataset.code = k; e.ariaLabel = e.title = `code ${k}`; spot(e, k, rows); });
  all('.paint-garment').forEach((e, i) => spot(e, i, 1));

  const draw = pixels => {
    const image = new ImageData(28, 28);
    pixels.forEach((v, i) => image.data.set([255*v, 255*v, 255*v, 255], 4*i));   // clamped to 0..255 by the array
    canvas.getContext('2d').putImageData(image, 0, 0);
  };
  const refresh = () => {
    cells.forEach((e, i) => {
      if (e.dataset.code == codes[i]) return;
      e.dataset.code = codes[i];
      e.ariaLabel = `row ${Math.floor(i/12) + 1}, column ${i%12 + 1}: code ${codes[i]}`;
      spot(e, codes[i], rows);
    });
    palette.forEach(e => e.ariaPressed = e.dataset.code == brush);
    all('.paint-garment').forEach((e, i) => e.ariaPressed = i == from);
    spot($('.paint-brush'), brush, rows);
    $('.paint-name').textContent = `the brush holds code ${brush}`;
    return decode();
  };

  // --- codes -> z_q -> image -----------------------------------------------------------------------------------------
  let busy = false, again = false;
  const decode = async () => {
    if (!session || busy) { again = busy; return; }
    busy = true;
    do {
      again = false;
      const start = performance.now(), z_q = new Float32Array(D*144), shown = codes.slice();
      shown.forEach((k, i) => { for (let d = 0; d < D; d++) z_q[144*d + i] = codebook[D*k + d]; });
      const {x_hat} = await session.run({z_q: new ort.Tensor('float32', z_q, [1, D, 12, 12])});
      const ms = performance.now() - start, changed = shown.filter((k, i) => k != garments[from][i]).length;
      draw(x_hat.data);
      root.shown = {codes: [...shown], pixels: [...x_hat.data], ms};
      status.textContent = `${changed} of 144 codes differ from the ${names[from].toLowerCase()}; decoded in ${ms.toFixed(0)} ms.`;
    } while (again);
    busy = false;
  };
  const nearest = z => {
    let best = 0, least = Infinity;
    for (let k = 0; k < K; k++) {
      let sum = 0;
      for (let d = 0; d < D; d++) sum += (z[d] - codebook[D*k + d])**2;
      if (sum < least) [best, least] = [k, sum];
    }
    return best;
  };
  const between = t => codes = garments[from].map((a, i) => {   // t of 144 steps from one garment to the other
    const b = garments[to][i];
    if ($('[data-end=how]').value == 'swap') return order.indexOf(i) < t ? b : a;
    return nearest(Float32Array.from({length: D}, (_, d) => ((144 - t)*codebook[D*a + d] + t*codebook[D*b + d])/144));
  });

  // --- hands ---------------------------------------------------------------------------------------------------------
  const remember = () => { past.push(codes.slice()); past = past.slice(-200); };
  const paint = e => { if (e && e.parentElement == $('.paint-grid')) { codes[e.dataset.i] = brush; refresh(); } };
  const pick = k => { brush = +k; refresh(); };
  const grid = $('.paint-grid');
  grid.addEventListener('pointerdown', event => { if (event.altKey) return pick(event.target.dataset.code); remember(); paint(event.target); event.target.releasePointerCapture(event.pointerId); });
  grid.addEventListener('pointermove', event => { if (event.buttons && !event.altKey) paint(document.elementFromPoint(event.clientX, event.clientY)); });
  grid.addEventListener('keydown', event => {
    if (event.key == ' ' || event.key == 'Enter') { event.preventDefault(); remember(); paint(event.target); }
    if (event.key == 'c') pick(event.target.dataset.code);
  });
  $('.paint-palette').addEventListener('click', event => event.target.dataset.code && pick(event.target.dataset.code));
  all('.paint-garment').forEach((e, i) => e.addEventListener('click', () => {
    remember(); from = i; codes = garments[i].slice(); slider.value = 0; $('[data-end=from]').value = i; refresh(); }));
  $('[data-do=undo]').addEventListener('click', () => { if (past.length) codes = past.pop(); refresh(); });
  $('[data-do=fill]').addEventListener('click', () => { remember(); codes = codes.map(() => brush); refresh(); });
  slider.addEventListener('pointerdown', remember);
  slider.addEventListener('input', () => { between(+slider.value); refresh(); });
  all('[data-end]').forEach(e => e.addEventListener('change', () => {
    from = +$('[data-end=from]').value; to = +$('[data-end=to]').value; between(+slider.value); refresh(); }));

  // --- the runtime and the weights, when the reader asks for them ----------------------------------------------------
  const fail = why => { status.textContent = `The decoder cannot run here: ${why}. The figures above show what it does.`; };
  if (typeof WebAssembly != 'object') { $('.paint-start button').disabled = true; fail('this browser has no WebAssembly'); }
  $('.paint-start button').addEventListener('click', async event => {
    event.target.disabled = true;
    status.textContent = 'Fetching the decoder …';
    try {
      const file = name => new URL(name, here).href;
      ort = await import(file('ort.wasm.min.mjs'));
      Object.assign(ort.env.wasm, {numThreads: 1, wasmPaths: file('./')});
      session = await ort.InferenceSession.create(file('decoder.onnx'), {executionProviders: ['wasm']});
      event.target.hidden = true;
      $('fieldset').disabled = false;
      refresh();
    } catch (error) { event.target.disabled = false; fail('it could not be fetched'); console.warn(error); }
  });

  const picture = new Image();   // until then: the stored picture of the first garment
  picture.onload = () => { if (!session) canvas.getContext('2d').drawImage(picture, 28*from, 0, 28, 28, 0, 0, 28, 28); };
  picture.src = data.pictures;
  refresh();
})();
