"""Build the docs site in _docs, without Quarto or network: nbdev's processed notebooks, rendered by smalldocs.

    pip install -e '.[dev,docs]'
    python .ci/docs.py            # then: python -m http.server -d _docs

Added to what smalldocs does: pages have nbdev's names, figures, tables and equations are numbered, formulas are MathML,
sections whose heading says `{.folded}` are closed, each page says how to run it, llms.txt lists them all, nothing is
fetched from another host, and no script stands in a page (a strict Content-Security-Policy is obeyed).
"""
import ast
import html
import json
import re
import shutil
import subprocess
import sys
import pypandoc
import yaml
from nbdev.config import get_config
from nbdev.quarto import refresh_quarto_yml
from nbdev.serve import proc_nbs
from nbdev.showdoc import showdoc_nm
import paint

KINDS = {'fig': 'Figure', 'tbl': 'Table', 'eq': 'Equation'}
LOOKED_UP = 'Reference', 'Laboratory', 'Checks'  # sections of the sidebar that are closed until one is there
LABEL = r'(fig|tbl|eq)-[\w-]+'
MATH = re.compile(r'<span class="math (?:inline|display)">(.*?)</span>', re.S)

def joined(text): return text if isinstance(text, str) else ''.join(text)

def captioned(source, numbers):
    "A code cell whose caption begins with its number, and is a figure's alternative text if there is no other."
    label = re.search(rf'^#\| label: ({LABEL})', source, re.M)
    def caption(m):
        words = yaml.safe_load(m[2]) if m[2][:1] in '"\'' else m[2]
        if label and label[2] == m[1]: words = f'{KINDS[m[1]]} {numbers[label[1]]}: {words}'
        alt = f'\n#| fig-alt: {json.dumps(words)}' if m[1] == 'fig' and '#| fig-alt:' not in source else ''
        return f'#| {m[1]}-cap: {json.dumps(words)}{alt}'
    return re.sub(r'^#\| (fig|tbl)-cap: (.+)', caption, source, flags=re.M)

def number(cells):
    "Number the labels `fig-`, `tbl-` and `eq-` in the order of the page, and turn `@fig-x` into links."
    numbers = {}
    for cell in cells:
        for found in re.finditer(rf'(?:\{{#|#\| label: )({LABEL})', cell['source']):
            label, kind = found.groups()
            numbers[label] = 1 + sum(other.startswith(kind + '-') for other in numbers)
    def link(m): return f'[{KINDS[m[2]]} {numbers[m[1]]}](#{m[1]})' if m[1] in numbers else m[0]
    for cell in cells:
        s = cell['source']
        if cell['cell_type'] == 'markdown':
            s = re.sub(r'\$\$\s*\{#(eq-[\w-]+)\}', lambda m: rf'\tag{{{numbers[m[1]]}}} $$' + f'\n\n[]{{#{m[1]}}}', s)
            s = re.sub(r'^: (.*\{#(tbl-[\w-]+)\})', lambda m: f': Table {numbers[m[2]]}: {m[1]}', s, flags=re.M)
            s = re.sub(rf'(?<![\w`@])@({LABEL})', link, s)
        else: s = captioned(s, numbers)
        cell['source'] = s

def plain_code(markdown):
    "Undo the links nbdev puts into the comments of a signature, where they cannot work."
    parts = joined(markdown).split('```')
    parts[1::2] = [re.sub(r'\[(`[^`]+`)\]\([^)]*\)', r'\1', code) for code in parts[1::2]]
    return '```'.join(parts)

ANYTHING = re.compile(r'```python\ndef (\w+)\(\n    \*args, \*\*kwargs\n\).*?\n```')
SHOWN = '#| code-fold: show\n#| code-summary: "Exported source"\n'  # nbdev's mark of a cell whose source is shown

def where(markdown):
    "The file and line of what a signature belongs to; nbdev does not know those of a method under two decorators."
    found = re.search(r'/blob/[^/]+/(\S+?)#L(\d+)\)', markdown)
    return found and (found[1], int(found[2]))

