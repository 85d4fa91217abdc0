// SPDX-License-Identifier: MIT
// WaveNets of random shapes, with every option, against their formula in plain double loops, and
// against themselves in other blocks.
#include <memory>
#include <optional>
#include <utility>

#include "convolutions.h"
#include "wanted_isa.h"
#include "wavenet/room.h"
#include "wavenet_loops.h"

using namespace neural_amp;

namespace {

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
    if (!has_wanted_isa()) return 77;  // ctest calls this "skipped"
    double worst_db = -200.0;
    for (unsigned seed = 0; seed < 150; ++seed) test(seed, worst_db);
    std::printf("%s: 150 WaveNets, at most %.1f dB from the formula\n", isa(), worst_db);
    test_words();
    test_refusals();
    return failures != 0;
}
