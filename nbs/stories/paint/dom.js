// Small helpers for elements: no framework is needed for one page.

export function el(tag, props = {}, ...children) {
  const e = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) {
    if (name.startsWith('on')) e.addEventListener(name.slice(2), value);
    else if (name in e && name != 'list') e[name] = value;
    else e.setAttribute(name, value);
  }
  e.append(...children.filter(child => child !== null));
  return e;
}

export const button = (text, onclick, props = {}) => el('button', {type: 'button', textContent: text, onclick, ...props});

/** One stop for the Tab key; arrows move inside. `columns()` says how many stand in a row. */
export function arrows(parent, columns) {
  [...parent.children].forEach((e, i) => { e.tabIndex = i ? -1 : 0; });
  parent.addEventListener('keydown', event => {
    const all = [...parent.children], i = all.indexOf(event.target);
    const step = {ArrowLeft: -1, ArrowRight: 1, ArrowUp: -columns(), ArrowDown: columns()}[event.key], next = all[i + step];
    if (i < 0 || step === undefined) return;
    event.preventDefault();
    if (!next) return;
    event.target.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  });
}

/** Tabs as ARIA describes them: name -> panel. */
export function tabs(label, panels, chosen) {
  const list = el('div', {className: 'lab-tabs', role: 'tablist', ariaLabel: label});
  const choose = name => {
    for (const tab of list.children) {
      const on = tab.dataset.name == name;
      tab.ariaSelected = on; tab.tabIndex = on ? 0 : -1; panels[tab.dataset.name].hidden = !on;
    }
    chosen(name);
  };
  for (const [name, panel] of Object.entries(panels)) {
    const tab = button(name, () => choose(name), {role: 'tab', id: `tab-${name}`});
    tab.dataset.name = name;
    tab.setAttribute('aria-controls', panel.id = `panel-${name}`);
    panel.role = 'tabpanel';
    panel.setAttribute('aria-labelledby', tab.id);
    list.append(tab);
  }
  list.addEventListener('keydown', event => {
    const all = [...list.children], step = {ArrowLeft: -1, ArrowRight: 1}[event.key];
    if (!step) return;
    const next = all[(all.indexOf(event.target) + step + all.length)%all.length];
    choose(next.dataset.name);
    next.focus();
  });
  return {list, choose};
}

export const pixelsTo = (canvas, pixels) => {   // numbers in [0,1] as greys
  const image = new ImageData(28, 28);
  for (let i = 0; i < 784; i++) {
    image.data[4*i] = image.data[4*i + 1] = image.data[4*i + 2] = 255*pixels[i];   // clamped by the array
    image.data[4*i + 3] = 255;
  }
  canvas.getContext('2d').putImageData(image, 0, 0);
};

export async function pixelsOf(url) {   // a grey picture -> its numbers in [0,1], and its width
  const image = new Image();
  image.src = url;
  await image.decode();
  const canvas = el('canvas', {width: image.naturalWidth, height: image.naturalHeight});
  const draw = canvas.getContext('2d', {willReadFrequently: true});
  draw.drawImage(image, 0, 0);
  const {data, width} = draw.getImageData(0, 0, canvas.width, canvas.height);
  const at = (x, y) => data[4*(y*width + x)]/255;
  return {width, cut: (x, y, w, h) => Float32Array.from({length: w*h}, (_, i) => at(x + i%w, y + Math.floor(i/w)))};
}
