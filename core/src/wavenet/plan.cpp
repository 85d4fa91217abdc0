// SPDX-License-Identifier: MIT
#include "plan.h"

#include "../planar/network.h"

namespace neural_amp::wavenet {
namespace {

using planar::Builder;
using planar::Combination;
using planar::none;
using planar::Rows;

/// Blocks that layers share. Layers keep nothing in them.
enum Scratch {
    conv_block,
    condition_block,
    mixin_block,
    z_block,
    p_block,
    one_by_one_block,
    head_block,
    film_block
};

Rows rows(int signal, int row = 0) {
    Rows rows;
    rows.signal = signal;
    rows.row = row;
    return rows;
}

/// The head that layers add to, and whether one of them has.
struct Head {
    int signal;
    bool begun;
};

/// A convolution whose weights are its own.
struct OwnedConvolution {
    Convolution convolution;
    std::vector<float> weights;

    const Convolution& get() {
        convolution.weights = weights.data();
        return convolution;
    }
};

/// A layer behind a rechannel of one row hears rank one: the convolution as a filter of that row.
OwnedConvolution fold_rechannel(const Convolution& conv, const Convolution& rechannel) {
    OwnedConvolution folded{{1, conv.outputs, conv.taps, conv.dilation, 1, true}, {}};
    const int inputs = conv.inputs / conv.groups;
    for (int o = 0; o < conv.outputs; ++o) {
        const int first = o / (conv.outputs / conv.groups) * inputs;
        for (int k = 0; k < conv.taps; ++k) {
            double sum = 0.0;
            for (int i = 0; i < inputs; ++i)
                sum += double(conv.weights[(std::size_t(o) * inputs + i) * conv.taps + k]) *
                       rechannel.weights[first + i];
            folded.weights.push_back(float(sum));
        }
    }
    folded.weights.insert(folded.weights.end(), conv.bias(), conv.bias() + conv.outputs);
    return folded;
}

OwnedConvolution scale(const Convolution& convolution, float factor) {
    const float* weights = convolution.weights;
    OwnedConvolution scaled{convolution, {weights, weights + convolution.weight_count()}};
    for (float& weight : scaled.weights) weight *= factor;
    return scaled;
}

/// Rows of p.
int bottleneck(const Layer& layer) {
    return layer.mode == Mode::none ? layer.conv.outputs : layer.conv.outputs / 2;
}

class Planner {
public:
    Planner(const Shape& shape, bool conditioned)
        : shape_(shape), builder_(planar::max_outputs()), input_(builder_.signal(shape.inputs)),
          condition_(conditioned ? builder_.signal(shape.condition_size) : input_) {}

    planar::OwnedPlan make(float head_scale) {
        int x = input_;
        Head head{none, false};
        for (const Array& array : shape_.arrays) {
            if (head.signal == none) head.signal = builder_.signal(array.head.inputs);
            x = play_array(array, x, head);
            const bool last = &array == &shape_.arrays.back();
            OwnedConvolution conv = scale(array.head, last ? head_scale : 1.0f);
            const int out = builder_.signal(array.head.outputs);
            const bool post = last && !shape_.posts.empty();
            builder_.matrix(out, {{head.signal, conv.get()}}, {},
                            {post ? &shape_.post_activation : nullptr});
            head = {out, true};
        }
        for (const Convolution& post : shape_.posts) {
            const int out = builder_.signal(post.outputs);
            const bool last = &post == &shape_.posts.back();
            builder_.matrix(out, {{head.signal, post}}, {},
                            {last ? nullptr : &shape_.post_activation});
            head.signal = out;
        }
        return builder_.finish(input_, head.signal, condition_ == input_ ? none : condition_);
    }

private:
    /// Gives back the signal of x behind its last layer.
    int play_array(const Array& array, int x, Head& head) {
        const Layer& first = array.layers.front();
        const bool first_is_last = &first == &shape_.arrays.back().layers.back();
        const bool folds = array.input_size == 1 && !first.films[conv_pre] &&
                           (first_is_last || (first.layer1x1 && !first.films[layer1x1_post]));
        if (!folds) {
            const int wide = builder_.signal(array.channels);
            builder_.matrix(wide, {{x, array.rechannel}});
            x = wide;
        }
        for (const Layer& layer : array.layers)
            x = play_layer(layer, x, head, folds && &layer == &first ? &array.rechannel : nullptr);
        return x;
    }

    /// Gives back the signal of the next x. With a `rechannel`, x is what goes into that.
    int play_layer(const Layer& layer, int x, Head& head, const Convolution* rechannel) {
        int u = x;
        if (layer.films[conv_pre]) {
            u = builder_.signal(layer.conv.inputs);
            film(layer.films[conv_pre], u, x, layer.conv.inputs);
        }
        OwnedConvolution folded;
        if (rechannel) folded = fold_rechannel(layer.conv, *rechannel);
        const Builder::Term conv{u, rechannel ? folded.get() : layer.conv};
        const int p = play_activation(layer, conv, head);
        add_to_head(layer, p, head);
        return play_one_by_one(layer, p, x, rechannel);
    }

