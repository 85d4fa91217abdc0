// SPDX-License-Identifier: MIT
// A WaveNet with every option, in plain double loops.
#pragma once

#include <array>
#include <memory>
#include <vector>

#include "convolutions.h"
#include "wavenet/room.h"

enum FilmPlace {
    conv_pre,
    conv_post,
    mixin_pre,
    mixin_post,
    act_pre,
    act_post,
    l1x1_post,
    h1x1_post
};

struct Film {
    int kind = 0, groups = 0;
};

struct Layer {
    int taps, dilation, mode;
    TestActivation activation, secondary;
};

struct Array {
    int input_size, channels, bottleneck, head_outputs;
    int head_taps = 1, head_dilation = 1;
    bool head_bias = true;
    int layer1x1_groups = 1, head1x1_outputs = 0, head1x1_groups = 0, conv_groups = 1,
        mixin_groups = 1;
    std::array<Film, 8> films = {};
    std::vector<Layer> layers;

    int head_width() const { return head1x1_outputs > 0 ? head1x1_outputs : bottleneck; }
};

struct Post {
    int outputs, taps;
};

/// A WaveNet with its weights and its child.
struct Net {
    int inputs = 1, condition_size = 1;
    std::vector<Array> arrays;
    TestActivation post_activation;
    std::vector<Post> posts;
    std::unique_ptr<Net> child;
    std::vector<std::uint32_t> config;
    std::vector<float> weights;

    int outputs() const {
        return posts.empty() ? arrays.back().head_outputs : posts.back().outputs;
    }

    void write_config() {
        const auto put = [&](std::initializer_list<int> values) {
            config.insert(config.end(), values.begin(), values.end());
        };
        put({inputs, condition_size, int(arrays.size()), int(posts.size())});
        for (const Array& a : arrays) {
            put({a.input_size, a.channels, a.bottleneck, a.head_outputs, a.head_taps,
                 a.head_dilation, a.head_bias, a.layer1x1_groups, a.head1x1_outputs,
                 a.head1x1_groups, a.conv_groups, a.mixin_groups});
            for (const Film& film : a.films) put({film.kind, film.groups});
            put({int(a.layers.size())});
            for (const Layer& layer : a.layers) {
                put({layer.taps, layer.dilation, layer.mode});
                layer.activation.write(config);
                if (layer.mode != 0) layer.secondary.write(config);
            }
        }
        if (!posts.empty()) post_activation.write(config);
        for (const Post& post : posts) put({post.outputs, post.taps});
    }

    neural_amp::Record record() const {
        neural_amp::Record record{
            neural_amp::wavenet::room.tag, std::as_bytes(std::span(config)), weights, {}};
        if (child) record.children.push_back(child->record());
        return record;
    }

    std::int64_t lookback_frames() const {
        std::int64_t frames = child ? child->lookback_frames() : 0;
        for (const Array& a : arrays) {
            for (const Layer& layer : a.layers) frames += (layer.taps - 1) * layer.dilation;
            frames += (a.head_taps - 1) * a.head_dilation;
        }
        for (const Post& post : posts) frames += post.taps - 1;
        return frames;
    }

    /// `w` goes from the first weight to behind the last: with weights of any length that counts
    /// them.
    Signal play(const float*& w, const Signal& in) const {
        Signal cond = in;
        if (child) {
            const float* of_child = child->weights.data();
            cond = child->play(of_child, in);
        }
        Signal x = in, head;
        for (const Array& a : arrays) {
            x = convolve(w, x, a.channels, 1, 1, 1, false);
            for (const Layer& layer : a.layers) play_layer(a, layer, w, cond, x, head);
            head = convolve(w, head, a.head_outputs, a.head_taps, a.head_dilation, 1, a.head_bias);
        }
        const float* scale = w;
        for (const Post& post : posts)
            scale += std::size_t(post.outputs) * post.taps * widths(post);
        for (const Post& post : posts) scale += post.outputs;
        for (auto& row : head)
            for (double& value : row) value *= *scale;
        for (const Post& post : posts)
            head = convolve(w, post_activation(head), post.outputs, post.taps);
        ++w;
        return head;
    }

private:
    int widths(const Post& post) const {
        return &post == posts.data() ? arrays.back().head_outputs : (&post)[-1].outputs;
    }

