// SPDX-License-Identifier: MIT
// What one ISA's object exports: one table of functions, and nothing else.
#pragma once

#include "../../simd/isas.h"
#include "../transform.h"

namespace neural_amp::linear {

/// Frames that a vector of any ISA may hold: outputs are written in whole vectors, and inputs read.
constexpr int max_lanes = 16;

struct Kernels {
    /// out[f] = sum over k of taps[k] in[f - k], the oldest first, + more[f] + offset. [audio
    /// thread]
    void (*direct)(const float* taps, int tap_count, const float* in, const float* more,
                   float offset, float* out, int frames);

    /// The spectrum of two blocks, one after the other. [audio thread]
    void (*forward)(const Transform& transform, const float* older, const float* newer,
                    float* spectrum);

    /// Adds to `spectrum` the products of `count` others. `filter` has them in a row, each for one
    /// of `ring`, which has `slots` of them and is read from `slot` on, around its end. [audio
    /// thread]
    void (*multiply)(const float* filter, int count, const float* ring, int slots, int slot,
                     float* spectrum);

    /// Of the frames that a spectrum stands for, the newer block. [audio thread]
    void (*back)(const Transform& transform, const float* spectrum, float* newer);
};

NEURAL_AMP_ISAS(NEURAL_AMP_DECLARE_KERNELS)

}  // namespace neural_amp::linear