def as_class(markdown):
    "The signature of a class that nbdev knows only as `(*args, **kwargs)`: its bases, and a named tuple's fields."
    if not (found := ANYTHING.search(markdown)): return markdown
    text = (get_config().config_path/where(markdown)[0]).read_text()
    node = next(n for n in ast.walk(ast.parse(text)) if isinstance(n, ast.ClassDef) and n.name == found[1])
    fields = [n for n in node.body if isinstance(n, ast.AnnAssign)]
    lines = text.splitlines()[fields[0].lineno - 1:fields[-1].end_lineno] if fields else []
    head = f'class {node.name}({", ".join(map(ast.unparse, node.bases))})' + ':'*bool(lines)
    return markdown.replace(found[0], '\n'.join(['```python', head, *lines, '```']))

def signatures(cells, looked_up):
    """Fold the signatures at the end of the page, in the order of the source: beside the source they say nothing new.
    On a page that is `looked_up` those without a shown source stay where they are: they are what one came for."""
    defined = [node for cell in cells if cell['source'].startswith(SHOWN) for node in ast.parse(cell['source']).body]
    shown = {showdoc_nm(n) for n in defined if isinstance(n, (ast.FunctionDef, ast.ClassDef))}
    folded, place = [], ('', 0)
    for cell in cells:
        cell['source'] = cell['source'].removeprefix(SHOWN)
        if not (found := re.search(r'^show_doc\(([\w.]+)', cell['source'], re.M)): continue
        data = cell['outputs'][0]['data']
        data['text/markdown'] = as_class(joined(data['text/markdown']).removeprefix('---\n\n'))
        data['text/markdown'] = re.sub(r'^### [\w.]+$', f'### {found[1]}', data['text/markdown'], count=1, flags=re.M)
        place = where(data['text/markdown']) or place
        if not looked_up or found[1] in shown: folded.append((place, len(folded), cell))
    if not folded: return cells
    folded = [cell for _, _, cell in sorted(folded)]
    heading = {'cell_type': 'markdown', 'metadata': {}, 'source': '## Signatures {.folded}'}
    return [cell for cell in cells if not any(cell is other for other in folded)] + [heading, *folded]

def prepare(path, up, has_repository, looked_up):
    "Ready one processed notebook, from which `up` leads to the top, for smalldocs; returns nbdev's name for its page."
    nb = json.loads(path.read_text())
    for cell in nb['cells']: cell['source'] = joined(cell['source'])
    nb['cells'] = signatures(nb['cells'], looked_up)
    number(nb['cells'])
    for cell in nb['cells']:
        caption = re.search(r'^#\| tbl-cap: (".*")$', cell['source'], re.M)
        for data in [out['data'] for out in cell.get('outputs', []) if 'text/markdown' in out.get('data', {})]:
            text = plain_code(data['text/markdown'])
            if caption: # under the first table that the cell wrote as Markdown
                end = re.search(r'(^\|.*(\n|$))+', text, re.M).end()
                text = f'{text[:end].rstrip()}\n\n: {json.loads(caption[1])}\n\n{text[end:]}'
            data['text/markdown'] = text
    text = re.sub(r'\]\((?:\./)?(?=[\w/-]+\.html#)', f']({up}', json.dumps(nb))  # nbdev knows of no folders
    if not has_repository: text = re.sub(r'\[source\]\(/blob/[^)]*\)\{.*?\}', '', text)  # no dead links
    name = re.search(r'^output-file: (\S+)\.html$', nb['cells'][0]['source'], re.M)
    path.write_text(text.replace(name[0] + '\\n', '') if name else text)
    return (name[1] if name else path.stem) + '.ipynb'

def rename(proc, site_yml, has_repository):
    "Give the pages nbdev's names: lab/02_bench.ipynb becomes lab/bench.html."
    site = yaml.safe_load(site_yml.read_text())['website']['sidebar']['contents']
    looked_up = {page for section in site if section['section'] in LOOKED_UP for page in section['contents']}
    names = {}
    for path in (paths := sorted(proc.rglob('*.ipynb'))):
        page = path.relative_to(proc)
        names[path.name] = prepare(path, '../'*(len(page.parts) - 1), has_repository, str(page) in looked_up)
    def new(pattern, text): return re.sub(pattern, lambda m: m[1] + names.get(m[2], m[2]), text)
    for path in paths:
        text = path.read_text()
        path.unlink()
        path.with_name(names[path.name]).write_text(new(r'(\]\((?:[\w.-]+/)*)([\w-]+\.ipynb)', text))
    site = new(r'([\[ /])([\w-]+\.ipynb)', site_yml.read_text())
    (proc/'_site.yml').write_text(site.replace(', fonts.scss', ''))  # smalldocs reads no Sass
    (proc/'_quarto.yml').write_text((proc/'_quarto.yml').read_text().replace('../_quarto.yml', '_site.yml'))

