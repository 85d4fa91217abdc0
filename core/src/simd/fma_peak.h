// SPDX-License-Identifier: MIT
// The yardstick of the benchmarks: multiply-adds that wait for nothing but the multiplier.
#pragma once

#include "isas.h"
#include "vector.h"

namespace neural_amp::simd {

/// As many multiply-adds at once as hide the latency and leave room in the registers.
template <Isa>
struct FmaChains;

template <>
struct FmaChains<Isa::avx512> {
    static constexpr int lanes = 16, count = 12;
};

template <>
struct FmaChains<Isa::avx2> {
    static constexpr int lanes = 8, count = 12;
};

template <>
struct FmaChains<Isa::baseline> {
    static constexpr int lanes = 4, count = 13;
};

template <>
struct FmaChains<Isa::neon> {
    static constexpr int lanes = 4, count = 24;
};

namespace KERNEL_ISA {

/// `rounds` times `FmaChains::count` independent multiply-adds. `sink` holds 16 floats, read and
/// written.
static void fma_chains(long rounds, float* sink) {
    constexpr int count = FmaChains<Isa::KERNEL_ISA>::count;
    using Vec = V<FmaChains<Isa::KERNEL_ISA>::lanes>;
    Vec x[count];
    const Vec offset = Vec::load(sink);
    const Vec scale = Vec::splat(sink[0]);
    unroll<count>([&](auto i) INLINE_LAMBDA {
        x[i] = offset;
    });
    for (long round = 0; round < rounds; ++round)
        unroll<count>([&](auto i) INLINE_LAMBDA {
            x[i] = {scale.v * x[i].v + offset.v};
            KEEP_IN_REGISTER(x[i].v);
        });
    unroll<count - 1>([&](auto i) INLINE_LAMBDA {
        x[0] = add(x[0], x[i + 1]);
    });
    x[0].store(sink);
}

}  // namespace KERNEL_ISA
}  // namespace neural_amp::simd
