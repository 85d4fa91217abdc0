// SPDX-License-Identifier: MIT
// The multiply-adds of all networks of convolutions:
//
//     out_o = bias_o + residual_o + sum over runs, and their rows i, of weight_io * x_i
//
// Frames lie in lanes. A tile is a few outputs of a few vectors of frames: its sums live in
// registers from the bias to the store, and every weight it loads serves all its vectors. Each
// frame is summed in the same order whatever tile it falls into.
#pragma once

#include "activations.h"
#include "tiles.h"

namespace neural_amp::planar::KERNEL_ISA {

/// A matrix step, as it finds its rows in a block.
struct Matrix {
    const Window* windows;
    const float* weights;
    const float* residual;  ///< row 0, or null
    long residual_stride;
    float* out;
    long out_stride;
    Activate activate;  ///< or null
    ActivationRows activation;
};

template <int Outputs, int Vectors>
NEURAL_AMP_INLINE void tile(const Matrix& m, const Tile& t, int f) {
    const float* weight = m.weights + t.weights;
    Vec sum[Outputs][Vectors];
    if (m.residual) {
        const float* residual = m.residual + t.first_output * m.residual_stride + f;
        unroll<Outputs>([&](auto o) INLINE_LAMBDA {
            const Vec bias = Vec::splat(weight[o]);
            unroll<Vectors>([&](auto v) INLINE_LAMBDA {
                sum[o][v] = add(Vec::load(residual + o * m.residual_stride + v * Vec::lanes), bias);
            });
        });
    } else {
        unroll<Outputs>([&](auto o) INLINE_LAMBDA {
            unroll<Vectors>([&](auto v) INLINE_LAMBDA {
                sum[o][v] = Vec::splat(weight[o]);
            });
        });
    }
    weight += Outputs;
    // GCC 12 else leaves the sums in memory in one loop or another: A1 standard at half the speed.
    const auto pin = [&]() INLINE_LAMBDA {
        unroll<Outputs>([&](auto o) INLINE_LAMBDA {
            unroll<Vectors>([&](auto v) INLINE_LAMBDA {
                keep(sum[o][v]);
            });
        });
    };
    pin();
    for (const Window *window = m.windows + t.runs_begin, *end = m.windows + t.runs_end;
         window != end; ++window) {
        const long stride = window->row_stride;
        const float* x = window->x + f;
        for (int rows = window->rows; rows > 0; --rows, x += stride, weight += Outputs) {
            Vec past[Vectors];
            unroll<Vectors>([&](auto v) INLINE_LAMBDA {
                past[v] = Vec::load(x + v * Vec::lanes);
                if constexpr (Vectors > 1) keep(past[v]);  // GCC else loads it for every output
            });
            unroll<Outputs>([&](auto o) INLINE_LAMBDA {
                const float scale = weight[o];
                unroll<Vectors>([&](auto v) INLINE_LAMBDA {
                    sum[o][v] = fma(scale, past[v], sum[o][v]);
                });
            });
        }
    }
    pin();
    float* out = m.out + t.first_output * m.out_stride + f;
    unroll<Outputs>([&](auto o) INLINE_LAMBDA {
        unroll<Vectors>([&](auto v) INLINE_LAMBDA {
            sum[o][v].store(out + o * m.out_stride + v * Vec::lanes);
        });
    });
    if (m.activate) m.activate(m.activation, t.first_output, Outputs, f, Vectors);
}

/// One tile of outputs over all vectors of a block, the widest first and the last two of even
/// width.
template <int Outputs>
__attribute__((noinline)) void tiles(const Matrix& m, const Tile& t, int vectors) {
    constexpr int widest = Shape::vectors[Outputs - 1];
    int f = 0;
    while (vectors > 0) {
        const int width = vectors >= 2 * widest ? widest
                          : vectors > widest    ? (vectors + 1) / 2
                                                : vectors;
        unroll<widest>([&](auto v) INLINE_LAMBDA {
            if (width != v + 1) return;
            asm volatile("" ::: "memory");  // as in a2/kernels/layer.h
            tile<Outputs, v + 1>(m, t, f);
        });
        f += width * Vec::lanes;
        vectors -= width;
    }
}

}  // namespace neural_amp::planar::KERNEL_ISA
