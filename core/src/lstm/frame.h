// SPDX-License-Identifier: MIT
// One frame of an LSTM.
#pragma once

#include "kernels/kernels.h"
#include "weights.h"

namespace neural_amp::lstm {

/// `state` is what an LSTM remembers, and all of it: h, then c, of each layer. [audio thread]
float play_frame(const PackedWeights& weights, const Kernels& kernels, float* state, float input);

/// What comes out in a state. [audio thread]
float output(const PackedWeights& weights, const float* state);

}  // namespace neural_amp::lstm
