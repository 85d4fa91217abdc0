// SPDX-License-Identifier: MIT
// The shape of a tile on each ISA: lanes of a vector, the most outputs that are summed at once, and
// for each number of outputs the vectors of frames. Outputs times vectors sums live in registers,
// beside what they are multiplied by. What was measured: tests/benchmarks/README.md.
#pragma once

#include "../../simd/isas.h"
#include "../../simd/vector.h"

namespace neural_amp::planar {

using simd::Isa;

template <Isa>
struct Tiles;

/// 32 registers of 16 lanes.
template <>
struct Tiles<Isa::avx512> {
    static constexpr int lanes = 16, max_outputs = 8;
    static constexpr int vectors[] = {4, 4, 4, 4, 4, 4, 2, 2};
};

/// 16 registers of 8 lanes: 4 x 3 and 6 x 2 take all of them.
template <>
struct Tiles<Isa::avx2> {
    static constexpr int lanes = 8, max_outputs = 6;
    static constexpr int vectors[] = {4, 4, 3, 3, 2, 2};
};

/// 16 registers of 4 lanes; a product takes another, because nothing fuses.
template <>
struct Tiles<Isa::baseline> {
    static constexpr int lanes = 4, max_outputs = 3;
    static constexpr int vectors[] = {4, 4, 3};
};

/// 32 registers of 4 lanes.
template <>
struct Tiles<Isa::neon> {
    static constexpr int lanes = 4, max_outputs = 8;
    static constexpr int vectors[] = {4, 4, 4, 4, 4, 3, 3, 2};
};

namespace KERNEL_ISA {

using namespace simd::KERNEL_ISA;

using Shape = Tiles<Isa::KERNEL_ISA>;
using Vec = V<Shape::lanes>;

/// A function, because Clang captures nothing that only an assembler statement names.
NEURAL_AMP_INLINE void keep(Vec& x) { KEEP_IN_REGISTER(x.v); }

}  // namespace KERNEL_ISA
}  // namespace neural_amp::planar
