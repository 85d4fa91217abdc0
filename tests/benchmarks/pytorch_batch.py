# SPDX-License-Identifier: MIT
"""What people do today: the same files through the same network with `neural-amp-modeler`.

    python pytorch_batch.py network.json OUTPUT_DIR FILE...

Runs in an environment with PyTorch, neural-amp-modeler and soundfile, without pedalboard-nam. The
network is one of an A2 pack, because neural-amp-modeler does not read packs. Prints seconds.
"""

import json
import sys
import time
import types
from pathlib import Path

try:
    import tkinter  # noqa: F401
except ModuleNotFoundError:  # the trainer imports its window, which is never opened here
    sys.modules["tkinter"] = types.ModuleType("tkinter")

import soundfile
import torch
from nam.models import init_from_nam

network, output_dir, *paths = map(Path, sys.argv[1:])
model = init_from_nam(json.loads(network.read_text()))
model.eval()


def play(path):
    dry, rate_hz = soundfile.read(path, dtype="float32")
    with torch.inference_mode():
        wet = model(torch.from_numpy(dry), pad_start=True)
    soundfile.write(output_dir / path.name, wet.numpy(), rate_hz, subtype="FLOAT")


play(paths[0])  # the first call sets up
started = time.perf_counter()
for path in paths:
    play(path)
print(time.perf_counter() - started)
