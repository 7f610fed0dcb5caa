"""Test notebooks as `nbdev_test` does, with one line for each and a last line that counts: `N passed, N failed`.

    python .ci/nbtest.py                 # all notebooks
    python .ci/nbtest.py --slow          # also the cells marked `#| slow`
"""
import sys
from fastcore.parallel import num_cpus, parallel
from nbdev.config import get_config
from nbdev.doclinks import nbglob
from nbdev.test import test_nb

def main(*flags):
    cfg = get_config()
    paths = [p.absolute() for p in sorted(nbglob(as_path=True))]
    results = parallel(test_nb, paths, skip_flags=cfg.tst_flags.split(), force_flags=[f.lstrip('-') for f in flags],
                       basepath=cfg.config_path, n_workers=min(num_cpus(), 8), pause=0.01)
    for path, (ok, seconds) in zip(paths, results):
        print(f"{'PASSED' if ok else 'FAILED'} {path.relative_to(cfg.config_path)} {seconds:.1f} s")
    failed = sum(not ok for ok, _ in results)
    print(f'{len(paths) - failed} passed, {failed} failed')
    return int(failed > 0 or not paths)

if __name__ == '__main__': sys.exit(main(*sys.argv[1:]))
