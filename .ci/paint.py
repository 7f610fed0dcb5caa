"""What the page "Paint with codes" loads when the reader starts it: the shipped decoder as ONNX, and onnxruntime-web.

    python .ci/paint.py          # fills nbs/stories/paint; .ci/docs.py does it by itself, `nbdev_docs` does not
"""
import shutil
from pathlib import Path
import torch
from vqfashion.export import to_onnx
from vqfashion.model import VQVAE
from vqfashion.networks import folded
from web import package

FOLDER = Path(__file__).parent.parent/'nbs'/'stories'/'paint'
RUNTIME = 'ort.wasm.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'

def decoder(model):
    "z_q (1,D,12,12) -> x_hat (1,1,28,28), as the page computes it: folded, with weights that float16 can hold."
    return folded(model.decoder).half().float()

def build():
    "Fill the folder; False where onnxruntime-web is not to be had."
    runtime = package('onnxruntime-web')
    if not runtime: return False
    for name in RUNTIME: shutil.copy(runtime/'dist'/name, FOLDER)
    model = VQVAE.from_pretrained()
    z_q = torch.zeros(1, model.embedding_dim, *model.grid)
    made = to_onnx(decoder(model), z_q, ('z_q', 'x_hat'), dict(vqfashion=model.digest), half=True)
    (FOLDER/'decoder.onnx').write_bytes(made.SerializeToString())
    return True

if __name__ == '__main__': print('done' if build() else 'npm could not fetch onnxruntime-web: the page will say so')
