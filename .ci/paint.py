"""What the page "Paint with codes" loads when the reader starts it: the shipped decoder as ONNX, and onnxruntime-web.

    python .ci/paint.py          # fills nbs/stories/paint; .ci/docs.py does it by itself, `nbdev_docs` does not
"""
import copy
import shutil
import warnings
from pathlib import Path
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import nn
from torch.nn.utils.fusion import fuse_conv_bn_eval
from vqfashion.model import VQVAE
from web import package

FOLDER = Path(__file__).parent.parent/'nbs'/'stories'/'paint'
RUNTIME = 'ort.wasm.min.mjs', 'ort-wasm-simd-threaded.mjs', 'ort-wasm-simd-threaded.wasm'

def folded(decoder):
    "The decoder with every BatchNorm folded into the convolution before it, and weights that float16 can hold."
    decoder = copy.deepcopy(decoder).eval()
    for block in [m for m in decoder.modules() if isinstance(m, nn.Sequential)]:
        for i, layer in enumerate(block):
            if isinstance(layer, nn.BatchNorm2d):
                block[i-1] = fuse_conv_bn_eval(block[i-1], layer, transpose=isinstance(block[i-1], nn.ConvTranspose2d))
                block[i] = nn.Identity()
    return decoder.half().float()

def halve(model):
    "Store the weights as float16; each is cast back to float32 when the model is loaded."
    graph, casts = model.graph, []
    for weight in graph.initializer:
        if weight.data_type != TensorProto.FLOAT: continue
        name, values = weight.name, numpy_helper.to_array(weight)
        weight.CopyFrom(numpy_helper.from_array(values.astype('float16'), name + '_half'))
        casts.append(helper.make_node('Cast', [name + '_half'], [name], to=TensorProto.FLOAT))
    nodes = casts + list(graph.node)
    del graph.node[:], graph.value_info[:]
    graph.node.extend(nodes)
    return model

def export(model, path):
    "Write z_q (1,D,12,12) -> x_hat (1,1,28,28) as ONNX."
    z_q = torch.zeros(1, model.embedding_dim, 12, 12)
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        program = torch.onnx.export(folded(model.decoder), (z_q,), input_names=['z_q'], output_names=['x_hat'],
                                    dynamo=True, verbose=False)
    onnx.save(halve(program.model_proto), path)

def build():
    "Fill the folder; False where onnxruntime-web is not to be had."
    runtime = package('onnxruntime-web')
    if not runtime: return False
    for name in RUNTIME: shutil.copy(runtime/'dist'/name, FOLDER)
    export(VQVAE.from_pretrained(), FOLDER/'decoder.onnx')
    return True

if __name__ == '__main__': print('done' if build() else 'npm could not fetch onnxruntime-web: the page will say so')