    static Signal film(const Film& film, const float*& w, const Signal& x, const Signal& cond) {
        const int rows = int(x.size());
        const Signal c = convolve(w, cond, film.kind * rows, 1, 1, film.groups);
        Signal y = x;
        for (int r = 0; r < rows; ++r)
            for (std::size_t f = 0; f < y[r].size(); ++f)
                y[r][f] = x[r][f] * c[r][f] + (film.kind == 2 ? c[rows + r][f] : 0.0);
        return y;
    }

    static Signal sum(const Signal& a, const Signal& b) {
        Signal y = a;
        for (std::size_t r = 0; r < y.size(); ++r)
            for (std::size_t f = 0; f < y[r].size(); ++f) y[r][f] += b[r][f];
        return y;
    }

    /// All but the FiLMs come first among a layer's weights, so this looks for each where it lies.
    static void play_layer(const Array& a, const Layer& layer, const float*& w, const Signal& cond,
                           Signal& x, Signal& head) {
        const int rows = layer.mode == 0 ? a.bottleneck : 2 * a.bottleneck;
        const float* conv = w;
        const float* mixin = conv + rows * (a.channels / a.conv_groups) * layer.taps + rows;
        const float* l1x1 = mixin + rows * (int(cond.size()) / a.mixin_groups);
        const float* h1x1 = l1x1;
        if (a.layer1x1_groups > 0)
            h1x1 += a.channels * (a.bottleneck / a.layer1x1_groups) + a.channels;
        const float* films = h1x1;
        if (a.head1x1_outputs > 0)
            films += a.head1x1_outputs * (a.bottleneck / a.head1x1_groups) + a.head1x1_outputs;
        const int of_place[] = {a.channels, rows,         int(cond.size()), rows,
                                rows,       a.bottleneck, a.channels,       a.head1x1_outputs};
        const auto with = [&](FilmPlace place, const Signal& signal) {
            const float* film_weights = films;
            for (int p = 0; p < place; ++p)
                if (const Film& f = a.films[p]; f.kind > 0)
                    film_weights +=
                        f.kind * of_place[p] * (int(cond.size()) / f.groups) + f.kind * of_place[p];
            return a.films[place].kind == 0 ? signal
                                            : film(a.films[place], film_weights, signal, cond);
        };
        Signal z = sum(with(conv_post, convolve(conv, with(conv_pre, x), rows, layer.taps,
                                                layer.dilation, a.conv_groups)),
                       with(mixin_post, convolve(mixin, with(mixin_pre, cond), rows, 1, 1,
                                                 a.mixin_groups, false)));
        z = with(act_pre, z);
        const Signal first(z.begin(), z.begin() + a.bottleneck);
        Signal p = layer.activation(first);
        if (layer.mode != 0) {
            const Signal q = layer.secondary(Signal(z.begin() + a.bottleneck, z.end()));
            for (int r = 0; r < a.bottleneck; ++r)
                for (std::size_t f = 0; f < p[r].size(); ++f)
                    p[r][f] = layer.mode == 1 ? p[r][f] * q[r][f]
                                              : q[r][f] * p[r][f] + (1.0 - q[r][f]) * first[r][f];
        }
        p = with(act_post, p);
        const Signal h =
            a.head1x1_outputs == 0
                ? p
                : with(h1x1_post, convolve(h1x1, p, a.head1x1_outputs, 1, 1, a.head1x1_groups));
        head = head.empty() ? h : sum(head, h);
        if (a.layer1x1_groups > 0)
            x = sum(x, with(l1x1_post, convolve(l1x1, p, a.channels, 1, 1, a.layer1x1_groups)));
        w = films;
        for (int place = 0; place < 8; ++place)
            if (const Film& f = a.films[place]; f.kind > 0)
                w += f.kind * of_place[place] * (int(cond.size()) / f.groups + 1);
    }
};
