// SPDX-License-Identifier: MIT
#include "shape.h"

#include <algorithm>

#include "../image.h"
#include "../network_limits.h"

namespace neural_amp::wavenet {
namespace {

using planar::ActivationKind;
using planar::Config;

struct FilmConfig {
    int kind;  ///< rows of it for each of what it scales: 0, 1 or 2
    int groups;
};

/// What all layers of an array have alike.
struct ArrayConfig {
    int condition_size;
    int layer1x1_groups, head1x1_outputs, head1x1_groups, conv_groups, mixin_groups;
    std::array<FilmConfig, film_places> films;
};

Convolution one_by_one(const char* name, int inputs, int outputs, int groups, bool has_bias) {
    const Convolution convolution{inputs, outputs, 1, 1, groups, has_bias};
    check_groups(network, name, convolution);
    return convolution;
}

Layer read_layer(Config& config, const Array& array, const ArrayConfig& options) {
    Layer layer{};
    const int taps = config.number("the taps of a layer", 1, limits::max_taps);
    const int dilation = config.number("a dilation", 0, limits::max_dilation);
    layer.mode = Mode(config.number("the mode of a layer", 0, 2));
    layer.activation = config.activation();
    check_slopes(network, layer.activation, array.bottleneck);
    if (layer.mode != Mode::none) {
        layer.secondary = config.activation();
        check_slopes(network, layer.secondary, array.bottleneck);
    }

    const int channels = array.channels, bottleneck = array.bottleneck;
    const int z = layer.mode == Mode::none ? bottleneck : 2 * bottleneck;
    layer.conv = {channels, z, taps, dilation, options.conv_groups, true};
    check_groups(network, "a convolution", layer.conv);
    layer.mixin = one_by_one("a mixin", options.condition_size, z, options.mixin_groups, false);
    if (options.layer1x1_groups > 0)
        layer.layer1x1 =
            one_by_one("a layer1x1", bottleneck, channels, options.layer1x1_groups, true);
    if (options.head1x1_outputs > 0)
        layer.head1x1 = one_by_one("a head1x1", bottleneck, options.head1x1_outputs,
                                   options.head1x1_groups, true);
    const int rows[film_places] = {channels,   z,        options.condition_size, z, z,
                                   bottleneck, channels, options.head1x1_outputs};
    for (int f = 0; f < film_places; ++f)
        if (const FilmConfig film = options.films[f]; film.kind > 0)
            layer.films[f] = one_by_one("a FiLM", options.condition_size, film.kind * rows[f],
                                        film.groups, true);
    return layer;
}

Array read_array(Config& config, int condition_size, int& layers_left) {
    Array array{};
    const auto width = [&](const char* name) {
        return config.number(name, 1, limits::max_width);
    };
    const auto groups = [&](const char* name) {
        return config.number(name, 0, 2 * limits::max_width);
    };
    array.input_size = width("the input_size of an array");
    array.channels = width("the channels of an array");
    array.bottleneck = width("the bottleneck of an array");
    array.head.outputs = width("the head outputs of an array");
    array.head.taps = config.number("the head taps of an array", 1, limits::max_taps);
    array.head.dilation = config.number("the head dilation of an array", 0, limits::max_dilation);
    array.head.has_bias = config.number("the head bias of an array", 0, 1) == 1;
    ArrayConfig options{};
    options.condition_size = condition_size;
    options.layer1x1_groups = groups("the groups of a layer1x1");
    options.head1x1_outputs = config.number("the outputs of a head1x1", 0, limits::max_width);
    options.head1x1_groups = groups("the groups of a head1x1");
    options.conv_groups = groups("the groups of a convolution");
    options.mixin_groups = groups("the groups of a mixin");
    for (FilmConfig& film : options.films) {
        film.kind = config.number("the kind of a FiLM", 0, 2);
        film.groups = groups("the groups of a FiLM");
    }
    if (options.layer1x1_groups == 0 && array.bottleneck != array.channels)
        refuse("a bottleneck of " + std::to_string(array.bottleneck) + " in a WaveNet of " +
               std::to_string(array.channels) +
               " channels without layer1x1; accepted are as many as channels");
    if (options.layer1x1_groups == 0 && options.films[layer1x1_post].kind > 0)
        refuse("a WaveNet has a FiLM after layer1x1, and no layer1x1");
    if (options.head1x1_outputs == 0 && options.films[head1x1_post].kind > 0)
        refuse("a WaveNet has a FiLM after head1x1, and no head1x1");
    array.rechannel = {array.input_size, array.channels};
    array.head.inputs = options.head1x1_outputs > 0 ? options.head1x1_outputs : array.bottleneck;

    const int layers = config.number("the layers of all arrays", 1, layers_left);
    layers_left -= layers;
    for (int l = 0; l < layers; ++l) array.layers.push_back(read_layer(config, array, options));
    return array;
}

void check_join(const char* what, int found, int accepted) {
    if (found != accepted)
        refuse(std::string(what) + " of a WaveNet is " + std::to_string(found) + "; accepted is " +
               std::to_string(accepted) + ", what comes in there");
}

/// 1, 2, 4 ... `last`
std::vector<int> doubling_to(int last) {
    std::vector<int> dilations;
    for (int d = 1; d <= last; d *= 2) dilations.push_back(d);
    return dilations;
}

struct A1 {
    const char* name;
    int channels[2];
    std::vector<int> dilations[2];
};

bool has_layers_of(const Array& array, const A1& a1, int a) {
    const int channels = a1.channels[a];
    if (array.channels != channels || array.bottleneck != channels || array.head.taps != 1 ||
        array.head.has_bias != (a == 1) || array.layers.size() != a1.dilations[a].size())
        return false;
    for (std::size_t l = 0; l < array.layers.size(); ++l) {
        const Layer& layer = array.layers[l];
        if (layer.mode != Mode::none || layer.activation.kind != ActivationKind::tanh ||
            layer.conv.taps != 3 || layer.conv.dilation != a1.dilations[a][l] ||
            layer.conv.groups != 1 || !layer.layer1x1 || layer.layer1x1.groups != 1 ||
            layer.head1x1 || std::any_of(layer.films.begin(), layer.films.end(), [](const Film& f) {
                return bool(f);
            }))
            return false;
    }
    return true;
}

/// The four networks that trainers of the first generation make, by shape; null for all others.
const char* name_of_a1(const Shape& shape, bool conditioned) {
    std::vector<int> short_ones = doubling_to(64), long_ones{128, 256, 512};
    for (const int dilation : doubling_to(512)) long_ones.push_back(dilation);
    const A1 all[] = {{"standard", {16, 8}, {doubling_to(512), doubling_to(512)}},
                      {"lite", {12, 6}, {short_ones, long_ones}},
                      {"feather", {8, 4}, {short_ones, long_ones}},
                      {"nano", {4, 2}, {short_ones, long_ones}}};
    if (conditioned || shape.inputs != 1 || shape.outputs() != 1 || !shape.posts.empty() ||
        shape.arrays.size() != 2)
        return nullptr;
    for (const A1& a1 : all)
        if (has_layers_of(shape.arrays[0], a1, 0) && has_layers_of(shape.arrays[1], a1, 1))
            return a1.name;
    return nullptr;
}

}  // namespace

Shape read_shape(std::span<const std::byte> bytes) {
    Config config(network, bytes);
    Shape shape{};
    shape.inputs = config.number("the inputs", 1, limits::max_channels_of_audio);
    shape.condition_size = config.number("the condition_size", 1, limits::max_width);
    const int arrays = config.number("the arrays", 1, limits::max_arrays);
    const int posts = config.number("the post convolutions", 0, limits::max_post_convolutions);
    int layers_left = limits::max_layers, x = shape.inputs;
    for (int a = 0; a < arrays; ++a) {
        shape.arrays.push_back(read_array(config, shape.condition_size, layers_left));
        const Array& array = shape.arrays.back();
        check_join("the input_size of an array", array.input_size, x);
        if (a > 0)
            check_join("the head width of an array", array.head.inputs,
                       shape.arrays[a - 1].head.outputs);
        x = array.channels;
    }
    int head = shape.arrays.back().head.outputs;
    if (posts > 0) shape.post_activation = config.activation();
    for (int p = 0; p < posts; ++p) {
        check_slopes(network, shape.post_activation, head);
        Convolution post{head};
        post.outputs = config.number("the outputs of a post convolution", 1, limits::max_width);
        post.taps = config.number("the taps of a post convolution", 1, limits::max_taps);
        post.has_bias = true;
        head = post.outputs;
        shape.posts.push_back(post);
    }
    config.end();
    if (head > limits::max_channels_of_audio)
        refuse("a WaveNet of " + std::to_string(head) + " outputs; accepted are up to " +
               std::to_string(limits::max_channels_of_audio));
    return shape;
}

std::string label(const Shape& shape) {
    std::string text;
    for (const Array& array : shape.arrays)
        text.append(text.empty() ? "" : "/").append(std::to_string(array.channels));
    return text;
}

std::string description(const Shape& shape, bool conditioned) {
    const std::string channels = label(shape) + " channels";
    if (const char* name = name_of_a1(shape, conditioned))
        return "A1 " + std::string(name) + " WaveNet, " + channels;
    return (conditioned ? "conditioned WaveNet, " : "WaveNet, ") + channels;
}

}  // namespace neural_amp::wavenet
