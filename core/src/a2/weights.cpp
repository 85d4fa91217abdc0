// SPDX-License-Identifier: MIT
// From the order of a `.nam` file (out, in, tap) to the order of the kernels (tap, in, out).
#include "weights.h"

namespace neural_amp::a2 {
namespace {

template <int Channels>
const float* read_vector(const float* source, float (&vector)[Channels]) {
    for (float& value : vector) value = *source++;
    return source;
}

template <int Channels>
const float* read_layer(const float* source, int tap_count, LayerWeights<Channels>& layer) {
    for (int o = 0; o < Channels; ++o)
        for (int i = 0; i < Channels; ++i)
            for (int k = 0; k < tap_count; ++k) layer.conv[k][i][o] = *source++;
    source = read_vector(source, layer.bias);
    source = read_vector(source, layer.mixin);
    for (int o = 0; o < Channels; ++o)
        for (int i = 0; i < Channels; ++i) layer.one_by_one[i][o] = *source++;
    return read_vector(source, layer.one_by_one_bias);
}

}  // namespace

template <int Channels>
void read_weights(const float* source, PackedWeights<Channels>& weights) {
    source = read_vector(source, weights.rechannel);
    for (int l = 0; l < layer_count; ++l) source = read_layer(source, taps[l], weights.layers[l]);

    for (int k = 0; k < taps[0]; ++k)
        for (int o = 0; o < Channels; ++o) {
            double sum = 0.0;
            for (int i = 0; i < Channels; ++i)
                sum += double(weights.layers[0].conv[k][i][o]) * weights.rechannel[i];
            weights.first_conv[k][o] = float(sum);
        }

    const float* head = source;
    const float bias = head[Channels * head_taps];
    const float scale = head[Channels * head_taps + 1];
    for (int i = 0; i < Channels; ++i)
        for (int k = 0; k < head_taps; ++k) weights.head[k][i] = *head++ * scale;
    weights.head_bias = bias * scale;
}

template void read_weights(const float*, PackedWeights<3>&);
template void read_weights(const float*, PackedWeights<8>&);

}  // namespace neural_amp::a2
