// SPDX-License-Identifier: MIT
// The shape of the loops on each ISA: lanes of a vector, and vectors that are summed at once, in
// registers. Sums run along taps and partitions, lanes along frames and bins, so none of this
// changes a bit.
#pragma once

#include "../../simd/isas.h"
#include "../../simd/vector.h"
#include "../transform.h"

namespace neural_amp::linear {

using simd::Isa;

template <Isa>
struct Tiles;

template <>
struct Tiles<Isa::avx512> {
    static constexpr int direct_lanes = 16, direct_vectors = 4;
    static constexpr int multiply_lanes = 16, multiply_vectors = 4;  // complex
    static constexpr int transform_lanes = 8, transform_rows = 4;    // complex
};

template <>
struct Tiles<Isa::avx2> {
    static constexpr int direct_lanes = 8, direct_vectors = 8;
    static constexpr int multiply_lanes = 8, multiply_vectors = 4;
    static constexpr int transform_lanes = 8, transform_rows = 4;
};

template <>
struct Tiles<Isa::baseline> {
    static constexpr int direct_lanes = 4, direct_vectors = 8;
    static constexpr int multiply_lanes = 4, multiply_vectors = 4;
    static constexpr int transform_lanes = 4, transform_rows = 4;
};

template <>
struct Tiles<Isa::neon> {
    static constexpr int direct_lanes = 4, direct_vectors = 16;
    static constexpr int multiply_lanes = 4, multiply_vectors = 8;
    static constexpr int transform_lanes = 4, transform_rows = 8;
};

namespace KERNEL_ISA {

using namespace simd::KERNEL_ISA;

using Tile = Tiles<Isa::KERNEL_ISA>;
static_assert(radix % Tile::transform_lanes == 0 && radix % Tile::transform_rows == 0);
static_assert(bins % (Tile::multiply_lanes * Tile::multiply_vectors) == 0);

}  // namespace KERNEL_ISA
}  // namespace neural_amp::linear
