// SPDX-License-Identifier: MIT
// The weights of one A2 network in the order in which the kernels read them.
#pragma once

#include "architecture.h"

namespace neural_amp::a2 {

template <int Channels>
struct LayerWeights {
    float conv[max_taps][Channels][Channels];  ///< [tap][in][out], tap 0 the oldest
    float bias[Channels];
    float mixin[Channels];
    float one_by_one[Channels][Channels];  ///< [in][out]
    float one_by_one_bias[Channels];
};

template <int Channels>
struct alignas(64) PackedWeights {
    LayerWeights<Channels> layers[layer_count];

    /// Layer 0 sees `rechannel * input`, which has rank one: its convolution is this mono filter.
    float first_conv[6][Channels];
    float rechannel[Channels];

    float head[head_taps][Channels];  ///< times head_scale
    float head_bias;                  ///< times head_scale
};

/// Reads `weight_count(Channels)` floats in the order of a `.nam` file. [not real-time]
template <int Channels>
void read_weights(const float* source, PackedWeights<Channels>& weights);

}  // namespace neural_amp::a2
