// SPDX-License-Identifier: MIT
// What one ISA's object exports: one table of functions, and nothing else.
#pragma once

#include "../../simd/isas.h"

namespace neural_amp::lstm {

/// Units whose gates are computed together: eight on every ISA, so that AVX2 and AVX-512 give the
/// same bits.
constexpr int lanes = 8;

struct Kernels {
    /// The gates of a layer before their activations, `[group of 8 units][gate][unit]`. `weights`
    /// has, for every group, `[gate][unit]` for the bias and then for each column; `column` the
    /// values that the columns weigh. [audio thread]
    void (*gates)(const float* weights, const float* column, int columns, int groups, float* out);
};

NEURAL_AMP_ISAS(NEURAL_AMP_DECLARE_KERNELS)

}  // namespace neural_amp::lstm
