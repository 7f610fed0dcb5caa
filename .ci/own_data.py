"""Write a small data set of each kind into the working folder, and a checkpoint in the form of the baseline."""
import gzip
import struct
from pathlib import Path
import numpy as np
import torch
from PIL import Image, ImageDraw
from vqfashion.data import load
from vqfashion.model import VQVAE

def idx(array): return struct.pack(f'>HBB{array.ndim}I', 0, 8, array.ndim, *array.shape) + array.tobytes()

def picture(rng, kind):
    "A coloured shape on a dark ground, 60 by 48"
    made = Image.new('RGB', (60, 48), tuple(rng.integers(0, 60, 3)))
    x, y, r = rng.integers(4, 20, 3) + (0, 0, 12)
    draw = getattr(ImageDraw.Draw(made), dict(disc='ellipse', box='rectangle')[kind])
    draw((x, y, x + r, y + r), fill=tuple(rng.integers(80, 255, 3)))
    return made

if __name__ == '__main__':
    rng, sample = np.random.default_rng(0), load('sample')
    Path('idx').mkdir()
    for name, split in dict(train=sample.train, t10k=sample.test).items():
        for kind, array in dict(images=split.images[:500].numpy(), labels=split.labels[:500].byte().numpy()).items():
            Path(f'idx/{name}-{kind}-idx{array.ndim}-ubyte.gz').write_bytes(gzip.compress(idx(array)))
    for kind in ['disc', 'box']:
        Path('photos', kind).mkdir(parents=True)
        for i in range(120): picture(rng, kind).save(f'photos/{kind}/{i}.png')
    images = np.stack([np.asarray(picture(rng, ['disc', 'box'][i % 2]).resize((32, 32))) for i in range(300)])
    np.savez('cells.npz', train_images=images, train_labels=np.arange(300)[:, None] % 2)
    picture(rng, 'disc').save('beside.png')
    model = VQVAE(25, 16)
    names = {k: k.replace('quantizer.codebook', 'vq.embedding_vectors.weight') for k in model.state_dict()}
    torch.save(dict(model_state_dict={names[k]: v for k, v in model.state_dict().items()}), 'baseline.pt')
