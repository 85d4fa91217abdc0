// SPDX-License-Identifier: MIT
// What an A2 network is, in constants: the one place that knows its layers, taps and dilations.
#pragma once

namespace neural_amp::a2 {

constexpr int layer_count = 23;
constexpr int max_taps = 15;
constexpr int head_taps = 16;
constexpr float leaky_slope = 0.01f;

constexpr int taps[layer_count] = {6, 6, 6,  6,  6, 6, 6, 6, 6, 6, 6, 6,
                                   6, 6, 15, 15, 6, 6, 6, 6, 6, 6, 6};
constexpr int dilations[layer_count] = {1,   3,   7, 17, 41, 101, 239, 1,  3,  7,   17, 41,
                                        101, 239, 1, 13, 1,  3,   7,   17, 41, 101, 239};

/// Frames of past input that layer `l` reads besides the current one.
consteval int lookback_frames(int l) { return (taps[l] - 1) * dilations[l]; }

/// Frames of input that one frame of output depends on, itself included.
consteval int receptive_field() {
    int frames = head_taps;
    for (int l = 0; l < layer_count; ++l) frames += lookback_frames(l);
    return frames;
}

/// Floats in the weight list of a `.nam` file of this width.
consteval int weight_count(int channels) {
    int count = channels;  // rechannel
    for (int l = 0; l < layer_count; ++l) {
        count += channels * channels * taps[l] + channels;  // dilated convolution and its bias
        count += channels;                                  // mixin
        count += channels * channels + channels;            // 1x1 and its bias
    }
    return count + channels * head_taps + 1 + 1;  // head, its bias, head_scale
}

/// Multiply-adds of the formula for a frame, without the last layer's 1x1, which nobody hears. The
/// kernels do a few less: the first layer's convolution has one input there.
constexpr int multiply_adds(int channels) {
    int count = channels;  // rechannel
    for (int l = 0; l < layer_count; ++l)
        count += channels * channels * taps[l] + channels + channels * channels;
    return count - channels * channels + channels * head_taps;
}

static_assert(receptive_field() == 6347);
static_assert(weight_count(3) == 1871);
static_assert(weight_count(8) == 12146);
static_assert(multiply_adds(3) == 1722);
static_assert(multiply_adds(8) == 11712);

}  // namespace neural_amp::a2
