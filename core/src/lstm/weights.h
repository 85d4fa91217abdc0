// SPDX-License-Identifier: MIT
// The weights of one LSTM in the order in which a frame reads them.
#pragma once

#include "../aligned_floats.h"
#include "kernels/kernels.h"

namespace neural_amp::lstm {

/// Units of a layer, and those that fill up the last vector.
constexpr int width_of(const Shape& shape) {
    return (int(shape.units) + unit_multiple - 1) / unit_multiple * unit_multiple;
}

/// Floats of a network's state.
constexpr std::size_t state_floats(const Shape& shape) {
    return std::size_t(shape.layers) * parts_of_state * width_of(shape);
}

class PackedWeights {
public:
    /// Reads `weight_count(shape)` floats in the order of a `.nam` file. [not real-time]
    PackedWeights(const float* source, const Shape& shape);

    /// Valid as long as these weights are where they are. [any thread]
    const NetworkWeights& view() const { return view_; }

    /// The state before the first frame.
    const float* start() const { return start_.get(); }

private:
    Floats values_, start_;
    NetworkWeights view_;
};

}  // namespace neural_amp::lstm