    /// Gives back the signal of p. What can be added to the head at once is.
    int play_activation(const Layer& layer, const Builder::Term& conv, Head& head) {
        const int width = layer.conv.outputs;
        const int z = builder_.scratch(z_block, width);
        const bool plain = layer.mode == Mode::none && !layer.films[activation_pre];
        planar::Finish finish;
        if (plain) {
            finish.activation = &layer.activation;
            if (hears_p_at_once(layer)) {
                finish.head = rows(head.signal);
                finish.begins_head = !head.begun;
            }
        }
        convolve(layer, conv, z, finish);
        film(layer.films[activation_pre], z, z, width);
        int p = z;
        if (layer.mode == Mode::none) {
            if (!plain) builder_.activate(rows(z), rows(z), width, {&layer.activation});
        } else {
            const int half = width / 2;
            p = builder_.scratch(p_block, half);
            builder_.activate(rows(p), rows(z), half, {&layer.activation});
            builder_.activate(rows(z, half), rows(z, half), half, {&layer.secondary});
            if (layer.mode == Mode::gated)
                builder_.combine(Combination::product, rows(p), half, rows(p), rows(z, half));
            else
                builder_.combine(Combination::blend, rows(p), half, rows(p), rows(z, half),
                                 rows(z));
        }
        film(layer.films[activation_post], p, p, bottleneck(layer));
        return p;
    }

    /// z = conv + mixin, with their FiLMs.
    void convolve(const Layer& layer, const Builder::Term& conv, int z,
                  const planar::Finish& finish) {
        const int width = layer.conv.outputs;
        Builder::Term mixin{condition_, layer.mixin};
        if (layer.films[mixin_pre]) {
            mixin.signal = builder_.scratch(condition_block, shape_.condition_size);
            film(layer.films[mixin_pre], mixin.signal, condition_, shape_.condition_size);
        }
        int a = none, m = none;
        if (layer.films[conv_post]) {
            a = builder_.scratch(conv_block, width);
            builder_.matrix(a, {conv});
            film(layer.films[conv_post], a, a, width);
        }
        if (layer.films[mixin_post]) {
            m = builder_.scratch(mixin_block, width);
            builder_.matrix(m, {mixin});
            film(layer.films[mixin_post], m, m, width);
        }
        if (a == none && m == none)
            builder_.matrix(z, {mixin, conv}, {}, finish);  // what is known first, first
        else if (m == none)
            builder_.matrix(z, {mixin}, rows(a), finish);
        else if (a == none)
            builder_.matrix(z, {conv}, rows(m), finish);
        else {
            builder_.combine(Combination::sum, rows(z), width, rows(a), rows(m));
            if (finish.activation) builder_.activate(rows(z), rows(z), width, finish);
        }
    }

    static bool hears_p_at_once(const Layer& layer) {
        return layer.mode == Mode::none && !layer.films[activation_pre] &&
               !layer.films[activation_post] && !layer.head1x1;
    }

    void add_to_head(const Layer& layer, int p, Head& head) {
        if (layer.head1x1 && !layer.films[head1x1_post]) {
            builder_.matrix(head.signal, {{p, layer.head1x1}},
                            head.begun ? rows(head.signal) : Rows{});
        } else if (!hears_p_at_once(layer)) {
            int h = p, width = bottleneck(layer);
            if (layer.head1x1) {
                width = layer.head1x1.outputs;
                h = builder_.scratch(head_block, width);
                builder_.matrix(h, {{p, layer.head1x1}});
                film(layer.films[head1x1_post], h, h, width);
            }
            builder_.combine(head.begun ? Combination::sum : Combination::copy, rows(head.signal),
                             width, rows(h), head.begun ? rows(head.signal) : Rows{});
        }
        head.begun = true;
    }

    int play_one_by_one(const Layer& layer, int p, int x, const Convolution* rechannel) {
        if (!layer.layer1x1 || &layer == &shape_.arrays.back().layers.back()) return x;
        const int channels = layer.layer1x1.outputs;
        const int next = builder_.signal(channels);
        const Builder::Term one_by_one{p, layer.layer1x1};
        if (rechannel)
            builder_.matrix(next, {{x, *rechannel}, one_by_one});
        else if (!layer.films[layer1x1_post])
            builder_.matrix(next, {one_by_one}, rows(x));
        else {
            const int change = builder_.scratch(one_by_one_block, channels);
            builder_.matrix(change, {one_by_one});
            film(layer.films[layer1x1_post], change, change, channels);
            builder_.combine(Combination::sum, rows(next), channels, rows(x), rows(change));
        }
        return next;
    }

    /// to = film(from), if there is one; else nothing.
    void film(const Film& film, int to, int from, int width) {
        if (!film) return;
        const int scales = builder_.scratch(film_block, film.outputs);
        builder_.matrix(scales, {{condition_, film}});
        if (film.outputs == width)
            builder_.combine(Combination::product, rows(to), width, rows(from), rows(scales));
        else
            builder_.combine(Combination::product_and_sum, rows(to), width, rows(from),
                             rows(scales), rows(scales, width));
    }

    const Shape& shape_;
    Builder builder_;
    int input_;
    int condition_;
};

}  // namespace

planar::OwnedPlan make_plan(const Shape& shape, float head_scale, bool conditioned) {
    return Planner(shape, conditioned).make(head_scale);
}

}  // namespace neural_amp::wavenet
