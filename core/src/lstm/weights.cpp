// SPDX-License-Identifier: MIT
// From the order of a `.nam` file (gate, unit, column) to that of the kernels (column, gate, unit).
#include "weights.h"

#include <algorithm>

namespace neural_amp::lstm {
namespace {

/// What a sum is multiplied by before its exponential is taken: exact, so the weights may be.
constexpr float factor[gates] = {-1.0f, -1.0f, 2.0f, -1.0f};

/// A layer hears all of the one before, fillers included.
int inputs_in_memory(const Shape& shape, int l) {
    return l == 0 ? int(shape.inputs) : width_of(shape);
}

std::size_t layer_floats(const Shape& shape, int l) {
    const std::size_t columns = 1 + inputs_in_memory(shape, l) + width_of(shape);
    return columns * gates * width_of(shape);
}

std::size_t all_floats(const Shape& shape) {
    std::size_t count = std::size_t(shape.outputs) * (width_of(shape) + 1);
    for (int l = 0; l < int(shape.layers); ++l) count += layer_floats(shape, l);
    return count;
}

}  // namespace

PackedWeights::PackedWeights(const float* source, const Shape& shape)
    : values_(make_floats(all_floats(shape))), start_(make_floats(state_floats(shape))),
      view_{int(shape.layers), width_of(shape), int(shape.inputs), int(shape.outputs), {}, {}, {}} {
    const int units = int(shape.units), width = view_.width;
    float* to = values_.get();
    for (int l = 0; l < int(shape.layers); ++l) {
        view_.layer[l] = to;
        const int inputs = shape.inputs_of(l);
        const auto put = [&](int gate, int unit, int column) {
            to[(column * gates + gate) * width + unit] = factor[gate] * *source++;
        };
        for (int gate = 0; gate < gates; ++gate)
            for (int u = 0; u < units; ++u)
                for (int c = 0; c < inputs + units; ++c)
                    put(gate, u, c < inputs ? 1 + c : 1 + inputs_in_memory(shape, l) + c - inputs);
        for (int gate = 0; gate < gates; ++gate)
            for (int u = 0; u < units; ++u) put(gate, u, 0);
        float *h = start_.get() + l * parts_of_state * width, *c = h + width;
        std::copy_n(source, units, h);
        std::copy_n(source + units, units, c);
        source += 2 * units;
        to += layer_floats(shape, l);
    }
    view_.head = to;
    for (int o = 0; o < int(shape.outputs); ++o, source += units, to += width)
        std::copy_n(source, units, to);
    view_.head_bias = to;
    std::copy_n(source, shape.outputs, to);
}

}  // namespace neural_amp::lstm
