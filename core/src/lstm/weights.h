// SPDX-License-Identifier: MIT
// The weights of one LSTM in the order in which a frame reads them.
#pragma once

#include <vector>

#include "shape.h"

namespace neural_amp::lstm {

struct PackedWeights {
    Shape shape;
    int groups;                              ///< of units, in each layer
    std::vector<std::vector<float>> layers;  ///< as `Kernels::gates` reads them; idle units are 0
    std::vector<float> head;
    float head_bias;
    std::vector<float> start;  ///< the state before the first frame: h, then c, of each layer
};

/// Reads `weight_count(shape)` floats in the order of a `.nam` file. [not real-time]
PackedWeights read_weights(const float* source, const Shape& shape);

}  // namespace neural_amp::lstm
