// SPDX-License-Identifier: MIT
// How large an LSTM is, and may be.
#pragma once

#include <cstddef>
#include <cstdint>

#include "../network_limits.h"

namespace neural_amp::lstm {

constexpr int gates = 4;  ///< of a unit, in the order of a `.nam` file: i, f, g, o

struct Shape {
    std::uint32_t layers;
    std::uint32_t units;  ///< in every layer
    std::uint32_t inputs;
    std::uint32_t outputs;

    /// What layer `l` hears besides itself.
    constexpr int inputs_of(int l) const { return l == 0 ? int(inputs) : int(units); }
    constexpr int columns(int l) const { return inputs_of(l) + int(units); }
};

/// Multiply-adds of a frame.
constexpr int multiply_adds(const Shape& shape) {
    int count = int(shape.outputs * shape.units);  // head
    for (int l = 0; l < int(shape.layers); ++l)
        count += gates * int(shape.units) * shape.columns(l);
    return count;
}

/// Floats in the weight list of a `.nam` file: for each layer a matrix, a bias, h and c at the
/// start; then the head and its bias.
constexpr int weight_count(const Shape& shape) {
    return multiply_adds(shape) + int(shape.layers * shape.units) * (gates + 2) +
           int(shape.outputs);
}

}  // namespace neural_amp::lstm