def numbered(tex):
    "A formula with its `\\tag` in a form that MathML knows."
    tag = re.search(r'\\tag\{(\w+)\}', tex)
    return tex.replace(tag[0], '')[:-2] + rf'\qquad ({tag[1]})\]' if tag else tex

def tidy(math):
    "Of pandoc's MathML: norms no taller than needed, a space before log and min, a brace that browsers draw whole."
    norm = r'<mo stretchy="true"( form="(?:pre|post)fix">‖)'
    if '<mfrac' not in math: math = re.sub(norm, r'<mo stretchy="false" lspace="0.1em" rspace="0.05em"\1', math)
    name = r'(<msub>|<munder>)?(<mrow>)?<mi mathvariant="normal">(log|exp|ln|min|max|arg|sin|cos)<'
    math = re.sub(rf'(</m[ni]>|</msu[bp]>)(?={name})', r'\1<mspace width="0.167em"></mspace>', math)
    brace = r'<munder>((?:(?!<munder>).)*?)<mo accent="true">⏟</mo></munder>'
    return re.sub(brace, r'<mrow class="braced">\1</mrow>', math)

def formulas(pages):
    "MathML, which browsers draw without a script, for every TeX formula of the pages: one call of pandoc for all."
    spans = sorted({m[0] for text in pages for m in MATH.finditer(text)})
    tex = [numbered(html.unescape(MATH.fullmatch(span)[1]).strip()) for span in spans]
    made = pypandoc.convert_text('\n\n'.join(tex), 'html', 'markdown+tex_math_single_backslash',
                                 extra_args=['--mathml', '--wrap=none'])
    maths = re.findall(r'<math .*?</math>', made, flags=re.S)
    if len(maths) != len(spans): sys.exit('a formula that pandoc cannot read: ' + re.findall(MATH, made)[0])
    return dict(zip(spans, map(tidy, maths)))

def mend(text, anchors):
    "Lead links to methods, which have no anchor on the page, to their class: model.html#vqvae.encode to #vqvae."
    def link(m): return m[0] if m[0] in anchors else m[1]
    return re.sub(r'([\w-]+\.html#[\w-]+)\.\w+(?=")', link, text)

def how_to_run(name, up, cfg):
    "A line at the end of a page: where its notebook is, and how it is run."
    how = f'<a href="{up}glossary.html#how-to-run-a-page">how to run it</a>'
    line = f'This page is the notebook <code>{name}</code>: {how}'
    if 'github.com' in cfg.git_url:
        colab = cfg.git_url.replace('https://github.com', 'https://colab.research.google.com/github')
        line += (f', or <a href="{colab}/blob/{cfg.branch}/{name}">open it in Colab</a>, where its first cell should '
                 f'be <code>!pip install "{cfg.lib_name}[dev] @ git+{cfg.git_url}"</code>')
    return f'<p class="run-this-page">{line}.</p>'

def fold(text):
    "Close the sidebar's sections that are looked up, not read, but for that of this page."
    for section in re.findall(r'<li class="sidebar-item sidebar-item-section">.*?</ul></li>', text, re.S):
        name = re.search(r'<span class="menu-text">(.*?)</span>', section)[1]
        if name not in LOOKED_UP or 'aria-current' in section: continue
        closed = section.replace('aria-expanded="true"', 'aria-expanded="false"').replace(' show"', '"', 1)
        text = text.replace(section, closed)
    return text

