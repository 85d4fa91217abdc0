// SPDX-License-Identifier: MIT
// Compiled once per ISA: all multiply-adds of an LSTM but those of its head.
#ifndef KERNEL_ISA
#error "KERNEL_ISA names the ISA: see add_kernels in core/CMakeLists.txt."
#endif

#include "kernels.h"

#include "../../simd/vector.h"
#include "../shape.h"

namespace neural_amp::lstm::KERNEL_ISA {

using namespace simd::KERNEL_ISA;

namespace {

void layer_gates(const float* weights, const float* column, int columns, int groups, float* out) {
    using Vec = V<lanes>;
    constexpr int group = gates * lanes;
    for (int g = 0; g < groups; ++g, out += group) {
        Vec acc[gates];
        unroll<gates>([&](auto gate) INLINE_LAMBDA {
            acc[gate] = Vec::load(weights + gate * lanes);
        });
        weights += group;
        for (int c = 0; c < columns; ++c, weights += group)
            unroll<gates>([&](auto gate) INLINE_LAMBDA {
                acc[gate] = fma(column[c], Vec::load(weights + gate * lanes), acc[gate]);
            });
        unroll<gates>([&](auto gate) INLINE_LAMBDA {
            acc[gate].store(out + gate * lanes);
        });
    }
}

}  // namespace

extern const Kernels kernels = {layer_gates};

}  // namespace neural_amp::lstm::KERNEL_ISA
