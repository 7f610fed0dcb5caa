"""Play with the interactive pages in Chromium as a reader would, and compare what they compute with PyTorch and Pillow.

    python .ci/docs.py && python .ci/play.py          # needs Chromium; prints a line for each check
    python .ci/play.py dream share                    # those whose names hold one of these words

Screenshots land in .shots, which git ignores: look at them.
"""
import io
import sys
import tempfile
import threading
import traceback
from functools import partial
from http.server import ThreadingHTTPServer
from pathlib import Path
import numpy as np
import torch
from PIL import Image, ImageDraw
from playwright.sync_api import sync_playwright
from vqfashion.codec import photo_steps
from vqfashion.core import generator, seeded
from vqfashion.data import load, to_float
from vqfashion.ema import EMAVectorQuantizer
from vqfashion.fsq import FSQ, levels
from vqfashion.model import VQVAE
from vqfashion.prior import load_prior
from vqfashion.quantizer import SimVQ, VectorQuantizer
from browser import FLAGS, Quiet, SHOTS, SITE, violations, weight
from paint import tiles_of
from web import package

HEAVY = 6_000_000   # bytes as transferred; times are printed, and judged by nobody: machines differ
CHECKS = {}

def check(f):
    "A function of a fresh page that yields what is wrong; its docstring is the check's name."
    CHECKS[f.__doc__.rstrip('.')] = f
    return f

class Lab:
    "The page, with what every check needs of it."
    def __init__(self, browser, host, start=True, hash='', **options):
        usual = dict(viewport=dict(width=1280, height=1300), has_touch=True, reduced_motion='reduce')
        self.tab = browser.new_page(**usual | options)
        self.host, self.errors, self.asked = host, [], []
        self.tab.on('console', lambda m: m.type == 'error' and self.errors.append(m.text))
        self.tab.on('pageerror', lambda e: self.errors.append(str(e)))
        self.tab.on('request', lambda r: self.asked.append(r.url))
        self.tab.goto(f'{host}/stories/paint.html{hash}')
        self.tab.locator('#paint .lab-stage').wait_for(timeout=60_000)
        if start:
            self.tab.locator('#paint .lab-tabs button').first.click()
            self.until('() => paint.dataset.ready && paint.shown')

    def until(self, js, arg=None): return self.tab.wait_for_function(js, arg=arg, timeout=120_000)
    def eval(self, js, arg=None): return self.tab.evaluate(js, arg)
    def press(self, name): self.tab.get_by_role('button', name=name, exact=True).click()
    def open(self, name): self.tab.get_by_role('tab', name=name).click()
    def cell(self, t): return self.tab.locator('.lab-grid > *').nth(t)
    def codes(self): return self.eval('() => [...paint.lab.state.codes]')
    def status(self): return self.tab.locator('#paint .lab-status').inner_text()

    def after(self, act, *args, **kwargs):
        "Act, and wait until something else is shown, and nothing more comes."
        before = self.eval('() => String(paint.shown?.pixels) + paint.shown?.codes')
        act(*args, **kwargs)
        self.until('old => paint.shown && String(paint.shown.pixels) + paint.shown.codes != old', before)
        self.tab.wait_for_timeout(400)
        self.until('() => !paint.lab.models.waiting.size')
        return self.eval('() => paint.shown')

    def drag(self, place, points):
        "Press at the first of some points, which are shares of a place's width and height, and go to the others."
        box = place.bounding_box()
        spots = [(box['x'] + x*box['width'], box['y'] + y*box['height']) for x, y in points]
        self.tab.mouse.move(*spots[0])
        self.tab.mouse.down()
        for spot in spots[1:]: self.tab.mouse.move(*spot, steps=12)
        self.tab.mouse.up()

class Known:
    "The same in PyTorch."
    def __init__(self):
        self.model, self.test = VQVAE.from_pretrained(), load('sample').test
        self.prior = load_prior('prior-k100-d32', self.model)

    @torch.no_grad()
    def pixels(self, codes): return self.model.decode(torch.tensor(codes).view(1, 12, 12)).clamp(0, 1).flatten()

    def off(self, shown):
        "Wrong pixels for the codes that are shown."
        error = (torch.tensor(shown['pixels']) - self.pixels(shown['codes'])).abs().max().item()
        return [f'pixels differ from PyTorch by {error:.1e}'] if not error <= 1e-4 else []

    @torch.no_grad()
    def other(self, z_e, codes):
        "How many codes are not the nearest, ties left out: z_e (N,D,12,12)."
        rows = z_e.permute(0, 2, 3, 1).reshape(-1, z_e.shape[1])
        far = torch.cdist(rows, self.model.quantizer.codebook)**2
        return int((far.gather(1, torch.tensor(codes).view(-1, 1))[:, 0] > far.amin(1) + 1e-3).sum())

