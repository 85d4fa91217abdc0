// SPDX-License-Identifier: MIT
// The head: a 16-tap convolution of all channels of the head's ring down to the output.
#pragma once

#include "../../simd/vector.h"
#include "../history.h"
#include "../weights.h"
#include "tiles.h"

namespace neural_amp::a2::KERNEL_ISA {

template <int Channels, int Vectors>
NEURAL_AMP_INLINE void head_tile(const PackedWeights<Channels>& w, const float* window,
                                 float* out) {
    using Vec = V<Tile<Channels>::lanes>;
    Vec acc[Vectors];
    unroll<Vectors>([&](auto v) INLINE_LAMBDA {
        acc[v] = Vec::splat(w.head_bias);
    });
    for (int k = 0; k < head_taps; ++k)
        unroll<Channels>([&](auto i) INLINE_LAMBDA {
            const float* x = window + i * layout.row_stride + k;
            unroll<Vectors>([&](auto v) INLINE_LAMBDA {
                acc[v] = fma(w.head[k][i], Vec::load(x + v * Vec::lanes), acc[v]);
            });
        });
    unroll<Vectors>([&](auto v) INLINE_LAMBDA {
        acc[v].store(out + v * Vec::lanes);
    });
}

/// `window` is the frame 15 before the block's first one.
template <int Channels>
__attribute__((noinline)) void head(const PackedWeights<Channels>& w, const float* window,
                                    float* out, int vectors) {
    constexpr int lanes = Tile<Channels>::lanes;
    constexpr int widest = 4;
    for (; vectors >= widest; vectors -= widest, window += widest * lanes, out += widest * lanes)
        head_tile<Channels, widest>(w, window, out);
    unroll<widest - 1>([&](auto rest) INLINE_LAMBDA {
        if (vectors == rest + 1) head_tile<Channels, rest + 1>(w, window, out);
    });
}

}  // namespace neural_amp::a2::KERNEL_ISA
