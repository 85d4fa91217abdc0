// SPDX-License-Identifier: MIT
// A filter in the form in which it is fast; immutable, and shared by all who play it.
#pragma once

#include <vector>

#include "../aligned_floats.h"
#include "kernels/kernels.h"
#include "shape.h"

namespace neural_amp::linear {

struct Filter {
    /// `taps` are `shape.taps`, the newest first. [not real-time]
    Filter(const Shape& shape, const float* taps);

    Shape shape;
    const Kernels& kernels;
    const Transform& transform;
    std::vector<float> direct_taps;
    Floats partitions;  ///< spectra, the oldest first
};

}  // namespace neural_amp::linear
