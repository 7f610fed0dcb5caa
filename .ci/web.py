"""Packages from npm, at fixed versions and checked; kept in .web, never committed.

    from web import package
    package('axe-core')   # -> the folder of its files, or None without npm
"""
import hashlib
import shutil
import subprocess
import tarfile
from pathlib import Path

# name: version, SHA-256 of the package
PACKAGES = {
    # accessibility checks; MPL 2.0, not part of the site
    'axe-core': ('4.14.1', 'e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745'),
    # the font of formulas, of which .ci/math_font.py takes a part; OFL 1.1
    '@fontsource/stix-two-math': ('5.3.0', '948de1b5470fbbd745fedbe6135797454fe833d94feecc6f2073cd771fe2f5fd')}

def package(name):
    "The folder of an npm package's files; None where there is no npm or no registry."
    version, digest = PACKAGES[name]
    folder = Path(__file__).parent.parent/'.web'
    folder.mkdir(exist_ok=True)
    packed = folder/f'{name.strip("@").replace("/", "-")}-{version}.tgz'
    if not packed.exists():
        if not shutil.which('npm'): return None
        done = subprocess.run(['npm', 'pack', '--silent', f'{name}@{version}'], cwd=folder, capture_output=True)
        if done.returncode: return None
    if hashlib.sha256(packed.read_bytes()).hexdigest() != digest: raise SystemExit(f'{packed} is damaged: delete it')
    out = folder/name
    if not (out/'package').exists():
        with tarfile.open(packed) as tar: tar.extractall(out)  # its digest is known
    return out/'package'
