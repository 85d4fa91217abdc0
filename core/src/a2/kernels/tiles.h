// SPDX-License-Identifier: MIT
// The shape of a tile on each ISA and at each width: lanes of a vector, outputs and vectors of
// frames that are summed at once. Outputs times vectors sums live in registers, beside what they
// are multiplied by.
#pragma once

#include "../../simd/isas.h"
#include "../../simd/vector.h"

namespace neural_amp::a2 {

using simd::Isa;

template <Isa, int Channels>
struct Tiles;

/// F, VL, BW and DQ: 32 registers. Each weight is broadcast inside the multiply-add: 95 % of the
/// peak, where 2 vectors reach 91 %.
template <>
struct Tiles<Isa::avx512, 8> {
    static constexpr int lanes = 16, outputs = 8, vectors = 1;
};

/// 8 lanes: vectors of 16 straddle a cache line at every tap, and reach 50 % of the peak where
/// these reach 80 %.
template <>
struct Tiles<Isa::avx512, 3> {
    static constexpr int lanes = 8, outputs = 3, vectors = 4;
};

/// With FMA: 16 registers of 8 lanes.
template <>
struct Tiles<Isa::avx2, 8> {
    static constexpr int lanes = 8, outputs = 4, vectors = 2;
};

template <>
struct Tiles<Isa::avx2, 3> {
    static constexpr int lanes = 8, outputs = 3, vectors = 3;
};

/// SSE2: 16 registers of 4 lanes, no fused multiply-add: a product needs a register too.
template <>
struct Tiles<Isa::baseline, 8> {
    static constexpr int lanes = 4, outputs = 4, vectors = 2;
};

template <>
struct Tiles<Isa::baseline, 3> {
    static constexpr int lanes = 4, outputs = 3, vectors = 3;
};

/// 32 registers of 4 lanes.
template <>
struct Tiles<Isa::neon, 8> {
    static constexpr int lanes = 4, outputs = 4, vectors = 3;
};

template <>
struct Tiles<Isa::neon, 3> {
    static constexpr int lanes = 4, outputs = 3, vectors = 4;
};

namespace KERNEL_ISA {

using namespace simd::KERNEL_ISA;

template <int Channels>
using Tile = Tiles<Isa::KERNEL_ISA, Channels>;

/// After each row of a tile, on SSE2: else GCC fetches what later rows need first, and spills the
/// sums, at 30 % of the time for 3 channels and 35 % for 8. AVX2 gains nothing by it, and AVX-512
/// loses 10 %.
template <class Vec, int Outputs, int Vectors>
NEURAL_AMP_INLINE void keep_in_registers(Vec (&sum)[Outputs][Vectors]) {
    if constexpr (constexpr Isa isa = Isa::KERNEL_ISA; isa == Isa::baseline)
        unroll<Outputs * Vectors>([&](auto s) INLINE_LAMBDA {
            auto& one = sum[s / Vectors][s % Vectors].v;
            KEEP_IN_REGISTER(one);
        });
}

}  // namespace KERNEL_ISA
}  // namespace neural_amp::a2
