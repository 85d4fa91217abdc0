// SPDX-License-Identifier: MIT
// What one ISA's object exports: one table, and nothing else.
#pragma once

#include "../../simd/isas.h"
#include "../history.h"
#include "../plan.h"

namespace neural_amp::planar {

struct Kernels {
    /// How many outputs a tile may have: plans are cut for one ISA.
    int max_outputs;

    /// Runs a block of `frames` (1 to max_block_frames) that lies in the input signal through all
    /// steps, and moves on. [audio thread]
    void (*play)(const Plan& plan, Past& past, int frames);
};

NEURAL_AMP_ISAS(NEURAL_AMP_DECLARE_KERNELS)

}  // namespace neural_amp::planar
