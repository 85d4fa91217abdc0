// SPDX-License-Identifier: MIT
// Activations over rows, in place or not, added to the head as they are made.
#pragma once

#include "../plan.h"
#include "tiles.h"

namespace neural_amp::planar::KERNEL_ISA {

/// Where an activation finds its rows in a block. Strides are from row to row.
struct ActivationRows {
    const float* parameters;
    int parameter_count;
    const float* from;
    long from_stride;
    float* to;
    long to_stride;
    float* head;  ///< or null
    long head_stride;
    bool begins_head;
};

/// Rows [first, first + rows), frames [f, f + vectors * lanes).
using Activate = void (*)(const ActivationRows& where, int first, int rows, int f, int vectors);

NEURAL_AMP_INLINE Vec choose(decltype(Vec{}.v > Vec{}.v) condition, Vec yes, Vec no) {
    return {condition ? yes.v : no.v};
}

/// NaN stays NaN.
NEURAL_AMP_INLINE Vec clamp(Vec x, float low, float high) {
    const Vec bottom = Vec::splat(low), top = Vec::splat(high);
    x = choose(x.v < bottom.v, bottom, x);
    return choose(x.v > top.v, top, x);
}

NEURAL_AMP_INLINE Vec absolute(Vec x) { return choose(x.v < Vec{}.v, sub(Vec{}, x), x); }

template <ActivationKind>
struct Function;

template <>
struct Function<ActivationKind::tanh> {
    static NEURAL_AMP_INLINE Vec one(Vec x, const float*) {
        for (int l = 0; l < Vec::lanes; ++l) x.v[l] = __builtin_tanhf(x.v[l]);
        return x;
    }
};

template <>
struct Function<ActivationKind::sigmoid> {
    static NEURAL_AMP_INLINE Vec one(Vec x, const float*) {
        for (int l = 0; l < Vec::lanes; ++l) x.v[l] = 1.0f / (1.0f + __builtin_expf(-x.v[l]));
        return x;
    }
};

template <>
struct Function<ActivationKind::silu> {
    static NEURAL_AMP_INLINE Vec one(Vec x, const float* p) {
        return mul(x, Function<ActivationKind::sigmoid>::one(x, p));
    }
};

template <>
struct Function<ActivationKind::hardtanh> {
    static NEURAL_AMP_INLINE Vec one(Vec x, const float*) { return clamp(x, -1.0f, 1.0f); }
};

template <>
struct Function<ActivationKind::fasttanh> {
    static NEURAL_AMP_INLINE Vec one(Vec x, const float*) {
        const Vec a = absolute(x), square = mul(x, x);
        const Vec low = fma(2.45550750702956f, a, Vec::splat(2.45550750702956f));
        const Vec high = fma(0.821226666969744f, a, Vec::splat(0.893229853513558f));
        const Vec numerator = mul(x, fma(high, square, low));
        const Vec fold = absolute(fma(mul(Vec::splat(0.814642734961073f), x), a, x));
        const Vec denominator =
            fma(add(Vec::splat(2.44506634652299f), square), fold, Vec::splat(2.44506634652299f));
        return {numerator.v / denominator.v};
    }
};

template <>
struct Function<ActivationKind::relu> {
    static NEURAL_AMP_INLINE Vec one(Vec x, const float*) {
        return choose(x.v < Vec{}.v, Vec{}, x);
    }
};

template <>
struct Function<ActivationKind::leaky_relu> {
    static NEURAL_AMP_INLINE Vec one(Vec x, const float* slope) {
        return choose(x.v > Vec{}.v, x, mul(x, Vec::splat(*slope)));
    }
};

template <>
struct Function<ActivationKind::hardswish> {
    static NEURAL_AMP_INLINE Vec one(Vec x, const float*) {
        const Vec gate = clamp(add(x, Vec::splat(3.0f)), 0.0f, 6.0f);
        return {x.v * gate.v / Vec::splat(6.0f).v};
    }
};

template <>
struct Function<ActivationKind::leaky_hardtanh> {
    static NEURAL_AMP_INLINE Vec one(Vec x, const float* p) {
        const Vec low = Vec::splat(p[0]), high = Vec::splat(p[1]);
        const Vec below = fma(p[2], sub(x, low), low), above = fma(p[3], sub(x, high), high);
        return choose(x.v < low.v, below, choose(x.v > high.v, above, x));
    }
};

template <>
struct Function<ActivationKind::softsign> {
    static NEURAL_AMP_INLINE Vec one(Vec x, const float*) {
        return {x.v / add(Vec::splat(1.0f), absolute(x)).v};
    }
};

NEURAL_AMP_INLINE void put(Vec y, const ActivationRows& where, int row, int f) {
    y.store(where.to + row * where.to_stride + f);
    if (!where.head) return;
    float* head = where.head + row * where.head_stride + f;
    (where.begins_head ? y : add(Vec::load(head), y)).store(head);
}

template <ActivationKind kind>
void activate(const ActivationRows& where, int first, int rows, int f, int vectors) {
    const bool row_by_row = where.parameter_count > 1 && kind == ActivationKind::leaky_relu;
    for (int r = first; r < first + rows; ++r) {
        const float* parameters = where.parameters + (row_by_row ? r : 0);
        for (int v = 0; v < vectors; ++v) {
            const int frame = f + v * Vec::lanes;
            const Vec x = Vec::load(where.from + r * where.from_stride + frame);
            put(Function<kind>::one(x, parameters), where, r, frame);
        }
    }
}

/// By kind, from tanh on.
constexpr Activate activations[activation_kinds] = {
    activate<ActivationKind::tanh>,           activate<ActivationKind::hardtanh>,
    activate<ActivationKind::fasttanh>,       activate<ActivationKind::relu>,
    activate<ActivationKind::leaky_relu>,     activate<ActivationKind::sigmoid>,
    activate<ActivationKind::silu>,           activate<ActivationKind::hardswish>,
    activate<ActivationKind::leaky_hardtanh>, activate<ActivationKind::softsign>,
};

}  // namespace neural_amp::planar::KERNEL_ISA
