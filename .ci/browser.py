"""Look at every page of the docs site in a real browser, and count what holds.

    python .ci/docs.py && python .ci/browser.py          # needs Chromium: apt-get install chromium
    python .ci/browser.py quantizer                      # one page only

Each page is shown wide and narrow, light and dark. Screenshots land in .shots, which git ignores: look at them.
"""
import gzip
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit
from playwright.sync_api import sync_playwright
import pages as words
from links import problems
from web import package

ROOT = Path(__file__).parent.parent
SITE, SHOTS = ROOT/'_docs', ROOT/'.shots'
FIRST, ANY = 500_000, 1_500_000                           # bytes a page may weigh, as transferred
PHRASE, FOUND = 'straight-through', 'quantizer.html'      # what the search must find, and where
FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-background-networking', '--disable-component-update',
         '--disable-sync', '--no-first-run', '--no-default-browser-check']
FIGURES = """() => Promise.all([...document.querySelectorAll('main img')].map(async img => {
    img.loading = 'eager'; await img.decode().catch(() => {});
    const canvas = document.createElement('canvas'), w = canvas.width = 64, h = canvas.height = 64;
    const draw = canvas.getContext('2d'); let seen = new Set();
    if (img.naturalWidth) {
        draw.drawImage(img, 0, 0, w, h);
        seen = new Set(new Uint32Array(draw.getImageData(0, 0, w, h).data.buffer));
    }
    const name = img.id || img.closest('[id]')?.id || img.src.slice(0, 60);
    return [seen.size < 3 && `${name}: blank`, !img.alt.trim() && `${name}: no alt text`];
})).then(found => found.flat().filter(Boolean))"""
WIDE = """() => [...document.querySelectorAll('body *')].filter(e => {
    if (e.getBoundingClientRect().right <= innerWidth + 1 || !e.offsetParent) return false;
    for (let p = e.parentElement; p; p = p.parentElement) if (getComputedStyle(p).overflowX != 'visible') return false;
    return true; }).slice(0, 3).map(e => e.tagName + '.' + e.className)"""

POLICY = "script-src 'self' 'wasm-unsafe-eval'"            # as strict as a page that runs WebAssembly may be

class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *args): pass

    def end_headers(self):
        self.send_header('Content-Security-Policy', POLICY)
        super().end_headers()

def weight(path):
    "What a server with gzip would send for a file."
    data = path.read_bytes()
    return min(len(data), len(gzip.compress(data, 6)))

def violations(tab, rules=None):
    "Serious and critical findings of axe-core."
    options = {'runOnly': {'type': 'rule', 'values': rules}} if rules else {}
    found = tab.evaluate('options => axe.run(document, options)', options)['violations']
    return [f'{v["id"]} ({v["impact"]}): {node["target"][0]} {node["html"][:110]}'
            for v in found if v['impact'] in ('serious', 'critical') for node in v['nodes'][:3]]

def look(tab, name, size, scheme):
    "Show the page in one size and colour scheme, and keep a screenshot."
    tab.set_viewport_size({'width': size, 'height': 900})
    tab.emulate_media(color_scheme=scheme)
    tab.wait_for_timeout(150)
    tab.screenshot(path=SHOTS/f'{name.replace("/", "-")}-{size}-{scheme}.png', full_page=True)

def visit(tab, page, host, axe, asked):
    "All checks of one page: a dict from the name of a check to its problems; and the page's weight."
    errors, asked[:] = [], []
    tab.on('console', lambda m: m.type == 'error' and errors.append(m.text))
    tab.on('pageerror', lambda e: errors.append(str(e)))
    tab.set_viewport_size({'width': 1280, 'height': 900})
    tab.goto(f'{host}/{page}', wait_until='networkidle')
    out = {'figures are drawn and have alt text': tab.evaluate(FIGURES)}
    look(tab, page[:-5], 1280, 'light')
    if axe:
        tab.evaluate(axe)
        out['axe-core: nothing serious or critical'] = violations(tab)
    look(tab, page[:-5], 1280, 'dark')
    if axe: out['axe-core: contrast in the dark'] = violations(tab, ['color-contrast', 'link-in-text-block'])
    look(tab, page[:-5], 390, 'dark')
    look(tab, page[:-5], 390, 'light')
    width = tab.evaluate('document.documentElement.scrollWidth')
    out['no sideways scroll at 390 px'] = [f'{width} px wide: {tab.evaluate(WIDE)}'] if width > 390 else []
    out['no error in the console'] = errors
    out['no request to another host'] = [url for url in asked if url.startswith('http') and not url.startswith(host)]
    files = {SITE/urlsplit(url).path[1:] for url in asked if url.startswith(host)} - {SITE/'search.json'}
    heavy = sum(weight(path) for path in files if path.is_file())
    out['weight'] = [f'{heavy:,} bytes'] if heavy > (FIRST if page == 'index.html' else ANY) else []
    return out, heavy