def folded(text):
    "Close each section whose heading has the class `folded`: a `<details>` whose summary is the heading."
    parts, inside = re.split(r'(<section [^>]*>|</section>)', text), []
    for i, part in enumerate(parts):
        if part.startswith('<section '):
            inside.append('folded' in re.search(r' class="([^"]*)"', part)[1].split())
            if inside[-1]:
                # not `anchored`: a summary may hold no link
                parts[i+1] = re.sub(r'\s*(<h\d)[^>]*(>.*?</h\d>)', r'<details class="folded"><summary>\1\2</summary>',
                                    parts[i+1], count=1, flags=re.S)
        elif part == '</section>' and inside.pop(): parts[i] = '</details></section>'
    text = ''.join(parts)
    for name in re.findall(r'<section id="([^"]*)" class="[^"]*folded', text):  # no entries for what is inside
        text = re.sub(rf'(data-scroll-target="#{re.escape(name)}">((?!</a>).)*</a>)<ul>.*?</ul>', r'\1', text)
    return text

def without_scripts(text, scripts):
    "A page whose scripts are files: those in the page are collected, handlers are named for .ci/site.js."
    for script in re.findall(r'<script>(.*?)</script>', text, re.S):
        scripts.add(script)
        text = text.replace(f'<script>{script}</script>', '<script src="scheme.js"></script>')
    text = text.replace('onclick="window.smalldocsToggleScheme(); return false;"', 'data-does="scheme"')
    text = text.replace('onclick="window.scrollTo(0, 0); return false;"', 'data-does="top"')
    return text.replace('</head>', '<script src="site.js" defer></script></head>', 1)

NUMBER = re.compile(r'[-−+±~]?\d[\d.,]*(e-?\d+)?\s?[%×x]?(\s?[±(–-]\s?[\d.,]+\)?)?|nan|NaN|inf|[-–—]?')

def marked(row, columns):
    "A row of a table, the cells of its `columns` of numbers, counted from the right, marked as such."
    cells, at = list(re.finditer(r'<(t[hd])([^>]*)>', row)), 0
    for cell in reversed(cells):  # from the right: a cell that spans rows is only missing on the left
        span = int((re.search(r'colspan="(\d+)"', cell[2]) or [0, 1])[1])
        if all(columns[at:at + span]) and columns[at:at + span]:
            kept = re.sub(r' class="([^"]*)"', '', cell[2])
            classes = (re.search(r' class="([^"]*)"', cell[2]) or ['', ''])[1]
            row = row[:cell.start()] + f'<{cell[1]}{kept} class="{f"num {classes}".strip()}">' + row[cell.end():]
        at += span
    return row

def table(m):
    "A table that can scroll by itself, whose numbers and their headings stand on the right."
    text = re.sub(r'<table (border="1" class="dataframe"|(id="T_\w+"))',
                  r'<table \2 class="dataframe table table-sm table-striped w-auto"', m[0])
    text = re.sub(r'[^<>]+(?=</th>)', lambda m: m[0].replace('_', '_<wbr>'), text)  # where a long name may break
    body = text.partition('<tbody')[2]
    rows = [re.findall(r'<t[hd][^>]*>(.*?)</t[hd]>', row, re.S)[::-1] for row in re.findall(r'<tr.*?</tr>', body, re.S)]
    def words(cell): return html.unescape(re.sub(r'<[^>]*>', '', cell)).strip()
    columns = []
    for i in range(max(map(len, rows), default=0)):
        column = [words(row[i]) for row in rows if len(row) > i]
        columns.append(all(map(NUMBER.fullmatch, column)) and any(re.search(r'\d', c) for c in column))
    text = re.sub(r'<tr.*?</tr>', lambda m: marked(m[0], columns), text, flags=re.S)
    return f'<div class="table-scroll" tabindex="0">{text}</div>'

MARKED = re.compile(r'q\.split\([^\n]*\.forEach\(\(w\) => \{.*?\n    \}\);', re.S)

def mark_once(script):
    "Of smalldocs.js: all words that were sought are marked in one go, else the second is found in tags of the first."
    once = r'''const words = q.split(/\s+/).filter((w) => w.length > 1);
    const any = words.map((w) => w.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")).join("|");
    if (any) s = s.replace(new RegExp(any, "ig"), "<mark>$&</mark>");'''
    if not MARKED.search(script): sys.exit('smalldocs.js marks what was sought in another way now')
    return MARKED.sub(lambda m: once, script)

