// SPDX-License-Identifier: MIT
// The yardstick of the benchmarks: multiply-adds that wait for nothing but the multiplier.
#pragma once

#include "simd.h"

namespace neural_amp::a2::KERNEL_ISA {

/// `rounds` times `fma_chain_count` independent multiply-adds, as many as hide the latency and
/// leave room in the registers. `sink` holds 16 floats, read and written.
static void fma_chains(long rounds, float* sink) {
    using Vec = V<Tuning<8>::lanes>;
    Vec x[fma_chain_count];
    const Vec offset = Vec::load(sink);
    const Vec scale = Vec::splat(sink[0]);
    unroll<fma_chain_count>([&](auto i) INLINE_LAMBDA {
        x[i] = offset;
    });
    for (long round = 0; round < rounds; ++round)
        unroll<fma_chain_count>([&](auto i) INLINE_LAMBDA {
            x[i] = {scale.v * x[i].v + offset.v};
            KEEP_IN_REGISTER(x[i].v);
        });
    unroll<fma_chain_count - 1>([&](auto i) INLINE_LAMBDA {
        x[0] = add(x[0], x[i + 1]);
    });
    x[0].store(sink);
}

}  // namespace neural_amp::a2::KERNEL_ISA
