// SPDX-License-Identifier: MIT
// Activations over rows, in place or not, added to the head as they are made.
#pragma once

#include "../../simd/activations.h"
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

template <ActivationKind kind>
NEURAL_AMP_INLINE Vec apply(Vec x, const float* p) {
    switch (kind) {
    case ActivationKind::tanh: return tanh(x);
    case ActivationKind::hardtanh: return hard_tanh(x);
    case ActivationKind::fasttanh: return fast_tanh(x);
    case ActivationKind::relu: return relu(x);
    case ActivationKind::leaky_relu: return leaky(x, *p);
    case ActivationKind::sigmoid: return sigmoid(x);
    case ActivationKind::silu: return silu(x);
    case ActivationKind::hardswish: return hard_swish(x);
    case ActivationKind::leaky_hardtanh: return leaky_hard_tanh(x, p[0], p[1], p[2], p[3]);
    case ActivationKind::softsign: return soft_sign(x);
    }
}

NEURAL_AMP_INLINE void put(Vec y, const ActivationRows& where, int row, int f) {
    y.store(where.to + row * where.to_stride + f);
    if (!where.head) return;
    keep(y);  // rounded, as stored: else a compiler may fuse its last product into the head's sum
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
            put(apply<kind>(x, parameters), where, r, frame);
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
