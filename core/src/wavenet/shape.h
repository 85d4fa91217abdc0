// SPDX-License-Identifier: MIT
// What a WaveNet is made of, in the order in which its weights lie in a `.nam` file. The formula:
//
//     cond = child(in), or in
//     x = rechannel(in, or x of the array before); head = 0, or head_conv of the array before
//     layer:  u = conv_pre(x)
//             z = activation_pre(conv_post(conv(u)) + mixin_post(mixin(mixin_pre(cond))))
//             p = activation_post(activation(z))       or gated, or blended: see Mode
//             head = head + head1x1_post(head1x1(p))   or p, without a head1x1
//             x = x + layer1x1_post(layer1x1(p))       or x, without a layer1x1
//     out = head_scale * head_conv(head)               then activation and convolution of each post
//
// The words with pre and post in them are FiLMs: scales, and shifts perhaps, that a 1x1 makes of
// cond.
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "../planar/config.h"

namespace neural_amp::wavenet {

constexpr char network[] = "a WaveNet";

using planar::Activation;
using planar::Convolution;

/// With z in two halves, a = activation(first), q = secondary(second).
enum class Mode {
    none,
    gated,    ///< a q
    blended,  ///< q a + (1 - q) first
};

/// In the order of their weights.
enum FilmPlace {
    conv_pre,
    conv_post,
    mixin_pre,
    mixin_post,
    activation_pre,
    activation_post,
    layer1x1_post,
    head1x1_post,
    film_places
};

/// Without outputs, it is not there; twice as many outputs as rows are scales, then shifts.
using Film = Convolution;

struct Layer {
    Mode mode;
    Activation activation, secondary;
    Convolution conv, mixin, layer1x1, head1x1;
    std::array<Film, film_places> films;
};

struct Array {
    int input_size, channels, bottleneck;
    Convolution rechannel;
    std::vector<Layer> layers;
    Convolution head;
};

struct Shape {
    int inputs;
    int condition_size;
    std::vector<Array> arrays;
    Activation post_activation;
    std::vector<Convolution> posts;

    int outputs() const {
        return posts.empty() ? arrays.back().head.outputs : posts.back().outputs;
    }
};

/// Reads the config of a record:
///
///     inputs, condition_size, number of arrays, number of posts
///     of each array:
///         input_size, channels, bottleneck
///         head_outputs, head_taps, head_dilation, head_bias (0 or 1)
///         layer1x1_groups (0: no layer1x1), head1x1_outputs (0: no head1x1), head1x1_groups
///         groups_input, groups_input_mixin
///         of each FilmPlace: kind (0: none, 1: scale, 2: scale and shift), groups
///         number of layers
///         of each layer: taps, dilation, mode, activation, and the secondary one unless mode is 0
///     the activation of the posts, if there are any
///     of each post: outputs, taps
///
/// each a u32, but the parameters of activations. Throws ModelError for anything that makes no
/// network. What comes of it has no weights yet.
Shape read_shape(std::span<const std::byte> config);

/// Calls `body(convolution, dead)` in the order of the file. Dead is what nobody hears: the
/// layer1x1 of the very last layer.
template <class AnyShape, class Body>
void for_each_convolution(AnyShape& shape, Body&& body) {
    for (auto& array : shape.arrays) {
        body(array.rechannel, false);
        for (auto& layer : array.layers) {
            const bool last = &layer == &shape.arrays.back().layers.back();
            body(layer.conv, false);
            body(layer.mixin, false);
            if (layer.layer1x1) body(layer.layer1x1, last);
            if (layer.head1x1) body(layer.head1x1, false);
            for (int f = 0; f < film_places; ++f)
                if (layer.films[f]) body(layer.films[f], last && f == layer1x1_post);
        }
        body(array.head, false);
    }
    for (auto& post : shape.posts) body(post, false);
}

/// "16/8"
std::string label(const Shape& shape);

/// "A1 standard WaveNet, 16/8 channels"
std::string description(const Shape& shape, bool conditioned);

}  // namespace neural_amp::wavenet
