// SPDX-License-Identifier: MIT
// One layer of the network over one block: dilated convolution, mixin, LeakyReLU, head, 1x1,
// residual.
//
//     a    = LeakyReLU(bias + mixin * input + sum over k, i of conv[k][i] * x_i[t - lookback(k)])
//     head = head + a                                  (the first layer assigns)
//     next = x + one_by_one_bias + one_by_one * a      (the last layer has no next)
//
// Frames lie in lanes. A tile is all channels of a few vectors of frames: its sums live in
// registers from the bias to the store, and every weight it loads serves all its vectors.
#pragma once

#include "../../simd/vector.h"
#include "../history.h"
#include "../weights.h"
#include "tiles.h"

namespace neural_amp::a2::KERNEL_ISA {

enum class Place { first, inner, last };

/// What one layer reads and writes in the arena, at the first frame of the block.
template <int Taps>
struct Rows {
    const float* x;      ///< the layer's ring, row 0
    long tap[Taps];      ///< from `x` to the frame that each tap reads
    const float* input;  ///< the block as it came in, mono
    float* head;         ///< the head's ring, row 0
    float* next;         ///< the next layer's ring, row 0
};

/// Adds all taps to the sums of `Outputs` channels from `first` on.
template <int Channels, int Taps, Place place, int Outputs, class Vec, int Vectors>
NEURAL_AMP_INLINE void dilated_conv(const PackedWeights<Channels>& all,
                                    const LayerWeights<Channels>& w, const Rows<Taps>& rows, int f,
                                    int first, Vec (&sum)[Outputs][Vectors]) {
    constexpr int inputs = place == Place::first ? 1 : Channels;
    const auto add_tap = [&](int k) INLINE_LAMBDA {
        const float* x = rows.x + rows.tap[k] + f;
        const float* weight = (place == Place::first ? all.first_conv[k] : w.conv[k][0]) + first;
        unroll<inputs>([&](auto i) INLINE_LAMBDA {
            Vec past[Vectors];
            unroll<Vectors>([&](auto v) INLINE_LAMBDA {
                past[v] = Vec::load(x + i * layout.row_stride + v * Vec::lanes);
            });
            unroll<Outputs>([&](auto o) INLINE_LAMBDA {
                const float scale = weight[i * Channels + o];
                unroll<Vectors>([&](auto v) INLINE_LAMBDA {
                    sum[o][v] = fma(scale, past[v], sum[o][v]);
                });
            });
            keep_in_registers(sum);
        });
    };
    if constexpr (Channels == 3 && Taps == 6)
        unroll<Taps>(add_tap);  // 5 % at 3 channels; at 8 the code outgrows the micro-op cache
    else
        for (int k = 0; k < Taps; ++k) add_tap(k);
}

/// a = LeakyReLU(bias + mixin * input + dilated convolution), added to the head as it is made.
template <int Channels, int Taps, Place place, class Vec, int Vectors>
NEURAL_AMP_INLINE void activate(const PackedWeights<Channels>& all, const LayerWeights<Channels>& w,
                                const Rows<Taps>& rows, int f, Vec (&a)[Channels][Vectors]) {
    constexpr int outputs = Tile<Channels>::outputs;
    unroll<Channels / outputs>([&](auto group) INLINE_LAMBDA {
        constexpr int first = group * outputs;
        Vec sum[outputs][Vectors];
        unroll<Vectors>([&](auto v) INLINE_LAMBDA {
            const Vec input = Vec::load(rows.input + f + v * Vec::lanes);
            unroll<outputs>([&](auto o) INLINE_LAMBDA {
                sum[o][v] = fma(w.mixin[first + o], input, Vec::splat(w.bias[first + o]));
            });
        });
        dilated_conv<Channels, Taps, place>(all, w, rows, f, first, sum);
        unroll<outputs>([&](auto o) INLINE_LAMBDA {
            float* head = rows.head + (first + o) * layout.row_stride + f;
            unroll<Vectors>([&](auto v) INLINE_LAMBDA {
                const Vec activation = a[first + o][v] = leaky_relu(sum[o][v], leaky_slope);
                float* here = head + v * Vec::lanes;
                (place == Place::first ? activation : add(Vec::load(here), activation)).store(here);
            });
        });
    });
}

/// next = x + one_by_one_bias + one_by_one * a
template <int Channels, int Taps, Place place, class Vec, int Vectors>
NEURAL_AMP_INLINE void one_by_one(const PackedWeights<Channels>& all,
                                  const LayerWeights<Channels>& w, const Rows<Taps>& rows, int f,
                                  const Vec (&a)[Channels][Vectors]) {
    // One output at a time at 3 channels: nine sums beside the nine `a` would spill.
    constexpr int outputs = Channels == 3 ? 1 : Tile<Channels>::outputs;
    unroll<Channels / outputs>([&](auto group) INLINE_LAMBDA {
        constexpr int first = group * outputs;
        Vec sum[outputs][Vectors];
        unroll<outputs>([&](auto o) INLINE_LAMBDA {
            constexpr int channel = first + o;
            const Vec bias = Vec::splat(w.one_by_one_bias[channel]);
            const float* x = rows.x + rows.tap[Taps - 1] + channel * layout.row_stride + f;
            unroll<Vectors>([&](auto v) INLINE_LAMBDA {
                if constexpr (place == Place::first)  // x is rechannel * input
                    sum[o][v] = fma(all.rechannel[channel],
                                    Vec::load(rows.input + f + v * Vec::lanes), bias);
                else
                    sum[o][v] = add(Vec::load(x + v * Vec::lanes), bias);
            });
        });
        unroll<Channels>([&](auto i) INLINE_LAMBDA {
            unroll<outputs>([&](auto o) INLINE_LAMBDA {
                const float scale = w.one_by_one[i][first + o];
                unroll<Vectors>([&](auto v) INLINE_LAMBDA {
                    sum[o][v] = fma(scale, a[i][v], sum[o][v]);
                });
            });
            keep_in_registers(sum);
        });
        unroll<outputs>([&](auto o) INLINE_LAMBDA {
            float* next = rows.next + (first + o) * layout.row_stride + f;
            unroll<Vectors>([&](auto v) INLINE_LAMBDA {
                sum[o][v].store(next + v * Vec::lanes);
            });
        });
    });
}

/// Frames [f, f + Vectors * lanes) of the block, from the rings to the rings.
template <int Channels, int Taps, Place place, int Vectors>
NEURAL_AMP_INLINE void tile(const PackedWeights<Channels>& all, const LayerWeights<Channels>& w,
                            const Rows<Taps>& rows, int f) {
    V<Tile<Channels>::lanes> a[Channels][Vectors];
    activate<Channels, Taps, place>(all, w, rows, f, a);
    if constexpr (place != Place::last)  // nobody hears the last layer's 1x1
        one_by_one<Channels, Taps, place>(all, w, rows, f, a);
}

/// Tiles over `vectors` vectors, the widest first and the last two of even width.
template <int Channels, int Taps, Place place>
__attribute__((noinline)) void layer(const PackedWeights<Channels>& all,
                                     const LayerWeights<Channels>& w, const Rows<Taps>& rows,
                                     int vectors) {
    constexpr int widest = Tile<Channels>::vectors;
    int f = 0;
    while (vectors > 0) {
        const int width = vectors >= 2 * widest ? widest
                          : vectors > widest    ? (vectors + 1) / 2
                                                : vectors;
        unroll<widest>([&](auto v) INLINE_LAMBDA {
            if (width != v + 1) return;
            // A fence, for GCC: else it loads what all widths share ahead of the branch, and spills
            // it to the stack, at 30 % of the time for 3 channels.
            asm volatile("" ::: "memory");
            tile<Channels, Taps, place, v + 1>(all, w, rows, f);
        });
        f += width * Tile<Channels>::lanes;
        vectors -= width;
    }
}

}  // namespace neural_amp::a2::KERNEL_ISA
