"""Run notebooks and store their outputs in them, obeying nbdev's directives as `nbdev_test` does.

    python .ci/exec_nbs.py                       # all notebooks
    python .ci/exec_nbs.py nbs/11_quantizer.ipynb
    FLAGS=slow python .ci/exec_nbs.py            # also the cells marked `#| slow`

Cells that are skipped keep the outputs they have. A cell that fails stops the script, and its notebook stays as it was.
"""
import base64
import os
import sys
import time
from pathlib import Path
import matplotlib as mpl
import numpy as np
from execnb.nbio import read_nb, write_nb
from execnb.shell import CaptureShell
from fastcore.xtras import working_directory
from nbdev.clean import clean_nb
from nbdev.config import get_config
from nbdev.doclinks import nbglob
from nbdev.process import NBProcessor

GREY = '#767d85'  # the same contrast to a white page as to a dark one (#16191d): 4.2
TWO_WAY = {  # figures for both: on no ground, as wide as the text, nothing written smaller than 9 points
    **dict.fromkeys(['figure.facecolor', 'figure.edgecolor', 'axes.facecolor', 'savefig.facecolor',
                     'legend.facecolor'], 'none'),
    **dict.fromkeys(['text.color', 'axes.edgecolor', 'axes.labelcolor', 'xtick.color', 'ytick.color', 'grid.color',
                     'hatch.color', 'boxplot.boxprops.color', 'boxplot.capprops.color',
                     'boxplot.whiskerprops.color', 'boxplot.flierprops.markeredgecolor'], GREY),
    'legend.frameon': False, 'figure.dpi': 100, 'figure.figsize': (7.2, 3.6),
    'font.size': 10, 'axes.titlesize': 10.5, 'axes.labelsize': 10, 'xtick.labelsize': 9, 'ytick.labelsize': 9,
    'legend.fontsize': 9, 'figure.titlesize': 11}

def smaller(png):
    "A stored picture with at most 256 colours: half the size, and looks the same."
    from vqfashion.plots import shrink
    return base64.b64encode(shrink(base64.b64decode(png))).decode()

def run(path, skip_flags):
    "Run one notebook; its new outputs are written only if every cell ran."
    def skipped(cell):
        directives = getattr(cell, 'directives_', None) or {}
        return directives.get('eval:', [''])[0].lower() == 'false' or bool(skip_flags & directives.keys())
    skip = {c.id for c in NBProcessor(path, process=True).nb.cells if c.cell_type == 'code' and skipped(c)}
    nb = read_nb(path)
    for cell in nb.cells:
        if cell.cell_type == 'code' and cell.id not in skip: cell.outputs = []
    np.set_printoptions(legacy='1.25')  # 0.5, not np.float64(0.5)
    shell = CaptureShell(path, mpl_format='png')  # the default, "retina", doubles the size of every figure
    mpl.style.use(['default', TWO_WAY])
    start = time.time()
    with working_directory(path.parent):
        try: shell.run_all(nb, exc_stop=True, preproc=lambda c: c.cell_type != 'code' or c.id in skip)
        except Exception: sys.exit(shell.prettytb(fname=path))
    for data in (o.get('data', {}) for c in nb.cells if c.id not in skip for o in c.get('outputs', [])):
        if 'image/png' in data: data['image/png'] = smaller(data['image/png'])
    clean_nb(nb)
    write_nb(nb, path)
    print(f'{path.name}: {time.time() - start:.1f} s')

if __name__ == '__main__':
    cfg = get_config()
    os.environ['IN_TEST'] = '1'
    sys.path.insert(0, str(cfg.config_path))
    skip_flags = set(cfg.tst_flags.split()) - set(os.environ.get('FLAGS', '').split())
    for path in sys.argv[1:] or sorted(nbglob(as_path=True)): run(Path(path).absolute(), skip_flags)
