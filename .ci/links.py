"""Check the docs site: every link and anchor resolves, none is left as text, and nothing is asked of another host.

    python .ci/links.py _docs
"""
import re
import sys
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

CODE = {'pre', 'code', 'script', 'style'} # what stands in these is no prose

class Page(HTMLParser):
    "The names of a page's anchors, its links, what it loads, and what looks like a link but is text."
    def __init__(self, path):
        super().__init__()
        self.ids, self.links, self.loads, self.raw, self.code = {''}, [], [], [], 0
        self.feed(path.read_text())

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        self.ids |= {attrs.get('id', ''), attrs.get('name', '')}
        for key in 'href', 'src', 'poster', 'data', 'srcset', 'action':
            if attrs.get(key) is None: continue
            loaded = tag != 'a' and not (tag == 'link' and attrs.get('rel') in ('canonical', 'next', 'prev'))
            (self.loads if loaded else self.links).append(attrs[key])
        self.code += tag in CODE

    def handle_endtag(self, tag): self.code -= tag in CODE

    def handle_data(self, data):
        if not self.code: self.raw += re.findall(r'\]\(\S+\)', data)

def problems(site):
    pages = {path.resolve(): Page(path) for path in site.rglob('*.html')}
    if not pages: yield f'{site}: no pages'
    for path, page in pages.items():
        for text in page.raw: yield f'{path.name}: {text} is no link, but text'
        for url in page.loads:
            if re.match(r'(https?:)?//', url): yield f'{path.name}: loads {url} from another host'
        for url in page.links + page.loads:
            parts = urlsplit(url)
            if parts.scheme or parts.netloc: continue
            target = (path.parent/unquote(parts.path)).resolve() if parts.path else path
            if target.is_dir(): target = target/'index.html'
            inside = target.is_relative_to(site.resolve()) and target.exists()
            if not inside: yield f'{path.name}: {url} leads nowhere'
            elif target in pages and unquote(parts.fragment) not in pages[target].ids:
                yield f'{path.name}: {url} has no such anchor'
    for path in site.rglob('*.css'):
        for url in re.findall(r'@import[^;]*|url\(["\']?https?:[^)]*', path.read_text()):
            if 'http' in url: yield f'{path.name}: loads {url} from another host'

if __name__ == '__main__':
    found = sorted(set(problems(Path(sys.argv[1]))))
    print('\n'.join(found) or 'every link resolves, and nothing is asked of another host')
    sys.exit(bool(found))
