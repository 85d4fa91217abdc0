// SPDX-License-Identifier: MIT
// WaveNets of random shapes, with every option, against their formula in plain double loops, and
// against themselves in other blocks.
#include <array>
#include <cstring>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>

#include "convolutions.h"
#include "wavenet/room.h"

using namespace neural_amp;

namespace {

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

    Record record() const {
        Record record{wavenet::room.tag, std::as_bytes(std::span(config)), weights, {}};
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

Array random_array(Dice& dice, int input_size, int condition_size, int head_width) {
    Array a{};
    a.input_size = input_size;
    a.channels = 1 + dice.below(10);
    a.bottleneck = dice.one_in(3) ? 1 + dice.below(10) : a.channels;
    a.head_outputs = 1 + dice.below(4);
    a.layer1x1_groups = dice.groups(a.bottleneck, a.channels);
    if (dice.one_in(5)) {
        a.layer1x1_groups = 0;
        a.channels = a.bottleneck;
    }
    if (head_width > 0 && head_width != a.bottleneck)
        a.head1x1_outputs = head_width;
    else if (dice.one_in(4))
        a.head1x1_outputs = head_width > 0 ? head_width : 1 + dice.below(9);
    if (a.head1x1_outputs > 0) a.head1x1_groups = dice.groups(a.bottleneck, a.head1x1_outputs);
    if (dice.one_in(3)) {
        a.head_taps = 1 + dice.below(20);
        a.head_dilation = 1 + dice.below(5);
    }
    a.head_bias = dice.one_in(2);
    a.conv_groups = dice.groups(a.channels, a.bottleneck);
    a.mixin_groups = dice.groups(condition_size, a.bottleneck);
    const bool wild = dice.one_in(2);
    for (int place = 0; place < 8 && wild; ++place) {
        const bool absent = (place == l1x1_post && a.layer1x1_groups == 0) ||
                            (place == h1x1_post && a.head1x1_outputs == 0);
        if (absent || dice.one_in(2)) continue;
        const int rows[] = {a.channels,   a.bottleneck, condition_size, a.bottleneck,
                            a.bottleneck, a.bottleneck, a.channels,     a.head1x1_outputs};
        a.films[place].kind = 1 + dice.below(2);
        a.films[place].groups = dice.groups(condition_size, rows[place]);
    }
    for (int l = 1 + dice.below(4); l > 0; --l)
        a.layers.push_back({1 + dice.below(5), dice.below(40), wild ? dice.below(3) : 0,
                            dice.activation(a.bottleneck), dice.activation(a.bottleneck)});
    return a;
}

std::unique_ptr<Net> random_net(Dice& dice, int inputs, int outputs, int depth) {
    auto net = std::make_unique<Net>();
    net->inputs = net->condition_size = inputs;
    if (depth < 2 && dice.one_in(3)) {
        net->condition_size = dice.of({1, 2, 4, 6});
        net->child = random_net(dice, inputs, net->condition_size, depth + 1);
    }
    int x = inputs, head = 0;
    for (int a = 1 + dice.below(3); a > 0; --a) {
        net->arrays.push_back(random_array(dice, x, net->condition_size, head));
        x = net->arrays.back().channels;
        head = net->arrays.back().head_outputs;
    }
    if (dice.one_in(4)) {
        net->post_activation = {5, {0.2f}};
        for (int p = 1 + dice.below(2); p > 0; --p)
            net->posts.push_back({1 + dice.below(5), 1 + dice.below(4)});
        net->posts.back().outputs = outputs;
    } else {
        net->arrays.back().head_outputs = outputs;
    }
    net->write_config();
    net->weights.assign(100'000, 0.0f);
    const float* end = net->weights.data();
    net->play(end, Signal(inputs, {0.0}));
    net->weights = dice.weights(end - net->weights.data(), 0.5f);
    return net;
}

void test(unsigned seed, double& worst_db) {
    Dice dice{std::mt19937(seed)};
    const int inputs = dice.of({1, 1, 1, 2, 4});
    const auto net = random_net(dice, inputs, 1 + dice.below(3), 0);
    std::vector<float> silence(inputs, 0.0f);
    if (dice.one_in(3)) silence = dice.weights(inputs, 0.5f);
    const auto loaded = wavenet::room.load(net->record(), {48000.0, silence});
    const std::string name = "WaveNet " + std::to_string(seed);
    const double error_db = check_network(name, *loaded, silence, dice, [&](const Signal& x) {
        const float* w = net->weights.data();
        return net->play(w, x);
    });
    worst_db = std::max(worst_db, error_db);
    CHECK(error_db <= -110.0, "%s: %.1f dB", name.c_str(), error_db);
    const std::int64_t lookback = net->lookback_frames();
    CHECK(loaded->memory().lookback_frames == lookback, "%s", name.c_str());
}

Net a1(int first, int second, bool standard) {
    Net net;
    const auto add = [&](int inputs, int channels, int head, int first_power, int last_power) {
        Array a{};
        a.input_size = inputs;
        a.channels = a.bottleneck = channels;
        a.head_outputs = head;
        a.head_bias = head == 1;
        for (int p = first_power; p <= last_power; ++p)
            a.layers.push_back({3, 1 << p, 0, {1, {}}, {}});
        net.arrays.push_back(a);
    };
    add(1, first, second, 0, standard ? 9 : 6);
    add(first, second, 1, standard ? 0 : 7, 9);
    if (!standard)
        for (int p = 0; p <= 9; ++p) net.arrays[1].layers.push_back({3, 1 << p, 0, {1, {}}, {}});
    net.write_config();
    return net;
}

void test_words() {
    struct {
        int first, second;
        bool standard;
        const char *label, *description;
        std::size_t weights;
        Cost cost;
    } const all[] = {
        {16, 8, true, "16/8", "A1 standard WaveNet, 16/8 channels", 13802, {13320 - 64, 240}},
        {12, 6, false, "12/6", "A1 lite WaveNet, 12/6 channels", 6554, {6228 - 36, 162}},
        {8, 4, false, "8/4", "A1 feather WaveNet, 8/4 channels", 3026, {2808 - 16, 108}},
        {4, 2, false, "4/2", "A1 nano WaveNet, 4/2 channels", 842, {732 - 4, 54}},
        {6, 3, false, "6/3", "WaveNet, 6/3 channels", 1766, {1602 - 9, 81}},
    };
    for (const auto& expected : all) {
        Net net = a1(expected.first, expected.second, expected.standard);
        net.weights.assign(expected.weights, 0.125f);
        const float zero = 0.0f;
        const auto loaded = wavenet::room.load(net.record(), {48000.0, {&zero, 1}});
        CHECK(loaded->label() == expected.label, "%s", loaded->label().data());
        CHECK(loaded->description() == expected.description, "%s", loaded->description().data());
        CHECK(loaded->cost() == expected.cost, "%s: %d, %d", expected.label,
              int(loaded->cost().multiply_adds), int(loaded->cost().activations));
        CHECK((loaded->memory() == Memory{4092, 4093}), "%s", expected.label);
    }
}

bool refused(const Record& record) {
    const float zero = 0.0f;
    try {
        wavenet::room.load(record, {48000.0, {&zero, 1}});
        return false;
    } catch (const ModelError&) {
        return true;
    }
}

void test_refusals() {
    Net net = a1(4, 2, false);
    net.weights.assign(842, 0.125f);
    CHECK(!refused(net.record()), "what it accepts");
    for (std::size_t word = 0; word < net.config.size(); ++word)
        for (const std::uint32_t value : {0x7FFFFFFFu, 0xFFFFFFFFu, 1u << 24}) {
            const std::uint32_t before = std::exchange(net.config[word], value);
            CHECK(refused(net.record()), "word %d as %u", int(word), value);
            net.config[word] = before;
        }
    for (const std::size_t count : {0, 841, 843}) {
        net.weights.resize(count, 0.125f);
        CHECK(refused(net.record()), "%d weights", int(count));
    }
    net.weights.resize(842, 0.125f);
    for (std::size_t words = 0; words < net.config.size(); ++words) {
        Record record = net.record();
        record.config = record.config.first(words * sizeof(std::uint32_t));
        CHECK(refused(record), "%d words", int(words));
    }
    Record with_child = net.record();
    with_child.children = {net.record(), net.record()};
    CHECK(refused(with_child), "two children");
}

}  // namespace

int main() {
    try {
        isa();
    } catch (const std::invalid_argument& error) {
        std::printf("skipped: %s\n", error.what());
        return 77;
    }
    double worst_db = -200.0;
    for (unsigned seed = 0; seed < 150; ++seed) test(seed, worst_db);
    std::printf("%s: 150 WaveNets, at most %.1f dB from the formula\n", isa(), worst_db);
    test_words();
    test_refusals();
    return failures != 0;
}
