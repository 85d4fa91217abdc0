// SPDX-License-Identifier: MIT
// The spectrum of 128 real frames: 64 complex bins between those of a Fourier transform,
//
//     Z[k] = sum over n < 64 of (x[n] + i x[n + 64]) e^(i 2 pi n (1 - 4 k) / 256)
//
// Products of such spectra are convolutions that wrap around with the sign turned, so of a filter
// of 64 taps the last 64 frames are right. All bins are alike, where the usual spectrum has two
// real ones at its ends.
//
// 64 is 8 times 8: with n = 8 a + b and k = p + 8 q,
//
//     Z[p, q] = sum over b of inner[p][b][q] sum over a of outer[p][a] (x[n] + i x[n + 64])
//
// which is two products with small matrices, vectors along b and along q. That takes 16 complex
// multiply-adds a bin; the sum as it stands takes 64, and a split into powers of two fewer, but
// shuffles.
#pragma once

namespace neural_amp::linear {

/// A spectrum: the real parts of all bins, then the imaginary parts; bin [p, q] is 8 p + q.
constexpr int bins = 64;
constexpr int spectrum_floats = 2 * bins;

constexpr int radix = 8;

struct Matrix {
    float re[radix][radix], im[radix][radix];
};

struct Transform {
    Matrix outer;              ///< [p][a]
    Matrix inner[radix];       ///< [p][b][q]
    Matrix inner_back[radix];  ///< [p][q][b]: turned over, conjugate, and 1/64
};

/// Made at the first call. [any thread]
const Transform& transform();

}  // namespace neural_amp::linear
