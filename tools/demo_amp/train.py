# SPDX-License-Identifier: MIT
"""Make the demo that ships inside the package: `amp.nam` and `di.flac`.

Synthesises a guitar, plays it through a simulated amplifier, trains an A2 pack (a 3-channel
"lite" and an 8-channel "full" WaveNet) on the pair, and measures both on audio they never saw.
A tool for maintainers; see README.md beside it.

    python tools/demo_amp/train.py
"""

import argparse
import importlib
import importlib.resources
import json
import math
import sys
import types
from datetime import datetime, timezone
from pathlib import Path

import numpy as np
import simulate_amp
import soundfile
import synthesise_di
import torch
from simulate_amp import sample_rate_hz

try:
    importlib.import_module("tkinter")
except ModuleNotFoundError:
    # The trainer imports its graphical interface, which is never opened here.
    sys.modules["tkinter"] = types.ModuleType("tkinter")

# Importable only once the name above exists.
from nam.models import init_from_nam
from nam.models.base import BaseNet
from nam.train import full as trainer

repository = Path(__file__).resolve().parents[2]
receptive_field_frames = 6_347
submodel_names = ("lite", "full")


# --- Audio --------------------------------------------------------------------------------------


def write_training_pair(work_dir, seed):
    """Render the training performance and what the amplifier makes of it.

    Parameters
    ----------
    work_dir : pathlib.Path
    seed : int

    Returns
    -------
    x, y : ndarray, shape (frames,)
        As written to `x.wav` and `y.wav` (48 kHz mono, 24 bits).
    validation_start : int
        First frame that is not trained on.
    """
    x, validation_start = synthesise_di.synthesise_training(seed)
    pair = []
    for name, audio in (("x", x), ("y", simulate_amp.simulate(x))):
        path = work_dir / f"{name}.wav"
        soundfile.write(path, audio, sample_rate_hz, "PCM_24")
        pair.append(soundfile.read(path)[0])
    return *pair, validation_start


def write_riff(path):
    """Write the demo riff as 16-bit FLAC and return it as a reader of the file gets it."""
    soundfile.write(path, synthesise_di.synthesise_riff(), sample_rate_hz, "PCM_16")
    return soundfile.read(path)[0]


# --- Training -----------------------------------------------------------------------------------


def training_config(work_dir, validation_start, epochs):
    """The three configurations of the trainer: data, model and learning."""
    data = {
        "common": {
            "x_path": str(work_dir / "x.wav"),
            "y_path": str(work_dir / "y.wav"),
            "delay": 0,
        },
        "train": {"ny": 16_384, "stop_samples": validation_start},
        # The context of the first validated frame is the rest before it.
        "validation": {"ny": None, "start_samples": validation_start - receptive_field_frames + 1},
        # Train at a fixed loudness; the trainer undoes this when it exports.
        "joint": [
            {"name": "nam.data.normalize_joint_dataset_output", "kwargs": {"level_rms_dbfs": -18.0}}
        ],
    }
    resource = importlib.resources.files("nam") / "train/_resources/config_model_packed.json"
    model = json.loads(resource.read_text())
    # Anneal to almost nothing by the last epoch: most of the accuracy comes at the end.
    model["lr_scheduler"] = {
        "class": "CosineAnnealingLR",
        "kwargs": {"T_max": epochs, "eta_min": 1e-5},
    }
    learning = {
        "train_dataloader": {"batch_size": 4, "shuffle": True, "drop_last": True},
        "val_dataloader": {},
        "trainer": {
            "accelerator": "cpu",
            "devices": 1,
            "max_epochs": epochs,
            "num_sanity_val_steps": 0,
            "enable_progress_bar": False,
            "log_every_n_steps": 10,
        },
    }
    return data, model, learning


def train_pack(work_dir, validation_start, epochs, seed):
    """Train both sizes together and return the container with the best of each."""
    data, model, learning = training_config(work_dir, validation_start, epochs)
    torch.manual_seed(seed)
    trainer.main(data, model, learning, work_dir, no_show=True, make_plots=False)
    return json.loads((work_dir / "model.nam").read_text())


# --- Evaluation and export ----------------------------------------------------------------------


def run_model(model, x):
    """Run one submodel over `x`, preceded by silence; shape (frames,) in and out."""
    net = init_from_nam(model).eval()
    with torch.no_grad():
        y = net(torch.tensor(x, dtype=torch.float32), pad_start=True)
    return y.numpy().astype(np.float64).reshape(-1)


