// SPDX-License-Identifier: MIT
// The kernels that belong to no network.
#pragma once

#include "isas.h"

namespace neural_amp::simd {

/// What one ISA's object exports: one table of functions, and nothing else.
struct Kernels {
    /// Sum of a[i] * b[i]; `count` is a multiple of 16. [audio thread]
    float (*dot)(const float* a, const float* b, int count);

    /// Times nothing by itself: runs `rounds * multiply_adds_per_round` multiply-adds at the core's
    /// peak rate. `sink` holds 16 floats, read and written. [any thread]
    struct {
        void (*run)(long rounds, float* sink);
        int multiply_adds_per_round;
    } fma_peak;
};

NEURAL_AMP_ISAS(NEURAL_AMP_DECLARE_KERNELS)

/// Those of the ISA in use; throws what `simd::isa` throws. [any thread]
const Kernels& kernels();

}  // namespace neural_amp::simd
