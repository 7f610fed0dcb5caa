"""What the interactive page loads: the models as they ship, and pictures and tables made with them.

    python .ci/paint.py          # fills nbs/stories/paint; .ci/docs.py does it by itself, `nbdev_docs` does not
"""
import base64
import json
import shutil
from pathlib import Path
import numpy as np
import torch
from PIL import Image
from scipy.cluster.hierarchy import leaves_list, linkage
from vqfashion.analysis import class_usage, code_patches, outputs, position_usage, receptive_field
from vqfashion.core import generator
from vqfashion.data import CLASSES, load
from vqfashion.model import VQVAE, WEIGHTS

FOLDER = Path(__file__).parent.parent/'nbs'/'stories'/'paint'
FILES = WEIGHTS/'k100-d32.safetensors', WEIGHTS/'priors'/'prior-k100-d32.safetensors'
EACH, PATCHES, STEP = 8, 9, 6    # test images of a class; patches of a code; codes between pictures of the intro

def sheet(images, cols, name):
    "Write images (N,H,W) in [0,1] as one picture, `cols` in a row."
    images = (images.clamp(0, 1)*255).round().byte()
    n, h, w = images.shape
    rows = torch.zeros(-(-n//cols)*cols, h, w, dtype=torch.uint8).index_copy(0, torch.arange(n), images)
    picture = rows.view(-1, cols, h, w).permute(0, 2, 1, 3).reshape(-1, cols*w)
    Image.fromarray(picture.numpy()).save(FOLDER/name, optimize=True)

def text(array):
    "Bytes as JSON holds them."
    return base64.b64encode(np.ascontiguousarray(array, np.uint8).tobytes()).decode()

def tiles_of(model):
    "(K,12,12): what the decoder makes of a place that has one code all around it."
    everywhere = torch.arange(model.num_embeddings)[:, None, None].expand(-1, *model.grid)
    with torch.no_grad(): drawn = model.decode(everywhere)
    return drawn[:, 0, 8:20, 8:20].clamp(0, 1)

def reach_of(model, images):
    "(144,28,28): how much each place's vector feels each pixel: the mean size of its gradient, and 1 at most."
    x, out = images.requires_grad_(), []
    z_e = model.encoder(x)
    weights = torch.randn(z_e.shape[1], generator=generator(0, 'reach'))
    felt = torch.einsum('bdhw,d->hw', z_e, weights).flatten()
    for t in felt:
        grad, = torch.autograd.grad(t, x, retain_graph=True)
        out.append(grad.abs().mean((0, 1)))
    reach = torch.stack(out).sqrt()
    return reach/reach.amax((1, 2), keepdim=True)

def build():
    "Fill the folder."
    for path in FILES: shutil.copy(path, FOLDER)
    model, test = VQVAE.from_pretrained(), load('sample').test   # the same on every machine
    K, found = model.num_embeddings, outputs(model, test.images, ['codes', 'distance'])
    codes, tiles = found['codes'], tiles_of(model)
    shown = torch.cat([(test.labels == c).nonzero()[:EACH, 0] for c in range(len(CLASSES))])
    sheet(test.images[shown]/255, EACH, 'pictures.png')
    sheet(tiles, 10, 'tiles.png')
    patches = torch.zeros(K, PATCHES, 9, 9)
    for k in range(K):
        of_code = code_patches(test.images, codes, found['distance'], k, receptive_field(model.encoder), PATCHES)
        patches[k, :len(of_code)] = of_code/255
    sheet(patches.flatten(0, 1), PATCHES, 'patches.png')
    sheet(reach_of(model, test.images[:8, None]/255), 12, 'reach.png')
    places, classes = position_usage(codes, K), class_usage(codes, test.labels, K).to_numpy().T
    used = classes.sum(1)
    first = EACH*CLASSES.index('Ankle boot') + 2
    start = codes[shown[first]].flatten()
    empty = int(used.argmax())   # the code of the background
    frames = torch.stack([torch.where(torch.arange(144) < t, start, empty) for t in range(0, 145, STEP)])
    with torch.no_grad(): sheet(model.decode(frames.view(-1, 12, 12))[:, 0], len(frames), 'intro.png')
    alike = leaves_list(linkage(tiles.flatten(1).numpy(), 'average', optimal_ordering=True))
    page = dict(
        K=K, D=model.embedding_dim, names=list(CLASSES), each=EACH, first=first, codes=start.tolist(), step=STEP,
        empty=empty, brush=int(tiles.mean((1, 2)).argmax()),
        files={path.name: path.stat().st_size for path in FILES}, alike=alike.tolist(), images=len(codes),
        share=(used/used.sum()).round(6).tolist(), classes=(classes/used.clip(1)[:, None]).round(4).tolist(),
        places=text(255*np.sqrt(places/places.max((1, 2), keepdims=True).clip(1))),
        order=torch.randperm(144, generator=generator(0, 'paint')).tolist())
    (FOLDER/'paint.json').write_text(json.dumps(page))

if __name__ == '__main__': build()
