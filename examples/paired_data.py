"""Half-second pairs of dry and wet audio, each with an amp and a gain of its own."""

import numpy as np

from pedalboard_nam import ReampDataset

pairs = ReampDataset(
    ["di.wav"],
    ["rhythm.nam", "lead.nam"],
    window_frames=24_000,
    draws=2,
    align=True,
    input_gain_db=(-12, 6),
    seed=1,
)
# With PyTorch: DataLoader(pairs, batch_size=16, num_workers=4, multiprocessing_context="spawn")
for dry, wet in pairs:
    print(f"dry {np.abs(dry).max():.3f}, wet {np.abs(wet).max():.3f}")
