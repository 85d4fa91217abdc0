// SPDX-License-Identifier: MIT
// Compiled once per ISA.
#ifndef KERNEL_ISA
#error "KERNEL_ISA names the ISA: see add_kernels in core/CMakeLists.txt."
#endif

#include "kernels.h"
#include "tiles.h"

namespace neural_amp::linear::KERNEL_ISA {
namespace {

/// Sums of complex numbers, in registers.
template <int Lanes, int Vectors>
struct Complex {
    V<Lanes> re[Vectors], im[Vectors];

    NEURAL_AMP_INLINE void clear() {
        unroll<Vectors>([&](auto v) INLINE_LAMBDA {
            re[v] = im[v] = V<Lanes>::splat(0.0f);
        });
    }

    NEURAL_AMP_INLINE void pin() {
        unroll<Vectors>([&](auto v) INLINE_LAMBDA {
            KEEP_IN_REGISTER(re[v].v);
            KEEP_IN_REGISTER(im[v].v);
        });
    }

    /// To some bins of a spectrum, the vectors `stride` bins apart.
    NEURAL_AMP_INLINE void store(float* spectrum, int stride) const {
        unroll<Vectors>([&](auto v) INLINE_LAMBDA {
            re[v].store(spectrum + v * stride);
            im[v].store(spectrum + bins + v * stride);
        });
    }

