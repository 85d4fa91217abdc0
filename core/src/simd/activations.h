// SPDX-License-Identifier: MIT
// The activations of all networks, for any lane count and with the same bits for each of them.
//
// tanh, sigmoid, silu, hard_swish and soft_sign are at most 2.5 ulp of float32 from their formula,
// over all of float32 (fast_tanh 8); the others round each step of theirs once. NaN stays NaN,
// infinities give the limit (where x sigmoid(x) would be NaN, too), odd functions are odd to the
// bit, and tanh and sigmoid reach exactly 1. On AVX-512, 16 lanes of tanh take about 10 cycles, of
// which the division is 3: two vectors that share one would gain nothing, and round three times
// more.
//
// All exponentials are e^y = 2^k e^s with |s| <= ln(2) / 2.
#pragma once

#include "vector.h"

namespace neural_amp::simd::KERNEL_ISA {

constexpr float log2_e = 0x1.715476p+0f;  ///< 1 / ln(2)
constexpr float ln_2 = 0x1.62e430p-1f;
constexpr float ln_2_high = 0x1.62ep-1f,
                ln_2_low = 0x1.0bfbe8p-15f;  ///< k times the first is exact

/// Added to a number it rounds it to an integer k, in the lowest bits with the bias of an exponent.
constexpr float exponent_rounder = 0x1.8p+23f + 127.0f;

/// 2^k of k + exponent_rounder, for k from -127, which gives 0, to 128, which gives infinity.
template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> power_of_two(V<Lanes> rounded) {
    return V<Lanes>::of_bits(rounded.bits() << 23);
}

/// e^s - 1 for |s| <= ln(2) / 2: s + s^2 (c[0] + c[1] s + ... + c[5] s^5), 2^-31 from it without
/// rounding. The coefficients are what tools/activations/fit.py prints.
template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> expm1_near_0(V<Lanes> s) {
    using Vec = V<Lanes>;
    constexpr float c[] = {0x1.000000p-1f, 0x1.555554p-3f,  0x1.5554f8p-5f,
                           0x1.1112dap-7f, 0x1.6d3a44p-10f, 0x1.9e6e76p-13f};
    const Vec s2 = mul(s, s);
    const Vec c01 = fma(c[1], s, Vec::splat(c[0]));
    const Vec c23 = fma(c[3], s, Vec::splat(c[2]));
    const Vec c45 = fma(c[5], s, Vec::splat(c[4]));
    return fma(s2, fma(fma(c45, s2, c23), s2, c01), s);
}

/// (e^2x - 1) / (e^2x + 1)
template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> tanh(V<Lanes> x) {
    using Vec = V<Lanes>;
    const Vec y = at_most(absolute(add(x, x)), 20.0f);  // from 18.04 on, both are the same float32
    const Vec rounded = fma(log2_e, y, Vec::splat(exponent_rounder));
    const Vec k = sub(rounded, Vec::splat(exponent_rounder));
    const Vec s = fma(-ln_2, k, y);
    const Vec power = power_of_two(rounded);
    const Vec expm1 = fma(power, expm1_near_0(s), sub(power, Vec::splat(1.0f)));
    return with_sign_of(x, div(expm1, add(expm1, Vec::splat(2.0f))));
}

/// `numerator` / (1 + e^-x), for x >= -110
template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> over_1_plus_exp(V<Lanes> numerator, V<Lanes> x) {
    using Vec = V<Lanes>;
    const Vec y = at_least(Vec{-x.v}, -80.0f);  // 1 + e^-80 is 1
    const Vec rounded = fma(log2_e, y, Vec::splat(exponent_rounder));
    const Vec k = sub(rounded, Vec::splat(exponent_rounder));
    const Vec s = fma(-ln_2_low, k, fma(-ln_2_high, k, y));
    // Far out, 2^-32 of both sides of the fraction: e^88 and more is too large for float32.
    const auto far = y.v > Vec::splat(64.0f).v;
    const Vec smaller{far ? sub(rounded, Vec::splat(32.0f)).v : rounded.v};
    const Vec above{far ? mul(numerator, Vec::splat(0x1p-32f)).v : numerator.v};
    const Vec power = power_of_two(smaller);
    return div(above, fma(power, expm1_near_0(s), add(power, Vec::splat(1.0f))));
}

/// 1 / (1 + e^-x)
template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> sigmoid(V<Lanes> x) {
    return over_1_plus_exp(V<Lanes>::splat(1.0f), at_least(x, -110.0f));
}

/// x sigmoid(x)
template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> silu(V<Lanes> x) {
    const V<Lanes> above_0 = at_least(x, -110.0f);  // of float32: from there on, silu(x) is 0
    return over_1_plus_exp(above_0, above_0);
}

/// x between -1 and 1
template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> hard_tanh(V<Lanes> x) {
    return at_least(at_most(x, 1.0f), -1.0f);
}

/// x between `low` and `high`, with slopes beyond
template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> leaky_hard_tanh(V<Lanes> x, float low, float high, float low_slope,
                                           float high_slope) {
    using Vec = V<Lanes>;
    const Vec l = Vec::splat(low), h = Vec::splat(high);
    const Vec below = fma(low_slope, sub(x, l), l), above = fma(high_slope, sub(x, h), h);
    return {x.v < l.v ? below.v : x.v > h.v ? above.v : x.v};
}

/// What models mean by "Fasttanh": a function of its own, 0.005 from tanh.
template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> fast_tanh(V<Lanes> x) {
    using Vec = V<Lanes>;
    constexpr float largest = 0x1p30f;  // from 2^25 on, it is constant
    const Vec clamped = at_least(at_most(x, largest), -largest);
    const Vec a = absolute(clamped), square = mul(a, a);
    const Vec inner = fma(0.821226666969744f, a, Vec::splat(0.893229853513558f));
    const Vec linear = fma(2.45550750702956f, a, Vec::splat(2.45550750702956f));
    const Vec above = fma(inner, square, linear);
    const Vec slope = fma(0.814642734961073f, a, Vec::splat(1.0f));
    const Vec more = fma(a, a, Vec::splat(2.44506634652299f));
    const Vec below = fma(more, mul(a, slope), Vec::splat(2.44506634652299f));
    return mul(clamped, div(above, below));
}

/// max(x, 0)
template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> relu(V<Lanes> x) {
    return at_least(x, 0.0f);
}

/// x above 0, else `slope` x, for slopes of any size and sign
template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> leaky(V<Lanes> x, float slope) {
    return {x.v > V<Lanes>{}.v ? x.v : x.v * slope};
}

/// x (x + 3 between 0 and 6) / 6
template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> hard_swish(V<Lanes> x) {
    const V<Lanes> above_0 = at_least(x, -3.0f);
    const V<Lanes> gate = at_most(add(above_0, V<Lanes>::splat(3.0f)), 6.0f);
    return mul(above_0, div(gate, V<Lanes>::splat(6.0f)));
}

/// x / (1 + |x|)
template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> soft_sign(V<Lanes> x) {
    constexpr float largest = 0x1p30f;  // from 2^25 on, it is 1
    const V<Lanes> clamped = at_least(at_most(x, largest), -largest);
    return div(clamped, add(absolute(clamped), V<Lanes>::splat(1.0f)));
}

}  // namespace neural_amp::simd::KERNEL_ISA
