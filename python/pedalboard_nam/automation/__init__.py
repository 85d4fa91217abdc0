# SPDX-License-Identifier: MIT
"""Properties of effects that follow lanes over time."""