    NEURAL_AMP_INLINE void add_to(float* spectrum, int stride) {
        unroll<Vectors>([&](auto v) INLINE_LAMBDA {
            re[v] = add(re[v], V<Lanes>::load(spectrum + v * stride));
            im[v] = add(im[v], V<Lanes>::load(spectrum + bins + v * stride));
        });
        store(spectrum, stride);
    }
};

/// c - a * b
template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> minus_product(V<Lanes> a, V<Lanes> b, V<Lanes> c) {
    return {c.v - a.v * b.v};
}

template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> minus_product(float a, V<Lanes> b, V<Lanes> c) {
    return {c.v - a * b.v};
}

template <int Vectors>
NEURAL_AMP_INLINE void direct_tile(const float* taps, int tap_count, const float* in,
                                   const float* more, float offset, float* out) {
    using Vec = V<Tile::direct_lanes>;
    Vec sum[Vectors];
    unroll<Vectors>([&](auto v) INLINE_LAMBDA {
        sum[v] = Vec::splat(0.0f);
    });
    for (int k = tap_count - 1; k >= 0; --k)
        unroll<Vectors>([&](auto v) INLINE_LAMBDA {
            sum[v] = fma(taps[k], Vec::load(in - k + v * Vec::lanes), sum[v]);
        });
    unroll<Vectors>([&](auto v) INLINE_LAMBDA {
        sum[v] = add(sum[v], Vec::load(more + v * Vec::lanes));
        add(sum[v], Vec::splat(offset)).store(out + v * Vec::lanes);
    });
}

/// The tile of `vectors`, which are `Vectors` at most.
template <int Vectors>
NEURAL_AMP_INLINE void last_tile(int vectors, const float* taps, int tap_count, const float* in,
                                 const float* more, float offset, float* out) {
    if constexpr (Vectors > 0) {
        if (vectors == Vectors)
            direct_tile<Vectors>(taps, tap_count, in, more, offset, out);
        else
            last_tile<Vectors - 1>(vectors, taps, tap_count, in, more, offset, out);
    }
}

void direct(const float* taps, int tap_count, const float* in, const float* more, float offset,
            float* out, int frames) {
    constexpr int lanes = Tile::direct_lanes, vectors = Tile::direct_vectors;
    int left = (frames + lanes - 1) / lanes;
    for (; left > vectors; left -= vectors) {
        direct_tile<vectors>(taps, tap_count, in, more, offset, out);
        in += vectors * lanes;
        more += vectors * lanes;
        out += vectors * lanes;
    }
    last_tile<vectors>(left, taps, tap_count, in, more, offset, out);
}

/// Each row of `in` times the matrix of that row. Both are spectra, or what is halfway to one:
/// [p][b].
NEURAL_AMP_INLINE void transform_rows(const Matrix* matrices, const float* in, float* out) {
    constexpr int lanes = Tile::transform_lanes, rows = Tile::transform_rows;
    for (int column = 0; column < radix; column += lanes)
        for (int first = 0; first < radix; first += rows) {
            Complex<lanes, rows> sum;
            sum.clear();
            for (int i = 0; i < radix; ++i) {
                unroll<rows>([&](auto r) INLINE_LAMBDA {
                    const int p = first + r;
                    const auto c = V<lanes>::load(&matrices[p].re[i][column]);
                    const auto s = V<lanes>::load(&matrices[p].im[i][column]);
                    const float re = in[radix * p + i], im = in[bins + radix * p + i];
                    sum.re[r] = minus_product(im, s, fma(re, c, sum.re[r]));
                    sum.im[r] = fma(re, s, fma(im, c, sum.im[r]));
                });
                sum.pin();
            }
            sum.store(out + radix * first + column, radix);
        }
}

void forward(const Transform& transform, const float* older, const float* newer, float* spectrum) {
    constexpr int lanes = Tile::transform_lanes, rows = Tile::transform_rows;
    alignas(64) float halfway[spectrum_floats];
    for (int b = 0; b < radix; b += lanes)
        for (int first = 0; first < radix; first += rows) {
            Complex<lanes, rows> sum;
            sum.clear();
            for (int a = 0; a < radix; ++a) {
                const auto re = V<lanes>::load(older + radix * a + b);
                const auto im = V<lanes>::load(newer + radix * a + b);
                unroll<rows>([&](auto r) INLINE_LAMBDA {
                    const float c = transform.outer.re[first + r][a];
                    const float s = transform.outer.im[first + r][a];
                    sum.re[r] = minus_product(s, im, fma(c, re, sum.re[r]));
                    sum.im[r] = fma(s, re, fma(c, im, sum.im[r]));
                });
                sum.pin();
            }
            sum.store(halfway + radix * first + b, radix);
        }
    transform_rows(transform.inner, halfway, spectrum);
}

void back(const Transform& transform, const float* spectrum, float* newer) {
    constexpr int lanes = Tile::transform_lanes, rows = Tile::transform_rows;
    alignas(64) float halfway[spectrum_floats];
    transform_rows(transform.inner_back, spectrum, halfway);
    for (int b = 0; b < radix; b += lanes)
        for (int first = 0; first < radix; first += rows) {
            V<lanes> im[rows];
            unroll<rows>([&](auto r) INLINE_LAMBDA {
                im[r] = V<lanes>::splat(0.0f);
            });
            for (int p = 0; p < radix; ++p) {
                const auto re_in = V<lanes>::load(halfway + radix * p + b);
                const auto im_in = V<lanes>::load(halfway + bins + radix * p + b);
                unroll<rows>([&](auto r) INLINE_LAMBDA {
                    const float c = transform.outer.re[p][first + r];
                    const float s = transform.outer.im[p][first + r];
                    im[r] = minus_product(s, re_in, fma(c, im_in, im[r]));
                    KEEP_IN_REGISTER(im[r].v);
                });
            }
            unroll<rows>([&](auto r) INLINE_LAMBDA {
                im[r].store(newer + radix * (first + r) + b);
            });
        }
}

void multiply(const float* filter, int count, const float* ring, int slots, int slot,
              float* spectrum) {
    constexpr int lanes = Tile::multiply_lanes, vectors = Tile::multiply_vectors;
    using Vec = V<lanes>;
    for (int bin = 0; bin < bins; bin += lanes * vectors) {
        Complex<lanes, vectors> sum;
        sum.clear();
        const float *h = filter + bin, *x = ring + slot * spectrum_floats + bin;
        const float* const end = ring + slots * spectrum_floats;
        for (int p = 0; p < count; ++p) {
            unroll<vectors>([&](auto v) INLINE_LAMBDA {
                const Vec re = Vec::load(x + v * lanes), im = Vec::load(x + bins + v * lanes);
                const Vec c = Vec::load(h + v * lanes), s = Vec::load(h + bins + v * lanes);
                sum.re[v] = minus_product(im, s, fma(re, c, sum.re[v]));
                sum.im[v] = fma(im, c, fma(re, s, sum.im[v]));
            });
            sum.pin();
            h += spectrum_floats;
            x += spectrum_floats;
            if (x >= end) x = ring + bin;
        }
        sum.add_to(spectrum + bin, lanes);
    }
}

}  // namespace

extern const Kernels kernels = {direct, forward, multiply, back};

}  // namespace neural_amp::linear::KERNEL_ISA
