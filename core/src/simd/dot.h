// SPDX-License-Identifier: MIT
// The resampler's inner product.
#pragma once

#include "vector.h"

namespace neural_amp::simd::KERNEL_ISA {

/// Sum of a[i] * b[i] over `count` values, a multiple of 16. Eight-lane sums on every ISA, so that
/// AVX2 and AVX-512 give the same bits.
static float dot(const float* a, const float* b, int count) {
    V<8> even = V<8>::splat(0.0f), odd = even;
    for (int i = 0; i < count; i += 16) {
        even = {V<8>::load(a + i).v * V<8>::load(b + i).v + even.v};
        odd = {V<8>::load(a + i + 8).v * V<8>::load(b + i + 8).v + odd.v};
    }
    return sum_of(add(even, odd));
}

}  // namespace neural_amp::simd::KERNEL_ISA