def error_to_signal_ratio(reference, estimate):
    """Energy of the error over energy of the reference, without pre-emphasis.

    Parameters
    ----------
    reference, estimate : ndarray, shape (frames,)

    Returns
    -------
    float
    """
    return float(np.sum((reference - estimate) ** 2) / np.sum(reference**2))


def loudness_db(model):
    """The trainer's own loudness: RMS, in dB, of the model's answer to its standard input."""
    # Private, but the signal is the definition, and the trainer's version is pinned.
    x = BaseNet._metadata_loudness_x().numpy()
    return 10.0 * math.log10(np.mean(run_model(model, x) ** 2))


def measure(container, x, y, start=0):
    """Error-to-signal ratio of each submodel from frame `start` on, as {name: ratio}."""
    ratios = {}
    for name, entry in zip(submodel_names, container["config"]["submodels"], strict=True):
        first = max(0, start - receptive_field_frames + 1)
        estimate = run_model(entry["model"], x[first:])[start - first :]
        ratios[name] = error_to_signal_ratio(y[start:], estimate)
    return ratios


def shortest_float32(value):
    """The float whose decimal text is the shortest that reads back as the same float32."""
    return float(str(np.float32(value)))


def finish_container(container, validation_esr):
    """Round the weights and write the metadata a user sees.

    Parameters
    ----------
    container : dict
        As exported by the trainer; changed in place.
    validation_esr : dict
        {name: error-to-signal ratio} on the validation part.
    """
    now = datetime.now(timezone.utc)
    date = {key: getattr(now, key) for key in ("year", "month", "day", "hour", "minute", "second")}
    levels = {
        "input_level_dbu": simulate_amp.input_level_dbu,
        "output_level_dbu": simulate_amp.output_level_dbu,
    }
    for name, entry in zip(submodel_names, container["config"]["submodels"], strict=True):
        model = entry["model"]
        model["weights"] = [shortest_float32(weight) for weight in model["weights"]]
        model["config"]["head_scale"] = shortest_float32(model["config"]["head_scale"])
        model["metadata"] = {
            "date": date,
            "loudness": round(loudness_db(model), 4),
            "gain": round(float(model["metadata"]["gain"]), 4),
            **levels,
            "training": {"validation_esr": shortest_float32(validation_esr[name])},
        }
    container["metadata"] = {
        **container["config"]["submodels"][-1]["model"]["metadata"],
        "name": "Pedalboard NAM Demo Crunch",
        "modeled_by": "pedalboard-nam",
        "gear_type": "amp",
        "gear_make": "pedalboard-nam",
        "gear_model": "Simulated two-triode crunch, no cabinet",
        "tone_type": "crunch",
    }


def main():
    """Run everything."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=140)
    parser.add_argument("--seed", type=int, default=1, help="of the performance and the weights")
    parser.add_argument(
        "--output-dir",
        type=Path,
        default=repository / "python/pedalboard_nam/demo",
        help="where amp.nam and di.flac go",
    )
    parser.add_argument(
        "--work-dir",
        type=Path,
        default=repository / "build/demo_amp",
        help="where training audio and checkpoints go",
    )
    args = parser.parse_args()
    args.output_dir.mkdir(parents=True, exist_ok=True)
    args.work_dir.mkdir(parents=True, exist_ok=True)

    riff = write_riff(args.output_dir / "di.flac")
    x, y, validation_start = write_training_pair(args.work_dir, args.seed)
    container = train_pack(args.work_dir, validation_start, args.epochs, args.seed)

    finish_container(container, measure(container, x, y, validation_start))
    path = args.output_dir / "amp.nam"
    path.write_text(json.dumps(container, separators=(",", ":")) + "\n")

    # Measured again on what was written, not on what was trained.
    container = json.loads(path.read_text())
    held_back = {
        "validation part": measure(container, x, y, validation_start),
        "demo riff": measure(container, riff, simulate_amp.simulate(riff)),
    }
    for title, ratios in held_back.items():
        for name, ratio in ratios.items():
            print(f"error-to-signal ratio, {title}, {name}: {ratio:.5f}")
    for name, entry in zip(submodel_names, container["config"]["submodels"], strict=True):
        print(f"loudness, {name}: {entry['model']['metadata']['loudness']:.2f} dB")


if __name__ == "__main__":
    main()