def changed(a, b): return sum(x != y for x, y in zip(a, b))

# --- in and out -------------------------------------------------------------------------------------------------------

@check
def codes(lab, known):
    "in and out: codes of 200 test images are PyTorch's, pictures too."
    images = to_float(known.test.images[:200])
    found = lab.eval('''async images => { const out = [];
        for (const x of images) {
            const {codes, shown, ms} = await paint.lab.models.ask('see', {pixels: Float32Array.from(x)});
            out.push([[...codes], [...shown], ...ms]);
        }
        return out; }''', [x.flatten().tolist() for x in images])
    with torch.no_grad():
        z_e, same = known.model.encoder(images), known.model.encode(images).flatten(1)
        pictures = known.model.decode(torch.tensor([f[0] for f in found]).view(-1, 12, 12)).clamp(0, 1).flatten(1)
    wrong = known.other(z_e, [f[0] for f in found])
    error = (torch.tensor([f[1] for f in found]) - pictures).abs().max().item()
    ms = [sorted(f[i] for f in found)[len(found)//2] for i in (2, 3)]
    ties = changed(sum((f[0] for f in found), []), same.flatten().tolist())
    print(f'    {ties} of {same.numel()} codes differ, {wrong} of them no ties; pictures differ by {error:.1e}; '
          f'{ms[0]:.0f} ms to encode, {ms[1]:.0f} ms to decode')
    if wrong: yield f'{wrong} codes are not the nearest'
    if error > 1e-4: yield f'pictures differ by {error}'

@check
def kernels(lab, known):
    "in and out: the loop in WebAssembly does what the one in JavaScript does."
    worst = lab.eval('''async () => {
        const {kernel, plain, reserve} = await import(new URL('paint/kernel.js', location.href));
        const memory = reserve(65536), f = new Float32Array(memory.buffer), at = new Int32Array(memory.buffer);
        for (let i = 0; i < 4096; i++) f[i] = Math.sin(i*i);
        const a = {x: 0, weights: 4000, bias: 8000, out: 16384, offsets: 12000};
        Object.assign(a, {taps: 20, steps: 5, tiles: 2, stride: 160});
        for (let k = 0; k < 20; k++) at[3000 + k] = 4*(k*7 % 50);
        (await kernel(memory))(a);
        const fast = f.slice(4096, 4096 + 320);
        plain(memory, a);
        return Math.max(...fast.map((v, i) => Math.abs(v - f[4096 + i]))) + (fast.every(v => v == 0) ? 1 : 0); }''')
    if not worst < 1e-5: yield f'they differ by {worst}'

@check
def garment(lab, known):
    "in and out: a test image is shown with its codes, error, PSNR and bits."
    shown = lab.after(lab.tab.locator('.lab-thumb').nth(7).click)
    yield from known.off(shown)
    pixels = torch.tensor(lab.eval('() => [...paint.lab.state.pixels]'))
    sneakers = known.test.images[known.test.labels == 7][:8]
    if not any(torch.equal(pixels, to_float(x[None]).flatten()) for x in sneakers): yield 'no such test image'
    mse = (pixels - torch.tensor(shown['pixels'])).square().mean()
    lab.until('() => paint.lab.state.bits')
    x, y = torch.tensor(shown['codes']).view(1, 12, 12), torch.tensor([7])
    with torch.no_grad(): bits = -known.prior.log_probs(x, y).sum().item()/np.log(2)
    said = lab.tab.locator('.lab-stage').inner_text()
    for words in f'{mse:.4f}', f'{-10*mse.log10():.1f} dB', '957 bits', f'{bits:.0f} with the prior':
        if words not in said: yield f'{words!r} is not in {said!r}'

@check
def drawing(lab, known):
    "in and out: what is drawn by pointer or keys is encoded at once."
    lab.after(lab.press, 'Blank')
    canvas = lab.tab.locator('.lab-in canvas').first
    shown = lab.after(lab.drag, canvas, [(.3, .2), (.3, .8), (.7, .8), (.7, .2), (.3, .2)])
    yield from known.off(shown)
    x = torch.tensor(lab.eval('() => [...paint.lab.state.pixels]')).view(1, 1, 28, 28)
    with torch.no_grad(): wrong = known.other(known.model.encoder(x), shown['codes'])
    if wrong: yield f'{wrong} codes are not those of the drawing'
    if not .02 < x.mean() < .5: yield f'the drawing has a mean of {x.mean():.2f}'
    canvas.focus()
    typed = lab.after(lambda: [lab.tab.keyboard.press(key) for key in ('ArrowRight', 'ArrowDown', 'Space')])
    if not changed(typed['codes'], shown['codes']): yield 'drawing by keys changes no code'
    lab.until('() => paint.lab.state.guess !== null')
    lab.tab.screenshot(path=SHOTS/'paint-drawn.png')

@check
def photos(lab, known):
    "in and out: a photo goes through the codec's steps, each shown."
    def drawn(mode, back, ink, size):
        image = Image.new(mode, size, back)
        draw = ImageDraw.Draw(image)
        w, h = size
        draw.polygon([(60, 30), (w - 60, 30), (w - 30, 120), (w - 90, h - 20), (80, h - 30)], fill=ink)
        draw.ellipse((90, 50, 150, 110), fill=back)
        return image
    exif = Image.Exif()
    exif[274] = 6   # the camera was turned
    made = dict(png=(drawn('RGB', (235, 230, 220), (40, 60, 120), (320, 210)), {}),
                jpg=(drawn('RGB', (20, 24, 30), (210, 190, 160), (300, 400)), dict(exif=exif, quality=95)),
                webp=(drawn('RGBA', (0, 0, 0, 0), (90, 20, 20, 255), (260, 260)), dict(lossless=True)))
    with tempfile.TemporaryDirectory() as folder:
        for ending, (image, options) in made.items():
            path = Path(folder)/f'garment.{ending}'
            image.save(path, **options)
            steps = photo_steps(Image.open(path))
            lab.after(lab.tab.locator('input[type=file]').set_input_files, path)
            photo, last = np.array(lab.eval('() => paint.photo')), np.asarray([*steps.values()][-1], float)
            error = abs(255*photo.reshape(28, 28) - last).max()
            if error > 2.01: yield f'{path.name} differs from the codec by {error:.0f} of 255'
            said = lab.tab.locator('.lab-steps').inner_text()
            if ('inverted' in said) != ('invert' in steps): yield f'{path.name}: inverted by one only'
            count = lab.tab.locator('.lab-steps canvas').count()
            if count != 3 + ('invert' in steps): yield f'{path.name}: {count} steps are shown'
        lab.tab.screenshot(path=SHOTS/'paint-photo.png')
        (Path(folder)/'no.png').write_bytes(b'nothing')
        lab.tab.locator('input[type=file]').set_input_files(Path(folder)/'no.png')
        lab.until('() => paint.querySelector("[role=status]").textContent.includes("was not taken")')

# --- what a code means ------------------------------------------------------------------------------------------------

@check
def meaning(lab, known):
    "meaning: a cell glows in the picture; the prior's first choices are PyTorch's, and can be put there."
    shown = lab.after(lab.tab.locator('.lab-thumb').nth(5).click)
    lab.cell(66).tap()
    lab.until('() => paint.lit == 66 && paint.lab.state.p')
    if not lab.tab.locator('.lab-glow.lab-on').count(): yield 'nothing glows'
    glow = lab.eval('() => [...document.querySelector(".lab-glow").getContext("2d").getImageData(0, 0, 28, 28).data]')
    colour = np.array(glow).reshape(28, 28, 4)
    amber = colour[..., 0]*colour[..., 3]
    y, x = np.unravel_index(amber.argmax(), amber.shape)
    if abs(y - 13) > 4 or abs(x - 15) > 4: yield f'it glows at {y}, {x}'
    codes = torch.tensor(shown['codes'])
    with torch.no_grad(): p = known.prior(codes.view(1, 12, 12), torch.tensor([5])).softmax(-1)[0]
    error = (torch.tensor(lab.eval('() => [...paint.lab.state.p]')).view(144, 100) - p).abs().max().item()
    if error > 1e-4: yield f'probabilities differ by {error:.1e}'
    first = lab.tab.locator('.lab-others li b').all_inner_texts()
    if [int(k) for k in first] != p[66].topk(5).indices.tolist(): yield f'first choices are {first}'
    share = lab.eval('() => paint.lab.page.share')[int(first[0])]
    lift = float(lab.tab.locator('.lab-others .lab-quiet').first.inner_text()[1:])
    if abs(lift/(p[66].max().item()/share) - 1) > .06: yield f'its lift is {lift}'
    if lab.tab.locator('.lab-patches i').count() != 9: yield 'there are not nine patches'
    if lab.tab.locator('.lab-bars li').count() != 10: yield 'there are not ten classes'
    other = next(i for i, k in enumerate(first) if int(k) != shown['codes'][66])
    put = lab.after(lab.tab.locator('.lab-others button').nth(other).click)
    if put['codes'][66] != int(first[other]): yield 'a choice was not put there'
    if changed(put['codes'], shown['codes']) != 1: yield 'more than one code was changed'
    if lab.tab.locator('.lab-changed').count() != 1: yield 'the changed cell is not marked'
    yield from known.off(put)

@check
def painting(lab, known):
    "meaning: painting by mouse, touch and keys; picking up; undo, redo and reset."
    lab.open('Paint')
    start = lab.codes()
    lab.tab.locator('.lab-palette > *').nth(30).tap()
    brush = lab.eval('() => paint.lab.painting.brush()')
    tapped = lab.after(lab.cell(66).tap)
    if tapped['codes'][66] != brush or changed(tapped['codes'], start) != 1: yield 'a tap does not paint one code'
    yield from known.off(tapped)
    grid = lab.tab.locator('.lab-grid')
    dragged = lab.after(lab.drag, grid, [(.5/12, 3.5/12), (5.5/12, 3.5/12)])
    if set(dragged['codes'][36:42]) != {brush}: yield 'dragging does not paint'
    lab.press('Pick up')
    lab.cell(80).tap()
    if lab.eval('() => paint.lab.painting.brush()') != dragged['codes'][80]: yield 'a tap does not pick up'
    lab.cell(66).focus()
    typed = lab.after(lambda: [lab.tab.keyboard.press(key) for key in ('c', 'ArrowRight', 'ArrowDown', 'Space')])
    if typed['codes'][79] != dragged['codes'][66]: yield 'keys do not pick up and paint'
    if lab.tab.locator('.lab-changed').count() != changed(typed['codes'], start): yield 'changed cells are not marked'
    lab.tab.screenshot(path=SHOTS/'paint-palette.png')
    if lab.after(lab.press, 'Undo')['codes'] != dragged['codes']: yield 'undo does not undo'
    if lab.after(lab.press, 'Undo')['codes'] != tapped['codes']: yield 'a stroke is not one step'
    if lab.after(lab.press, 'Redo')['codes'] != dragged['codes']: yield 'redo does not redo'
    if lab.after(lab.press, 'Reset codes')['codes'] != start: yield 'reset does not reset'
    order = lab.eval('() => paint.lab.page.alike')
    if sorted(order) != list(range(100)): yield 'the palette is not complete'
    tiles = tiles_of(known.model).flatten(1)
    def steps(order): return (tiles[order][1:] - tiles[order][:-1]).norm(dim=1).mean()
    if steps(order) > .5*steps(torch.arange(100)): yield 'neighbours in the palette are not alike'

# --- dreams and ways between ------------------------------------------------------------------------------------------

@check
def dreaming(lab, known):
    "dream: the prior fills the grid, and completes what was erased."
    lab.open('Dream')
    lab.tab.locator('.lab-heat input').fill('0.8')
    dreamt = lab.after(lab.press, 'Dream a garment')
    lab.until('() => paint.lab.state.bits')
    seconds = lab.eval('() => paint.lab.state.seconds')
    print(f'    a garment in {seconds:.1f} s')
    yield from known.off(dreamt)
    x, y = torch.tensor(dreamt['codes']).view(1, 12, 12), torch.tensor([9])
    with torch.no_grad(): bits = -known.prior.log_probs(x, y).sum().item()/np.log(2)
    if not bits < 700: yield f'the garment costs {bits:.0f} bits, so it was not drawn from the prior'
    lab.drag(lab.tab.locator('.lab-grid'), [(.5/12, 7.5/12), (11.5/12, 7.5/12)])
    lab.tab.wait_for_timeout(500)
    if lab.codes()[84:96] != [255]*12: yield 'dragging does not erase'
    lab.tab.screenshot(path=SHOTS/'paint-erased.png')
    whole = lab.after(lab.press, 'Complete')
    if any(a != b for i, (a, b) in enumerate(zip(whole['codes'], dreamt['codes'])) if not 84 <= i < 96):
        yield 'completing changed what was not erased'
    if 255 in whole['codes']: yield 'it was not completed'
    often = lab.eval('''async () => {
        const {draw, sharpen} = await import(new URL('paint/prior.js', location.href));
        const p = sharpen([1, 2, 0, -1], .7), n = [0, 0, 0, 0];
        for (let i = 0; i < 1000; i++) n[draw(p, (i + .5)/1000)]++;
        return n.map((v, i) => Math.abs(v/1000 - p[i])).concat([...p]); }''')
    p = (torch.tensor([1., 2, 0, -1]).double()/.7).softmax(0)
    if max(often[:4]) > 2e-3 or (torch.tensor(often[4:]) - p).abs().max() > 1e-6:
        yield f'codes are not drawn by their probabilities: {often}'

@check
def moving(lab, known):
    "dream: the first garment moves without a click, and stands still for who prefers that."
    lab.tab.emulate_media(reduced_motion='no-preference')
    lab.tab.reload()
    lab.tab.locator('#paint .lab-stage').scroll_into_view_if_needed()
    read = '''() => { const canvas = document.querySelector(".lab-out canvas");
        return String(canvas.getContext("2d").getImageData(0, 0, 28, 28).data); }'''
    seen = set()
    for _ in range(20):
        seen.add(lab.eval(read))
        lab.tab.wait_for_timeout(200)
    if len(seen) < 4: yield f'{len(seen)} pictures were seen'
    if any('safetensors' in url for url in lab.asked): yield 'models were fetched before the first touch'
    lab.tab.emulate_media(reduced_motion='reduce')
    lab.tab.reload()
    lab.tab.wait_for_timeout(1500)
    if len({lab.eval(read) for _ in range(5) if not lab.tab.wait_for_timeout(100)}) != 1: yield 'it moves all the same'
moving.start = False

@check
def morphing(lab, known):
    "dream: a morph mixes what the encoder said, or swaps codes; it plays."
    lab.after(lab.tab.locator('.lab-source').first.locator('.lab-thumb').nth(7).click)
    a = torch.tensor(lab.eval('() => [...paint.lab.state.pixels]'))
    lab.open('Morph')
    lab.tab.get_by_role('button', name='to: Ankle boot').click()
    middle = lab.after(lab.tab.locator('.lab-way input').fill, '50')
    b = to_float(known.test.images[known.test.labels == 9][1:2]).flatten()
    with torch.no_grad(): z_e = known.model.encoder(torch.stack([a, b]).view(2, 1, 28, 28))
    wrong = known.other(z_e.mean(0, keepdim=True), middle['codes'])
    if wrong: yield f'{wrong} codes are not those between'
    yield from known.off(middle)
    lab.tab.screenshot(path=SHOTS/'paint-morph.png')
    with torch.no_grad(): ends = known.model.encode(torch.stack([a, b]).view(2, 1, 28, 28)).flatten(1)
    swapped = lab.after(lab.tab.locator('[role=tabpanel]:visible select').select_option, 'swap')
    order = torch.tensor(lab.eval('() => paint.lab.page.order'))
    half = torch.where(order < 72, ends[1], ends[0]).tolist()
    if changed(swapped['codes'], half) > 1: yield 'swapping does not swap half of the codes'
    lab.after(lab.tab.locator('.lab-way input').fill, '0')
    lab.press('Play')
    lab.until('() => +document.querySelector(".lab-way input").value == 100')
    lab.tab.wait_for_timeout(600)
    if changed(lab.codes(), ends[1].tolist()) > 1: yield 'playing does not lead to the other end'
    before = lab.codes()
    lab.after(lab.press, 'Undo')
    if changed(lab.codes(), ends[0].tolist()) > 1 or lab.codes() == before: yield 'undo does not lead back'

# --- to take along, to carry, to fail ---------------------------------------------------------------------------------

@check
def sharing(lab, known):
    "share: codes in the address, as a picture, as a moving picture, as an array."
    lab.after(lab.tab.locator('.lab-thumb').nth(8).click)
    codes = lab.codes()
    lab.press('Link')
    lab.until('() => paint.copied')
    other = Lab(lab.tab.context.browser, lab.host, start=False, hash='#' + lab.eval('() => paint.copied').split('#')[1])
    other.until('() => paint.shown')
    if other.codes() != codes: yield 'the address leads to other codes'
    yield from known.off(other.eval('() => paint.shown'))
    other.tab.close()
    broken = Lab(lab.tab.context.browser, lab.host, start=False, hash='#codes=AAAA')
    if len(broken.codes()) != 144 or broken.errors: yield 'a broken address is not ignored'
    broken.tab.close()
    def saved(name):
        with lab.tab.expect_download(timeout=120_000) as download: lab.press(name)
        return Image.open(io.BytesIO(Path(download.value.path()).read_bytes()))
    picture = saved('PNG')
    pixels = np.asarray(picture.convert('L'), float)[6:336:12, 6:336:12].flatten()/255
    error = abs(pixels - np.array(lab.eval('() => [...paint.lab.state.pixels]'))).max()
    if picture.size != (3*336 + 48, 336) or error > .01: yield f'the PNG of {picture.size} is not the pair'
    film = saved('GIF')
    if film.n_frames != 62 or film.size != (224, 224): yield f'the GIF has {film.n_frames} frames of {film.size}'
    frame = np.asarray(film.convert('L'), float)[4::8, 4::8]/255
    if abs(frame.flatten() - known.pixels(codes).numpy()).max() > .02: yield 'the GIF does not begin with the garment'
    film.seek(24)
    if abs(np.asarray(film.convert('L'), float)[4::8, 4::8]/255 - frame).mean() < .05: yield 'the GIF does not move'
    lab.eval('() => { paint.copied = "" }')
    lab.press('Array')
    lab.until('() => paint.copied')
    names = {}
    exec(lab.eval('() => paint.copied'), names)
    if names['codes'].flatten().tolist() != lab.codes(): yield 'the array is another'
    if names['x_hat'].shape != (1, 1, 28, 28): yield 'the array is not decoded'

@check
def carrying(lab, known):
    "weight: all parts together, no other host, memory steady over 1,000 strokes."
    files = {SITE/url.split('#')[0][len(lab.host) + 1:] for url in lab.asked if url.startswith(lab.host)}
    heavy = sum(weight(f) for f in files if f.is_file())
    if heavy > HEAVY: yield f'{heavy:,} bytes'
    yield from [f'asked {url}' for url in lab.asked if url.startswith('http') and not url.startswith(lab.host)]
    lab.open('Paint')
    tools = lab.tab.context.new_cdp_session(lab.tab)
    def strokes(n): lab.eval('''async n => { for (let i = 0; i < n; i++) {
        const cell = document.querySelectorAll('.lab-grid > *')[i*37%144];
        document.querySelectorAll('.lab-palette > *')[i*31%100].click();
        cell.releasePointerCapture = () => {};   // no real pointer is down
        cell.dispatchEvent(new PointerEvent('pointerdown', {bubbles: true, pointerId: 1}));
        if (i%5 == 0) await new Promise(done => setTimeout(done, 12));
    } }''', n)
    def used():
        tools.send('HeapProfiler.collectGarbage')
        return tools.send('Runtime.getHeapUsage')['usedSize']
    strokes(200)
    before = used()
    strokes(1000)
    lab.tab.wait_for_timeout(1000)
    grown = used() - before
    print(f'    {heavy/1e6:.2f} MB as transferred; after 1,000 strokes {grown/1e3:+.0f} kB')
    if grown > 1_000_000: yield f'memory grew by {grown:,} bytes'

@check
def failing(lab, known):
    "failure: a model file that is missing or damaged is said on the page, and can be tried again."
    lab.tab.route('**/k100-d32.safetensors', lambda route: route.fulfill(status=404))
    lab.tab.reload()
    lab.tab.locator('.lab-thumb').nth(3).click()
    lab.until('() => paint.dataset.failed')
    if '404' not in lab.status(): yield f'a missing file: {lab.status()}'
    data = bytearray((SITE/'stories'/'paint'/'k100-d32.safetensors').read_bytes())
    data[-1] ^= 1
    lab.tab.unroute('**/k100-d32.safetensors')
    lab.tab.route('**/k100-d32.safetensors', lambda route: route.fulfill(body=bytes(data)))
    lab.eval('() => { delete paint.dataset.failed }')
    lab.press('Try again')
    lab.until('() => paint.dataset.failed')
    if 'digest' not in lab.status(): yield f'a damaged file: {lab.status()}'
    lab.tab.unroute('**/k100-d32.safetensors')
    lab.press('Try again')
    lab.until('() => paint.dataset.ready')
    lab.errors.clear()   # Chromium's own line about the 404
failing.start = False

@check
def looks(lab, known):
    "looks: access, contrast and width, in every tab, wide and narrow, light and dark."
    axe = package('axe-core')
    if not axe: return (yield 'npm could not fetch axe-core')
    lab.after(lab.tab.locator('.lab-thumb').nth(4).click)
    lab.until('() => paint.lab.state.bits')
    lab.eval((axe/'axe.min.js').read_text())
    for name in 'Look', 'Paint', 'Dream', 'Morph':
        for scheme in 'light', 'dark':
            for size in 1280, 390:
                lab.tab.set_viewport_size(dict(width=size, height=1300))
                lab.tab.emulate_media(color_scheme=scheme)
                lab.open(name)
                lab.tab.wait_for_timeout(200)
                if name == 'Look': lab.cell(53).hover()
                found = [v for v in violations(lab.tab) if '#paint' in v or 'lab-' in v]
                yield from [f'{name}, {size} px, {scheme}: {v}' for v in found]
                lab.tab.locator('#paint').screenshot(path=SHOTS/f'paint-{name.lower()}-{size}-{scheme}.png')
                wide = lab.eval('() => document.documentElement.scrollWidth')
                if wide > size: yield f'{name}: {wide} px wide at {size}'

# --- why codebooks die ------------------------------------------------------------------------------------------------

class Simulator(Lab):
    "The page with the simulator."
    def __init__(self, browser, host, start):
        self.tab = browser.new_page(viewport=dict(width=1280, height=1000), reduced_motion='reduce')
        self.host, self.errors, self.asked = host, [], []
        self.tab.on('console', lambda m: m.type == 'error' and self.errors.append(m.text))
        self.tab.on('pageerror', lambda e: self.errors.append(str(e)))
        self.tab.goto(f'{host}/stories/collapse.html')
        self.until('() => collapse.sim')

STEPS, K, D, N = 100, 20, 3, 64

def rows(tensor): return tensor.detach().tolist()

def trained(module, zs):
    "The codebook of a module after each step of Adam, or of its own averages."
    optimizer = torch.optim.Adam(module.parameters(), 0.02) if [*module.parameters()] else None
    for z in zs:
        grid = z.T.view(1, D, 1, N)
        q = module.train()(grid)
        loss = q.codebook_loss if not isinstance(module, FSQ) else (q.z_q - grid).square().mean()
        if optimizer:
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        yield module.codebook.detach().clone()

@check
def rules(lab, known):
    "collapse: a hundred steps of every rule are the package's."
    g = generator(0, 'play')
    zs = torch.randn(STEPS, N, D, generator=g) + torch.linspace(0, 2, STEPS)[:, None, None]
    with seeded(0, 'play'):
        modules = dict(gradient=VectorQuantizer(K, D), simvq=SimVQ(K, D), fsq=FSQ(100, D))
    for name, revive in dict(averages=0, revival=.1).items():
        modules[name] = EMAVectorQuantizer(K, D, decay=.9, revive=revive)
    modules['gradient'].codebook.data.normal_(generator=g)
    given = dict(zs=zs.tolist(), start=rows(modules['gradient'].codebook), points=rows(modules['simvq'].points))
    given['first'] = torch.randperm(N, generator=generator(0, 'k-means'))[:K].tolist()
    given['choices'] = [torch.randint(N, (K,), generator=generator(0, 'revive', t)).tolist() for t in range(STEPS + 1)]
    for name, layer in dict(map=modules['simvq'].map, into=modules['fsq'].into, out=modules['fsq'].out).items():
        given[name] = dict(W=rows(layer.weight), b=rows(layer.bias))
    found = lab.eval('''async ({zs, start, points, choices, first, map, into, out}) => {
        const rules = await import(new URL('collapse/rules.js', location.href));
        const placed = () => rules.kmeans(zs[0], first.length, first), rate = .02, decay = .9;
        const made = {
            gradient: new rules.Gradient(start, rate), simvq: new rules.SimVQ(points, map.W, map.b, rate),
            fsq: new rules.FSQ(into, out, 100, rate), averages: new rules.Averages(placed(), decay, 0),
            revival: new rules.Averages(placed(), decay, .1, t => choices[t])};
        const steps = rule => zs.map(z => { rule.step(z); return rule.codebook.map(row => [...row]); });
        return Object.fromEntries(Object.entries(made).map(([name, rule]) => [name, steps(rule)]));
    }''', given)
    for name, module in modules.items():
        wanted = torch.stack([*trained(module, zs)])
        error = (torch.tensor(found[name]) - wanted).abs().amax((1, 2))
        first = int((error > 1e-3).float().argmax())
        if not error.max() < 1e-3: yield f'{name} differs by {error.max():.1e}, first in step {first}'
        if (wanted[-1] - wanted[0]).abs().max() < .1: yield f'{name} did not move, so nothing was compared'
    ask = '''numbers => import(new URL('collapse/rules.js', location.href)).then(rules => numbers.map(rules.levels))'''
    if lab.eval(ask, [4, 16, 100, 512]) != [[*levels(n)] for n in (4, 16, 100, 512)]: yield 'levels of FSQ differ'

@check
def presets(lab, known):
    "collapse: the presets show what the page's figures show."
    found = {}
    for name in 'random start', 'k-means start', 'averages', 'revival', 'SimVQ', 'FSQ':
        lab.press(name)
        lab.until('() => collapse.sim.world.t >= 250')
        perplexity, error, used = lab.eval('''() => { const {curve, world} = collapse.sim;
            return [curve.perplexity, curve.error, world.recent.filter(v => v > .05).length]; }''')
        found[name] = dict(used=used/100, perplexity=sum(perplexity[-10:])/10, error=sum(error[-10:])/10,
                           rises=sum(perplexity[-50:]) > sum(perplexity[:50]))
        lab.tab.locator('#collapse').screenshot(path=SHOTS/f'collapse-{name.replace(" ", "-")}.png')
    print('    in use: ' + ', '.join(f'{name} {f["used"]:.0%}' for name, f in found.items()))
    f = found
    if not f['random start']['used'] < .3 or not f['revival']['used'] > .9: yield f'in use: {f}'
    if not f['averages']['used'] < f['k-means start']['used'] < f['revival']['used']: yield f'in use: {f}'
    if not f['revival']['perplexity'] > 2*f['random start']['perplexity']: yield f'perplexities: {f}'
    if not f['revival']['error'] < f['random start']['error']: yield f'errors: {f}'
    for way in 'SimVQ', 'FSQ':
        if not f[way]['error'] > f['k-means start']['error'] or not f[way]['rises']: yield f'{way}: {f[way]}'

@check
def simulator(lab, known):
    "collapse: it runs, stops and obeys its sliders; access and width."
    lab.tab.emulate_media(reduced_motion='no-preference')
    lab.tab.reload()
    lab.tab.locator('#collapse').scroll_into_view_if_needed()
    lab.until('() => collapse.sim.world.t >= 250')
    lab.tab.wait_for_timeout(300)
    if lab.eval('() => collapse.sim.world.t') != 250: yield 'it does not rest after 250 steps'
    lab.press('One step')
    if lab.eval('() => collapse.sim.world.t') != 251: yield 'one step is not one'
    lab.tab.locator('#collapse select').select_option('averages')
    for label, value in dict(codes='30', decay='0.8', drift='0.03').items():
        lab.tab.locator('.sim-sliders label', has_text=label).locator('input').fill(value)
    turned = lab.eval('''() => { const {rule, drift} = collapse.sim.world;
        return [rule.codebook.length, rule.decay, drift]; }''')
    if turned != [30, .8, .03]: yield f'sliders are not obeyed: {turned}'
    axe = package('axe-core')
    if not axe: return (yield 'npm could not fetch axe-core')
    lab.eval((axe/'axe.min.js').read_text())
    for scheme in 'light', 'dark':
        for size in 1280, 390:
            lab.tab.set_viewport_size(dict(width=size, height=1000))
            lab.tab.emulate_media(color_scheme=scheme, reduced_motion='reduce')
            lab.press('revival')
            lab.tab.wait_for_timeout(300)
            yield from [f'{size} px, {scheme}: {v}' for v in violations(lab.tab) if '#collapse' in v or 'sim-' in v]
            lab.tab.locator('#collapse').screenshot(path=SHOTS/f'collapse-{size}-{scheme}.png')
            wide = lab.eval('() => document.documentElement.scrollWidth')
            if wide > size: yield f'{wide} px wide at {size}'
for f in rules, presets, simulator: f.lab = Simulator

def main(*words):
    SHOTS.mkdir(exist_ok=True)
    server = ThreadingHTTPServer(('127.0.0.1', 0), partial(Quiet, directory=SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host, known, failed, done = f'http://127.0.0.1:{server.server_port}', Known(), 0, 0
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path='/usr/bin/chromium', args=FLAGS)
        for name, f in CHECKS.items():
            if words and not any(word in name for word in words): continue
            lab = None
            try:
                lab = getattr(f, 'lab', Lab)(browser, host, getattr(f, 'start', True))
                problems = [*f(lab, known), *(f'console: {e}' for e in lab.errors)]
            except Exception: problems = [traceback.format_exc(limit=-3)]
            if lab: lab.tab.close()
            print('FAILED' if problems else 'PASSED', name, flush=True)
            for line in problems: print('    ' + line.replace('\n', '\n    '))
            failed, done = failed + bool(problems), done + 1
        browser.close()
    print(f'{done - failed} passed, {failed} failed')
    return failed

if __name__ == '__main__': sys.exit(bool(main(*sys.argv[1:])))
