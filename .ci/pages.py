"""Check what the docs site's pages say: no machine's paths or spellings, captions everywhere, no list that went stale.

    python .ci/pages.py _docs
"""
import re
import sys
from html.parser import HTMLParser
from pathlib import Path

RAW = {'a path of some machine': r'(?<![\w.:/~])/(?:home|root|tmp|work|Users|var/folders)/\w',
       'a number as NumPy spells it': r'np\.(?:float|int)64\(',
       'a dump of a tensor': r'tensor\(\[\[\[\[',
       'a docstring that Python made up': r'Call self as a function'}
MODEL = re.compile(r'\bk\d+-d\d+\b')
WHOLE = {'table', 'pre', 'ul', 'ol', 'p', 'figcaption'}  # of these one may be a list
VOID = {'img', 'br', 'hr', 'meta', 'link', 'input', 'source', 'wbr', 'col'}

class Page(HTMLParser):
    "The text of a page, its lists, and the tables and pictures that have no caption."
    def __init__(self, path):
        super().__init__()
        self.open, self.text, self.lists, self.bare, self.main = [], '', [], [], 0
        self.feed(path.read_text())

    def handle_starttag(self, tag, attrs):
        if tag == 'main': self.main += 1
        if not self.main: return
        if tag in ('img', 'svg') and 'figure' not in self.open and ('aria-hidden', 'true') not in attrs:
            self.bare.append(f'a picture without a caption: {str(dict(attrs).get("alt"))[:60]}')
        if tag == 'table' and 'figure' not in self.open: self.bare.append('a table without a caption')
        if tag == 'caption': self.bare.pop()
        if tag in {'td', 'th', 'p', 'li', 'pre', 'div'}: self.text += ' '
        if tag in VOID: return
        self.open.append(tag)
        if tag in WHOLE: self.lists.append(set())

    def handle_endtag(self, tag):
        if tag == 'main': self.main -= 1
        if tag in self.open:
            while self.open.pop() != tag: pass

    def handle_data(self, data):
        if not self.main: return
        if self.open and self.open[-1] == 'annotation': return  # a formula's source
        self.text += data
        if self.bare and self.bare[-1] == 'a table without a caption' and 'table' in self.open and data.strip():
            self.bare[-1] += f': {data.strip()[:40]}'
        if self.lists: self.lists[-1] |= set(MODEL.findall(data))

def problems(site, shipped): # the names of the models that the package has
    "Everything that a reader should not meet."
    for path in sorted(site.rglob('*.html')):
        page = Page(path)
        for what, pattern in RAW.items():
            if found := re.search(f'.{{0,30}}(?:{pattern}).{{0,30}}', page.text):
                yield f'{path.name}: {what}: {found[0]!r}'
        for bare in page.bare: yield f'{path.name}: {bare}'
        for names in page.lists:
            if 2 < len(names & shipped) < len(shipped):
                yield f'{path.name}: lists {", ".join(sorted(names))}, and {len(shipped)} models are shipped'

def shipped():
    "The names of the models in the package."
    return {path.stem for path in (Path(__file__).parent.parent/'vqfashion'/'weights').glob('k*.safetensors')}

if __name__ == '__main__':
    found = sorted(set(problems(Path(sys.argv[1]), shipped())))
    print('\n'.join(found) or 'every table and figure has a caption, and no list is stale')
    sys.exit(bool(found))
