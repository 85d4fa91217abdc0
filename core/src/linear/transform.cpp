// SPDX-License-Identifier: MIT
#include "transform.h"

#include <cmath>
#include <numbers>

namespace neural_amp::linear {
namespace {

/// e^(i 2 pi n (1 - 4 k) / 256)
struct Factor {
    Factor(int n, int k) {
        const double angle = 2.0 * std::numbers::pi * (n * (1 - 4 * k) % 256) / 256.0;
        re = float(std::cos(angle));
        im = float(std::sin(angle));
    }
    float re, im;
};

Transform make_transform() {
    Transform transform;
    for (int p = 0; p < radix; ++p)
        for (int i = 0; i < radix; ++i) {
            const Factor outer(radix * i, p);
            transform.outer.re[p][i] = outer.re;
            transform.outer.im[p][i] = outer.im;
            for (int q = 0; q < radix; ++q) {
                const Factor inner(i, p + radix * q);
                transform.inner[p].re[i][q] = inner.re;
                transform.inner[p].im[i][q] = inner.im;
                transform.inner_back[p].re[q][i] = inner.re / bins;
                transform.inner_back[p].im[q][i] = -inner.im / bins;
            }
        }
    return transform;
}

}  // namespace

const Transform& transform() {
    static const Transform made = make_transform();
    return made;
}

}  // namespace neural_amp::linear
