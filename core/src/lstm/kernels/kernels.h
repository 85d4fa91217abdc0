// SPDX-License-Identifier: MIT
// What one ISA's object exports: one table of functions, and nothing else.
#pragma once

#include "../../simd/isas.h"
#include "../shape.h"

namespace neural_amp::lstm {

/// Units are played in whole vectors of so many, at least: those that a layer lacks are there, have
/// weights of 0, and say 0.
constexpr int unit_multiple = 8;

/// The weights of a network, borrowed, each list on a cache line. `width` is the units and those
/// that fill them up; a column is `[gate][width]`, with the opposites of i, f and o and twice g, of
/// which the exponentials are taken.
struct NetworkWeights {
    int layers, width, inputs, outputs;
    const float* layer[limits::max_lstm_layers];  ///< the bias, and the columns of what it hears
                                                  ///< and of itself
    const float* head;                            ///< `[output][width]`
    const float* head_bias;
};

/// Signals that are played side by side, at most: four are hardly faster than two.
constexpr int max_signals = 2;

/// What a layer remembers, as `[width]` each: h, c, and room for the next h. A network has one such
/// part for each layer, one after the other.
constexpr int parts_of_state = 3;

/// One signal's way through a network. `out[o] == in[i]` is allowed, but not those of two signals.
struct Signal {
    const float* const* in;
    float* const* out;
    float* state;
};

struct Kernels {
    /// Plays some frames of up to `max_signals` signals, side by side: each gets the bits that
    /// it would get alone. [audio thread]
    void (*process)(const NetworkWeights& weights, const Signal* signals, int signal_count,
                    int frames);
};

NEURAL_AMP_ISAS(NEURAL_AMP_DECLARE_KERNELS)

}  // namespace neural_amp::lstm
