# SPDX-License-Identifier: MIT
"""`NeuralAmp`: the engine as an effect of pedalboard's, its state and its presets."""
