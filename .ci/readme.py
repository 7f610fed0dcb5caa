"""Make README.md from nbs/index.ipynb, without Quarto.

    python .ci/readme.py

Pictures: `![...](images/x.png)` in the text points into nbs/, and a figure that a cell draws is stored as
nbs/images/LABEL.png (its `#| label: fig-...`), so that the README shows what the notebook drew.
"""
import base64
import re
from pathlib import Path
import yaml
from execnb.nbio import read_nb
from nbdev.config import get_config
from nbdev.processors import FilterDefaults

def joined(text): return text if isinstance(text, str) else ''.join(text)

def option(source, name):
    "The value of the cell option `#| name: value`, or an empty string."
    found = re.search(rf'^#\|\s*{name}:\s*"?(.*?)"?\s*$', source, re.M)
    return found[1] if found else ''

def output(out, source, nbs):
    "One stored output as Markdown."
    if out['output_type'] == 'stream': return indented(joined(out['text']))
    data = out.get('data', {})
    if 'image/png' in data:
        path = nbs/'images'/f"{option(source, 'label')}.png"
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(base64.b64decode(data['image/png']))
        return f"![{option(source, 'fig-alt')}](images/{path.name})"
    if 'text/markdown' in data: return joined(data['text/markdown'])
    return indented(joined(data.get('text/plain', '')))

def indented(text): return '\n'.join('    ' + line for line in text.rstrip().splitlines())

def callout(match):
    "A Quarto callout as a GitHub alert."
    return '\n'.join([f'> [!{match[1].upper()}]', *(f'> {line}'.rstrip() for line in match[2].strip().splitlines())])

def readme():
    cfg = get_config()
    path = cfg.nbs_path/cfg.readme_nb
    nb = read_nb(path)
    nb['path_'] = path
    FilterDefaults()(nb)  # nbdev's own processing: hidden cells, front matter, links
    blocks = []
    for cell in nb.cells:
        source = (cell.get('source') or '').strip()
        if cell.cell_type == 'raw':
            head = yaml.safe_load(source.strip('-'))
            blocks += ['# ' + head['title'], '> ' + head.get('description', '')]
        elif cell.cell_type == 'markdown' and source:
            source = re.sub(r'^:::+ *\{\.callout-(\w+)[^}]*\}\n(.*?)\n:::+$', callout, source, flags=re.M | re.S)
            blocks.append(re.sub(r'\[(`[^`\]]+`)\]\((?!http)[^)]*\)', r'\1', source))  # doc links work on the site only
        elif source:
            code = '\n'.join(line for line in source.splitlines() if not line.startswith('#|')).strip()
            if option(source, 'echo') != 'false': blocks.append(f'``` python\n{code}\n```')
            if option(source, 'output') != 'false': blocks += [output(o, source, cfg.nbs_path) for o in cell.outputs]
    text = '\n\n'.join(filter(None, blocks)) + '\n'
    text = re.sub(r'^: .*\{#tbl-.*\}\n\n', '', text, flags=re.M)  # GitHub knows no captions of tables
    return re.sub(r'(\]\(|src=")(images/|[\w/]+\.ipynb)', rf'\g<1>{cfg.nbs_path.name}/\g<2>', text)

if __name__ == '__main__': Path(get_config().config_path/'README.md').write_text(readme())
