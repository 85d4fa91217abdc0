// SPDX-License-Identifier: MIT
// The sums of the gates: where the multiply-adds of an LSTM are. A row is one gate of one unit; a
// tile holds the sums of a few vectors of rows in registers while it goes through all columns.
#pragma once

#include "../../simd/vector.h"
#include "../shape.h"

namespace neural_amp::lstm {

/// `lanes` in a vector, `rows` vectors in a tile for one signal and for two. Where there are
/// registers enough, two signals share the loads of their weights: no `rows_of_two` means they
/// do not.
template <simd::Isa>
struct Tile;

template <>
struct Tile<simd::Isa::avx512> {
    static constexpr int lanes = 16, rows_of_one = 8, rows_of_two = 6;
};

template <>
struct Tile<simd::Isa::avx2> {
    static constexpr int lanes = 8, rows_of_one = 4, rows_of_two = 0;
};

template <>
struct Tile<simd::Isa::baseline> {
    static constexpr int lanes = 4, rows_of_one = 4, rows_of_two = 0;
};

template <>
struct Tile<simd::Isa::neon> {
    static constexpr int lanes = 4, rows_of_one = 8, rows_of_two = 6;
};

namespace KERNEL_ISA {

using namespace simd::KERNEL_ISA;
using OwnTile = Tile<simd::Isa::KERNEL_ISA>;

/// What one signal brings to a layer: what the layer hears, and what it said.
struct Columns {
    const float *x, *h;
};

/// Two sums for each row, of even and of odd columns: one would wait for itself.
template <int Rows, int Count>
struct Sums {
    using Vec = V<OwnTile::lanes>;
    Vec even[Count][Rows], odd[Count][Rows];

    NEURAL_AMP_INLINE void pin() {
        unroll<Count * Rows>([&](auto i) INLINE_LAMBDA {
            auto &e = even[i / Rows][i % Rows].v, &o = odd[i / Rows][i % Rows].v;
            KEEP_IN_REGISTER(e);
            KEEP_IN_REGISTER(o);
        });
    }

    NEURAL_AMP_INLINE void start_at(const float* bias) {
        unroll<Count>([&](auto n) INLINE_LAMBDA {
            unroll<Rows>([&](auto r) INLINE_LAMBDA {
                even[n][r] = Vec::load(bias + r * Vec::lanes);
                odd[n][r] = Vec::splat(0.0f);
            });
        });
    }

    /// `count` columns, `stride` floats from one to the next.
    NEURAL_AMP_INLINE void add_columns(const float* weights, int stride,
                                       const float* const (&values)[Count], int count) {
        pin();
        int i = 0;
        for (; i + 1 < count; i += 2, weights += 2 * stride) {
            Vec first[Count], second[Count];
            unroll<Count>([&](auto n) INLINE_LAMBDA {
                first[n] = Vec::splat(values[n][i]);
                second[n] = Vec::splat(values[n][i + 1]);
            });
            unroll<Rows>([&](auto r) INLINE_LAMBDA {
                const Vec a = Vec::load(weights + r * Vec::lanes);
                const Vec b = Vec::load(weights + stride + r * Vec::lanes);
                unroll<Count>([&](auto n) INLINE_LAMBDA {
                    even[n][r] = fma(first[n], a, even[n][r]);
                    odd[n][r] = fma(second[n], b, odd[n][r]);
                });
            });
        }
        pin();
        if (i == count) return;
        unroll<Count>([&](auto n) INLINE_LAMBDA {
            unroll<Rows>([&](auto r) INLINE_LAMBDA {
                const Vec weight = Vec::load(weights + r * Vec::lanes);
                even[n][r] = fma(values[n][i], weight, even[n][r]);
            });
        });
    }
};

/// `Rows` vectors of rows from the first of `weights` on, for `Count` signals.
template <int Rows, int Count>
NEURAL_AMP_INLINE void sum_tile(const float* weights, int stride, int inputs, int width,
                                const Columns (&columns)[Count], float* const (&sums)[Count]) {
    const float *x[Count], *h[Count];
    unroll<Count>([&](auto n) INLINE_LAMBDA {
        x[n] = columns[n].x;
        h[n] = columns[n].h;
    });
    Sums<Rows, Count> tile;
    tile.start_at(weights);
    tile.add_columns(weights + stride, stride, x, inputs);
    tile.add_columns(weights + (1 + inputs) * stride, stride, h, width);
    unroll<Count>([&](auto n) INLINE_LAMBDA {
        unroll<Rows>([&](auto r) INLINE_LAMBDA {
            add(tile.even[n][r], tile.odd[n][r]).store(sums[n] + r * OwnTile::lanes);
        });
    });
}

/// All sums of a layer, `[gate][width]` for each of `Count` signals.
template <int Count>
NEURAL_AMP_INLINE void sum_gates(const float* weights, int inputs, int width,
                                 const Columns (&columns)[Count], float* (&sums)[Count]) {
    constexpr int max_rows = Count == 1 ? OwnTile::rows_of_one : OwnTile::rows_of_two;
    const int stride = gates * width;
    int left = stride / OwnTile::lanes;
    const auto sum = [&](auto rows) INLINE_LAMBDA {
        if constexpr (rows <= max_rows) {
            sum_tile<rows, Count>(weights, stride, inputs, width, columns, sums);
            weights += rows * OwnTile::lanes;
            for (float*& s : sums) s += rows * OwnTile::lanes;
            left -= rows;
        }
    };
    while (left > 0)
        if (max_rows >= 8 && left % 8 == 0)
            sum(Constant<8>{});
        else if (max_rows >= 6 && left >= 6 && left != 8)  // 8 are two times 4
            sum(Constant<6>{});
        else if (left >= 4)
            sum(Constant<4>{});
        else
            sum(Constant<2>{});
}

}  // namespace KERNEL_ISA
}  // namespace neural_amp::lstm
