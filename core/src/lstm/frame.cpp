// SPDX-License-Identifier: MIT
// A layer hears its input x, and what it said itself:
//
//     i, f, g, o = bias + matrix [x, h]
//     c = sigmoid(f) c + sigmoid(i) tanh(g)
//     h = sigmoid(o) tanh(c)                    the x of the next layer
//
// and out comes head_bias + head h of the last.
#include "frame.h"

#include <algorithm>
#include <cmath>

namespace neural_amp::lstm {
namespace {

float sigmoid(float x) { return 1.0f / (1.0f + std::exp(-x)); }

/// `gate` is `[group of 8 units][gate][unit]`.
void activate(const float* gate, int units, float* h, float* c) {
    for (int u = 0; u < units; ++u) {
        const float* g = gate + u / lanes * gates * lanes + u % lanes;
        c[u] = sigmoid(g[lanes]) * c[u] + sigmoid(g[0]) * std::tanh(g[2 * lanes]);
        h[u] = sigmoid(g[3 * lanes]) * std::tanh(c[u]);
    }
}

}  // namespace

float play_frame(const PackedWeights& weights, const Kernels& kernels, float* state, float input) {
    alignas(64) float gate[gates * max_units];
    float column[2 * max_units];
    const int units = int(weights.shape.units);
    const float* x = &input;
    for (int l = 0; l < int(weights.shape.layers); ++l) {
        float *h = state + 2 * l * units, *c = h + units;
        std::copy_n(h, units, std::copy_n(x, weights.shape.inputs(l), column));
        kernels.gates(weights.layers[l].data(), column, weights.shape.columns(l), weights.groups,
                      gate);
        activate(gate, units, h, c);
        x = h;
    }
    return output(weights, state);
}

float output(const PackedWeights& weights, const float* state) {
    const int units = int(weights.shape.units);
    const float* h = state + 2 * (int(weights.shape.layers) - 1) * units;
    float sum = weights.head_bias;
    for (int u = 0; u < units; ++u) sum += weights.head[u] * h[u];
    return sum;
}

}  // namespace neural_amp::lstm
