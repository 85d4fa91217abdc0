// SPDX-License-Identifier: MIT
// What one ISA's object exports: one table of functions, and nothing else.
#pragma once

#include "../../simd/isas.h"
#include "../history.h"
#include "../weights.h"

namespace neural_amp::a2 {

template <int Channels>
struct NetworkKernels {
    /// Runs `frames` (1 to max_block_frames) of mono audio through the network. `in == out` is
    /// allowed. [audio thread]
    void (*process_block)(const PackedWeights<Channels>&, History&, const float* in, float* out,
                          int frames);

    /// The constant frame of every ring after an infinite time of `input`; leaves `history` in that
    /// state. `silence` is [ring_count][Channels]. [not real-time]
    void (*find_silence)(const PackedWeights<Channels>&, History&, float input,
                         float (*silence)[Channels]);

    /// Puts every ring, at any position, into that state. [audio thread]
    void (*restore_silence)(History&, const float (*silence)[Channels]);
};

struct Kernels {
    NetworkKernels<3> lite;
    NetworkKernels<8> full;
};

NEURAL_AMP_ISAS(NEURAL_AMP_DECLARE_KERNELS)

}  // namespace neural_amp::a2
