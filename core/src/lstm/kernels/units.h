// SPDX-License-Identifier: MIT
// What units do with the sums of their gates:
//
//     c = sigmoid(f) c + sigmoid(i) tanh(g)
//     h = sigmoid(o) tanh(c)
//
// All four are fractions of exponentials, so a product of two of them takes one division:
// sigmoid(i) = 1 / (1 + e^-i), and tanh(g) = (e^2g - 1) / (e^2g + 1).
#pragma once

#include "../../simd/activations.h"

namespace neural_amp::lstm::KERNEL_ISA {

using namespace simd::KERNEL_ISA;

/// expm1_near_0 in less time: an fma sooner, which is 6 % of a 1x16. Without rounding it is 2^-26
/// from e^s - 1, a quarter of an ulp. The coefficients are what tools/activations/fit.py prints.
template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> short_expm1_near_0(V<Lanes> s) {
    using Vec = V<Lanes>;
    constexpr float c[] = {0x1.fffffep-2f, 0x1.5554b4p-3f, 0x1.5556f2p-5f, 0x1.122546p-7f,
                           0x1.6b9c72p-10f};
    const Vec s2 = mul(s, s);
    const Vec low = fma(s2, fma(c[1], s, Vec::splat(c[0])), s);
    const Vec high = fma(c[4], s2, fma(c[3], s, Vec::splat(c[2])));
    return fma(mul(s2, s2), high, low);
}

/// e^y - 1 and e^y + 1. Beyond 40 on either side, y counts as 40: sigmoid(-40) is 4e-18.
///
/// k ln(2) is taken off y in one step. Where that rounds away a bit of y, at large k, a gate's sum
/// has been rounded as much.
template <int Lanes>
struct Exponential {
    V<Lanes> power, rest;  ///< e^y = power (1 + rest)

    explicit NEURAL_AMP_INLINE Exponential(V<Lanes> sum) {
        const V<Lanes> y = at_least(at_most(sum, 40.0f), -40.0f);
        const V<Lanes> rounded = fma(log2_e, y, V<Lanes>::splat(exponent_rounder));
        const V<Lanes> k = sub(rounded, V<Lanes>::splat(exponent_rounder));
        power = power_of_two(rounded);
        rest = short_expm1_near_0(fma(-ln_2, k, y));
    }

    NEURAL_AMP_INLINE V<Lanes> minus_1() const {
        return fma(power, rest, sub(power, V<Lanes>::splat(1.0f)));
    }
    NEURAL_AMP_INLINE V<Lanes> plus_1() const {
        return fma(power, rest, add(power, V<Lanes>::splat(1.0f)));
    }
};

/// Gives back h, and moves `c` on. `gate` is -i, -f, 2 g, -o.
template <int Lanes, int Count>
NEURAL_AMP_INLINE void play_units(const V<Lanes> (&gate)[Count][4], V<Lanes> (&c)[Count],
                                  V<Lanes> (&h)[Count]) {
    V<Lanes> below_o[Count];
    unroll<Count>([&](auto n) INLINE_LAMBDA {
        const V<Lanes> below_i = Exponential(gate[n][0]).plus_1();
        const V<Lanes> below_f = Exponential(gate[n][1]).plus_1();
        const Exponential<Lanes> g(gate[n][2]);
        c[n] = add(div(c[n], below_f), div(g.minus_1(), mul(below_i, g.plus_1())));
        below_o[n] = Exponential(gate[n][3]).plus_1();
    });
    unroll<Count>([&](auto n) INLINE_LAMBDA {
        const Exponential<Lanes> e(add(c[n], c[n]));
        // below_o (e^2c + 1); the first product is exact
        const V<Lanes> power = mul(below_o[n], e.power);
        const V<Lanes> below = fma(power, e.rest, add(power, below_o[n]));
        h[n] = div(e.minus_1(), below);
    });
}

}  // namespace neural_amp::lstm::KERNEL_ISA
