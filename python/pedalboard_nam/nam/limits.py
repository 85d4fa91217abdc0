# SPDX-License-Identifier: MIT
"""How large a model may be: generous for any amp, and soon reached by a file that means harm.

The core has the same numbers, in ``core/src/network_limits.h``.
"""

from __future__ import annotations

max_sizes = 64
max_models = 256  # in one file, and networks in one model image
max_depth = 8  # of models inside models
max_channels = 64  # that go into a network, or come out of it

max_width = 256  # of any signal inside a network: channels, bottleneck, heads, conditions
max_taps = 1_024
max_dilation = 1_048_576
max_arrays = 32
max_layers = 512  # in all arrays
max_post_convolutions = 32

max_lstm_layers = 8
max_lstm_units = 256
max_linear_taps = 1_048_576

max_lookback_frames = 4_194_304
max_history_floats = 16_777_216
max_multiply_adds = 4_194_304  # for a frame
max_sliced_weights = 16_777_216  # of a slimmable network's sizes together, and networks in them