def search(tab, host):
    "The search box finds a phrase and leads to it."
    tab.set_viewport_size({'width': 1280, 'height': 900})
    tab.goto(f'{host}/index.html', wait_until='networkidle')
    tab.locator('.smalldocs-search input:visible').fill(PHRASE)
    tab.locator('.search-result').first.wait_for(timeout=10_000)
    found = tab.locator('.search-result').evaluate_all('all => all.map(a => a.getAttribute("href"))')
    lost = [] if any(FOUND in href for href in found) else [f'{PHRASE!r} is not found in {FOUND}: {found[:3]}']
    tab.locator('.smalldocs-search input:visible').fill('codebook mark')  # the second is the name of a tag
    tab.locator('.search-result mark').first.wait_for(timeout=10_000)
    shown = ' '.join(tab.locator('.search-result').all_inner_texts())
    return lost + [f'broken markup in the results: {shown[:80]}']*('<' in shown and 'mark>' in shown)

def toggle(tab, host):
    "The button for dark and light works in both directions."
    tab.set_viewport_size({'width': 1280, 'height': 900})
    tab.goto(f'{host}/index.html', wait_until='networkidle')
    def page_colour():
        tab.wait_for_timeout(200)
        return tab.evaluate('getComputedStyle(document.body).backgroundColor + document.documentElement.className')
    colours = [page_colour()]
    for _ in range(2):
        tab.locator('.quarto-color-scheme-toggle:visible').click()
        colours.append(page_colour())
    return [] if colours[0] == colours[2] != colours[1] and 'quarto-dark' in colours[1] else [str(colours)]

def main(only=''):
    SHOTS.mkdir(exist_ok=True)
    server = ThreadingHTTPServer(('127.0.0.1', 0), partial(Quiet, directory=SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    host = f'http://127.0.0.1:{server.server_port}'
    pages = sorted(str(p.relative_to(SITE)) for p in SITE.rglob('*.html') if only in p.name)
    found, weights = {'every link and anchor resolves': sorted(set(problems(SITE)))}, {}
    found['every table and figure has a caption, and nothing stale or raw is said'] = sorted(
        set(words.problems(SITE, words.shipped())))
    axe = package('axe-core')
    found['axe-core is there'] = [] if axe else ['npm could not fetch it']
    axe = axe and (axe/'axe.min.js').read_text()
    with sync_playwright() as p:
        browser = p.chromium.launch(executable_path='/usr/bin/chromium', args=FLAGS)
        for page in pages:
            tab, asked = browser.new_page(color_scheme='light', reduced_motion='reduce'), []
            tab.on('request', lambda r, asked=asked: asked.append(r.url))
            results, weights[page] = visit(tab, page, host, axe, asked)
            for check, problem in results.items(): found.setdefault(check, []).extend(f'{page}: {x}' for x in problem)
            tab.close()
        tab = browser.new_page()
        found[f'search finds {PHRASE!r}'] = search(tab, host)
        found['dark and light can be switched'] = toggle(browser.new_page(color_scheme='light'), host)
        browser.close()
    for check, problem in found.items():
        print('FAILED' if problem else 'PASSED', check)
        for line in problem: print('    ' + line)
    print('weights in kB: ' + ', '.join(f'{page[:-5]} {w/1000:.0f}' for page, w in weights.items()))
    failed = sum(map(bool, found.values()))
    print(f'{len(pages)} pages: {len(found) - failed} passed, {failed} failed')
    return failed

if __name__ == '__main__': sys.exit(bool(main(*sys.argv[1:])))
