// SPDX-License-Identifier: MIT
// From the order of a `.nam` file (gate, unit, column) to that of the kernels (column, gate, unit).
#include "weights.h"

#include "kernels/kernels.h"

namespace neural_amp::lstm {

PackedWeights read_weights(const float* source, const Shape& shape) {
    const int units = int(shape.units);
    PackedWeights weights{shape, (units + lanes - 1) / lanes, {}, {}, 0.0f, {}};
    for (int l = 0; l < int(shape.layers); ++l) {
        const int columns = shape.columns(l);
        std::vector<float> layer(weights.groups * (1 + columns) * gates * lanes, 0.0f);
        // Column -1 is the bias.
        const auto weight = [&](int gate, int unit, int column) -> float& {
            const int group = unit / lanes * (1 + columns) + 1 + column;
            return layer[(group * gates + gate) * lanes + unit % lanes];
        };
        for (int gate = 0; gate < gates; ++gate)
            for (int u = 0; u < units; ++u)
                for (int c = 0; c < columns; ++c) weight(gate, u, c) = *source++;
        for (int gate = 0; gate < gates; ++gate)
            for (int u = 0; u < units; ++u) weight(gate, u, -1) = *source++;
        weights.start.insert(weights.start.end(), source, source + 2 * units);
        source += 2 * units;
        weights.layers.push_back(std::move(layer));
    }
    weights.head.assign(source, source + units);
    weights.head_bias = source[units];
    return weights;
}

}  // namespace neural_amp::lstm
