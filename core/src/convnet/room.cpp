// SPDX-License-Identifier: MIT
// A block is a convolution of two taps, a batchnorm perhaps, and an activation. One after the
// other; then a 1x1:
//
//     x = activation(bias + sum over k, i of conv[k][i] * x_i[t - lookback(k)])
//     out = head_bias + head x
#include "room.h"

#include <algorithm>
#include <cmath>
#include <string>

#include "../network_limits.h"
#include "../planar/config.h"
#include "../planar/network.h"

namespace neural_amp::convnet {
namespace {

using planar::Convolution;

constexpr char network[] = "a ConvNet";
constexpr int taps = 2;

struct Shape {
    int inputs, outputs, channels;
    bool batchnorm;
    planar::Activation activation;
    std::vector<Convolution> blocks;
    Convolution head;
};

Shape read_shape(std::span<const std::byte> bytes) {
    planar::Config config(network, bytes);
    Shape shape;
    shape.inputs = config.number("the inputs", 1, limits::max_channels_of_audio);
    shape.outputs = config.number("the outputs", 1, limits::max_channels_of_audio);
    shape.channels = config.number("the channels", 1, limits::max_width);
    const int groups = config.number("the groups", 1, limits::max_width);
    shape.batchnorm = config.number("the batchnorm", 0, 1) == 1;
    shape.activation = config.activation();
    const int blocks = config.number("the blocks", 1, limits::max_layers);
    for (int b = 0; b < blocks; ++b) {
        const int dilation = config.number("a dilation", 0, limits::max_dilation);
        shape.blocks.push_back({b == 0 ? shape.inputs : shape.channels, shape.channels, taps,
                                dilation, groups, !shape.batchnorm});
        check_groups(network, "a block", shape.blocks.back());
    }
    config.end();
    check_slopes(network, shape.activation, shape.channels);
    shape.head = {shape.channels, shape.outputs};
    shape.head.has_bias = true;
    return shape;
}

/// Of a batchnorm in a `.nam` file, for each channel: mean, variance, weight and bias; and epsilon.
int batchnorm_count(const Shape& shape) { return shape.batchnorm ? 4 * shape.channels + 1 : 0; }

/// The convolution at `source` and the batchnorm behind it as one: its weights, then its biases.
std::vector<float> fold_batchnorm(const Convolution& block, const float* source) {
    const int channels = block.outputs, of_output = int(block.multiply_adds()) / channels;
    const float* mean = source + block.multiply_adds();
    const float *variance = mean + channels, *weight = variance + channels;
    const float *bias = weight + channels, epsilon = bias[channels];
    std::vector<float> folded(block.multiply_adds() + channels);
    for (int o = 0; o < channels; ++o) {
        const double scale = weight[o] / std::sqrt(double(epsilon) + variance[o]);
        for (int w = o * of_output; w < (o + 1) * of_output; ++w)
            folded[w] = float(scale * source[w]);
        folded[block.multiply_adds() + o] = float(bias[o] - scale * mean[o]);
    }
    return folded;
}

planar::OwnedPlan make_plan(Shape& shape, const float* source) {
    planar::Builder builder(planar::max_outputs());
    const int input = builder.signal(shape.inputs);
    int x = input;
    for (Convolution& block : shape.blocks) {
        std::vector<float> folded;
        block.weights = source;
        source += block.weight_count() + batchnorm_count(shape);
        if (shape.batchnorm) {
            folded = fold_batchnorm(block, block.weights);
            block.weights = folded.data();
            block.has_bias = true;
        }
        const int next = builder.signal(shape.channels);
        builder.matrix(next, {{x, block}}, {}, {&shape.activation});
        x = next;
    }
    shape.head.weights = source;
    const int output = builder.signal(shape.outputs);
    builder.matrix(output, {{x, shape.head}});
    return builder.finish(input, output, planar::none);
}

std::shared_ptr<const Weights> load(const Record& record, const Place& place) {
    Shape shape = read_shape(record.config);
    planar::Totals totals;
    for (const Convolution& block : shape.blocks) {
        totals.count(block);
        totals.weights += batchnorm_count(shape);
    }
    totals.count(shape.head);
    totals.check(network, record.weights.size());
    if (!record.children.empty()) refuse("a ConvNet holds other networks; accepted are none");
    check_inputs(place, shape.inputs);

    const std::string channels = std::to_string(shape.channels);
    const std::string blocks = std::to_string(shape.blocks.size());
    return planar::make_weights({make_plan(shape, record.weights.data()), nullptr,
                                 totals.lookback_frames, totals.history_floats,
                                 Cost{totals.multiply_adds, std::int64_t(shape.channels) *
                                                                std::int64_t(shape.blocks.size())},
                                 shape.inputs, shape.outputs, shape.channels,
                                 channels + " x " + blocks,
                                 "ConvNet, " + channels + " channels x " + blocks},
                                place);
}

}  // namespace

const Room room{fourcc("CNET"), "ConvNet", load};

}  // namespace neural_amp::convnet