def finish(text, math, run):
    "The formulas, tables, scripts and last lines of one page."
    text = folded(fold(text)).replace('<p><em>Call self as a function.</em></p>', '')
    text = MATH.sub(lambda m: math[m[0]], text)
    text = text.replace('<nav class="page-navigation">', run + '<nav class="page-navigation" aria-label="Pages">')
    text = re.sub(r'<link[^>]*//cdn[^>]*>|<script[^>]*//cdn[^>]*></script>', '', text)
    text = re.sub(r'<pre(?=[ >])', '<pre tabindex="0"', text)  # what scrolls sideways is reachable by keyboard
    text = re.sub(r'<style scoped>.*?</style>', '', text, flags=re.S)  # pandas'
    text = re.sub(r'<table.*?</table>', table, text, flags=re.S)
    def code(m): return re.sub('`([^`]+)`', r'<code>\1</code>', m[0])
    return re.sub(r'<(caption|figcaption)\b.*?</\1>', code, text, flags=re.S)

def llms(cfg, names): # notebook -> its page
    "What the package is, and every page with its claim, for readers that are programs (https://llmstxt.org)."
    site = yaml.safe_load((cfg.config_path/'_quarto.yml').read_text())['website']['sidebar']['contents']
    lines = [f'# {cfg.title}', '', f'> {cfg.description}']
    for section in site:
        lines += ['', f'## {section["section"]}', '']
        for page in section['contents']:
            first = joined(json.loads((cfg.nbs_path/page).read_text())['cells'][0]['source'])
            title, claim = re.match(r'# (.+)\n\n?> (.+)', first).groups()
            lines.append(f'- [{title}]({names[page]}): {claim}')
    return '\n'.join(lines) + '\n'

def main():
    cfg = get_config()
    out = cfg.config_path/cfg.doc_path.name
    refresh_quarto_yml()
    paint.build()
    proc = proc_nbs(force=True)
    rename(proc, cfg.config_path/'_quarto.yml', bool(cfg.git_url))
    subprocess.run([sys.executable, '-m', 'smalldocs.cli', 'render', str(proc)], check=True)
    pages = {page: page.read_text() for page in (proc/out.name).rglob('*.html')}
    math, scripts = formulas(pages.values()), set()
    anchors = {f'{page.name}#{name}' for page, text in pages.items() for name in re.findall(r' id="([^"]+)"', text)}
    notebooks = {re.sub(r'(^|/)\d+_', r'\1', str(nb.relative_to(cfg.nbs_path).with_suffix(''))): nb
                 for nb in cfg.nbs_path.rglob('*.ipynb')}
    for page, text in pages.items():
        where = page.relative_to(proc/out.name).with_suffix('')
        name, up = notebooks[str(where)].relative_to(cfg.config_path), '../'*(len(where.parts) - 1)
        text = text.replace(f'{cfg.nbs_path.name}/{where}.ipynb"', f'{name}"')  # the link to the source
        text = without_scripts(finish(mend(text, anchors), math, how_to_run(name, up, cfg)), scripts)
        page.write_text(re.sub(r'src="(scheme|site).js"', rf'src="{up}\1.js"', text))
    if len(scripts) != 1: sys.exit(f'{len(scripts)} different scripts stand in pages; one was known')
    (proc/out.name/'scheme.js').write_text(scripts.pop())
    shutil.copy(cfg.config_path/'.ci'/'site.js', proc/out.name)
    script = proc/out.name/'site_libs'/'smalldocs.js'
    script.write_text(mark_once(script.read_text()))
    pages_of = {str(nb.relative_to(cfg.nbs_path)): f'{where}.html' for where, nb in notebooks.items()}
    (proc/out.name/'llms.txt').write_text(llms(cfg, pages_of))
    for sheet in (proc/out.name).rglob('*.css'):
        sheet.write_text(re.sub(r'@import\s+url\([^)]*\);', '', sheet.read_text()))
    if not cfg.doc_host.startswith('http'): (proc/out.name/'sitemap.xml').unlink(missing_ok=True)
    shutil.rmtree(out, ignore_errors=True)
    shutil.move(proc/out.name, out)
    shutil.rmtree(proc)
    print(f'{len(list(out.rglob("*.html")))} pages in {out.name}')

if __name__ == '__main__': main()
