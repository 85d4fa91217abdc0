// SPDX-License-Identifier: MIT
// What one ISA's object exports: one table of functions, and nothing else.
#pragma once

#include "../history.h"
#include "../weights.h"

namespace neural_amp::a2 {

template <int Channels>
struct NetworkKernels {
    /// Runs `frames` (1 to max_block_frames) of mono audio through the network. `in == out` is
    /// allowed. [audio thread]
    void (*process_block)(const Weights<Channels>&, History&, const float* in, float* out,
                          int frames);

    /// The constant frame of every ring after infinite silence; leaves `history` in that state.
    /// `silence` is [ring_count][Channels]. [not real-time]
    void (*find_silence)(const Weights<Channels>&, History&, float (*silence)[Channels]);

    /// Puts every ring, at any position, into that state. [audio thread]
    void (*restore_silence)(History&, const float (*silence)[Channels]);
};

struct Kernels {
    const char* isa;
    NetworkKernels<3> lite;
    NetworkKernels<8> full;

    /// Sum of a[i] * b[i]; `count` is a multiple of 16. [audio thread]
    float (*dot)(const float* a, const float* b, int count);

    /// Times nothing by itself: runs `rounds * multiply_adds_per_round` multiply-adds at the core's
    /// peak rate. `sink` holds max_lanes floats, read and written. [any thread]
    struct {
        void (*run)(long rounds, float* sink);
        int multiply_adds_per_round;
    } fma_peak;
};

namespace baseline {
extern const Kernels kernels;
}
namespace avx2 {
extern const Kernels kernels;
}
namespace avx512 {
extern const Kernels kernels;
}
namespace neon {
extern const Kernels kernels;
}

}  // namespace neural_amp::a2
