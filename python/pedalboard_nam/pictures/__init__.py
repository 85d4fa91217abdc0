# SPDX-License-Identifier: MIT
"""Pictures of audio and of amps, as PNG files; needs the `plot` extra."""
