// SPDX-License-Identifier: MIT
// Filters of lengths around the partitions: their own formula, any cut into blocks, any first
// frame, a memory that ends to the frame, a state that goes out and in again, and silence.
#include <cstdio>
#include <limits>
#include <string>

#include <neural_amp/neural_amp.h>

#include "check.h"
#include "linear/room.h"
#include "linear/shape.h"
#include "signals.h"
#include "wanted_isa.h"

using namespace neural_amp;

namespace {

constexpr double rate_hz = 48000.0;

struct Case {
    linear::Shape shape;
    std::vector<float> silence;  ///< of each input
    std::vector<float> weights = {};
    std::shared_ptr<const Weights> loaded = {};
    std::string name = {};
};

std::shared_ptr<const Weights> load(const linear::Shape& shape, const std::vector<float>& weights,
                                    const std::vector<float>& silence) {
    return linear::room.load({linear::room.tag, std::as_bytes(std::span(&shape, 1)), weights, {}},
                             {rate_hz, silence});
}

/// A cabinet that rings for a while.
Case make_case(const linear::Shape& shape, const std::vector<float>& silence) {
    Case c{shape, silence};
    c.weights = noise(1, int(shape.taps + shape.bias), shape.taps)[0];
    for (std::uint32_t k = 0; k < shape.taps; ++k)
        c.weights[k] *= float(std::exp(-4.0 * k / shape.taps));
    c.loaded = load(shape, c.weights, silence);
    c.name = std::to_string(shape.inputs) + " in, " + std::to_string(shape.outputs) + " out, " +
             std::string(c.loaded->label());
    return c;
}

std::vector<double> formula(const Case& c, int channel, const std::vector<float>& in) {
    const int taps = int(c.shape.taps);
    std::vector<double> out(in.size(), 0.0);
    if (channel >= c.shape.filters()) return out;
    for (int f = 0; f < int(in.size()); ++f) {
        if (c.shape.bias) out[f] = c.weights[taps];
        for (int k = 0; k < taps; ++k)
            out[f] += double(c.weights[k]) * (f >= k ? in[f - k] : c.silence[channel]);
    }
    return out;
}

void test_formula(const Case& c, const Signal& in, const Signal& whole) {
    for (int o = 0; o < int(c.shape.outputs); ++o) {
        if (o >= c.shape.filters()) {
            CHECK(same({whole[o]}, {std::vector<float>(whole[o].size(), 0.0f)}), "%s: output %d",
                  c.name.c_str(), o);
            continue;
        }
        const auto expected = formula(c, o, in[o]);
        const double db = error_db(whole[o], expected);
        std::printf("%s, %s: %.1f dB from the formula\n", isa(), c.name.c_str(), db);
        CHECK(db <= -120.0 || expected == std::vector<double>(expected.size(), 0.0), "%s: %.1f dB",
              c.name.c_str(), db);
    }
}

void test_blocks(const Case& c, const Signal& in, const Signal& whole, int frames) {
    const auto once = c.loaded->make_network();
    play(*once, in, int(c.shape.outputs), 0, frames);
    for (const auto& blocks :
         std::vector<std::vector<int>>{{1}, {7, 16, 1}, {64}, {63}, {128, 129, 2}, {frames}}) {
        const auto network = c.loaded->make_network();
        CHECK(same(play(*network, in, int(c.shape.outputs), 0, frames, blocks), whole),
              "%s in blocks of %d, ...", c.name.c_str(), blocks[0]);
        CHECK(saved(*network) == saved(*once), "%s in blocks of %d, ...", c.name.c_str(),
              blocks[0]);
    }
}

/// Wherever a network starts, it is right as soon as it has heard what it remembers.
void test_start(const Case& c, const Signal& in, const Signal& whole, int frames) {
    const int lookback = int(*c.loaded->memory().lookback_frames);
    const auto from_0 = c.loaded->make_network();
    play(*from_0, in, int(c.shape.outputs), 0, frames);
    for (const int start : {1, 63, 64, 77}) {
        const auto network = c.loaded->make_network();
        play(*network, in, int(c.shape.outputs), 0, 100);
        network->reset(start);
        play(*network, in, int(c.shape.outputs), start, start + lookback, {100});
        CHECK(same(play(*network, in, int(c.shape.outputs), start + lookback, frames),
                   part(whole, start + lookback, frames)),
              "%s from %d on", c.name.c_str(), start);
        CHECK(saved(*network) == saved(*from_0), "%s from %d on", c.name.c_str(), start);
    }
    const auto before_0 = c.loaded->make_network(), far_before_0 = c.loaded->make_network();
    before_0->reset(-77);
    far_before_0->reset(-77 - 64);
    CHECK(same(play(*before_0, in, int(c.shape.outputs), 0, frames),
               play(*far_before_0, in, int(c.shape.outputs), 0, frames)),
          "%s before 0", c.name.c_str());
}

/// NaN is heard for as long as the memory says, and not longer. Blocks begin at frame 0.
void test_memory(const Case& c, int frames) {
    const int lookback = int(*c.loaded->memory().lookback_frames);
    for (const int at : {0, 64}) {
        Signal in = noise(int(c.shape.inputs), frames);
        in[0][at] = std::numeric_limits<float>::quiet_NaN();
        const auto network = c.loaded->make_network();
        const auto out = play(*network, in, int(c.shape.outputs), 0, frames)[0];
        int last = -1;
        for (int f = 0; f < frames; ++f)
            if (std::isnan(out[f])) last = f;
        CHECK(last == (c.shape.taps ? at + lookback : -1), "%s: NaN at %d is heard until %d",
              c.name.c_str(), at, last);
    }
}

void test_state(const Case& c, const Signal& in, const Signal& whole, int frames) {
    const int outputs = int(c.shape.outputs);
    for (const int cut : {0, 1, 77, 128, frames - 63}) {
        const auto first = c.loaded->make_network(), second = c.loaded->make_network();
        play(*first, in, outputs, 0, cut, {33});
        play(*second, noise(int(c.shape.inputs), 500, 7), outputs, 0, 500);
        second->restore(saved(*first).data());
        CHECK(saved(*second) == saved(*first), "%s at %d", c.name.c_str(), cut);
        CHECK(same(play(*second, in, outputs, cut, frames, {99}), part(whole, cut, frames)),
              "%s at %d", c.name.c_str(), cut);
    }
    for (const int byte : {0x00, 0x7F, 0x80, 0xFF}) {
        const auto network = c.loaded->make_network();
        network->restore(std::vector(network->state_bytes(), std::byte(byte)).data());
        play(*network, in, outputs, 0, 300, {17});
    }
}

void test_reset(const Case& c, const Signal& in, const Signal& whole, int frames) {
    const auto network = c.loaded->make_network();
    const auto silent = saved(*network);
    Signal poison = in;
    for (auto& row : poison) row[100] = std::numeric_limits<float>::infinity();
    play(*network, poison, int(c.shape.outputs), 0, 300);
    network->reset(0);
    CHECK(saved(*network) == silent, "%s after a reset", c.name.c_str());
    CHECK(same(play(*network, in, int(c.shape.outputs), 0, frames), whole), "%s after a reset",
          c.name.c_str());
}

void test_silence(const Case& c, int frames) {
    Signal in, expected;
    for (const float value : c.silence) in.emplace_back(frames, value);
    for (const float value : c.loaded->silence()) expected.emplace_back(frames, value);
    const auto network = c.loaded->make_network();
    network->reset(5);
    CHECK(same(play(*network, in, int(c.shape.outputs), 0, frames), expected), "%s in silence",
          c.name.c_str());

    const auto after_noise = c.loaded->make_network();
    play(*after_noise, noise(int(c.shape.inputs), 100), int(c.shape.outputs), 0, 100);
    play(*after_noise, in, int(c.shape.outputs), 0, int(*c.loaded->memory().lookback_frames) + 28);
    CHECK(same(play(*after_noise, in, int(c.shape.outputs), 0, 200), part(expected, 0, 200)),
          "%s in silence after noise", c.name.c_str());
}

void test(const Case& c) {
    const int frames = 2 * int(*c.loaded->memory().lookback_frames) + 700;
    const Signal in = noise(int(c.shape.inputs), frames, 3);
    const auto network = c.loaded->make_network();
    const Signal whole = play(*network, in, int(c.shape.outputs), 0, frames);
    test_formula(c, in, whole);
    test_blocks(c, in, whole, frames);
    test_start(c, in, whole, frames);
    test_memory(c, frames);
    test_state(c, in, whole, frames);
    test_reset(c, in, whole, frames);
    test_silence(c, frames);
}

/// Outputs may lie where other inputs do.
void test_crossed_channels() {
    const Case c = make_case({2, 2, 300, 1}, {0.0f, 0.0f});
    const Signal in = noise(2, 1000);
    const Signal expected = play(*c.loaded->make_network(), in, 2, 0, 1000);
    Signal rows = in;
    const float* const from[] = {rows[0].data(), rows[1].data()};
    float* const to[] = {rows[1].data(), rows[0].data()};
    c.loaded->make_network()->process(from, to, 1000);
    CHECK(same({rows[1], rows[0]}, expected), "crossed channels");
}

void test_words() {
    const auto described = [](std::uint32_t taps) {
        return std::string(load({1, 1, taps, 0}, std::vector<float>(taps), {0.0f})->description());
    };
    CHECK(described(1) == "Linear (1 tap)", "%s", described(1).c_str());
    CHECK(described(999) == "Linear (999 taps)", "%s", described(999).c_str());
    CHECK(described(8192) == "Linear (8,192 taps)", "%s", described(8192).c_str());
    CHECK(described(1 << 20) == "Linear (1,048,576 taps)", "%s", described(1 << 20).c_str());
    CHECK(load({1, 1, 8192, 0}, std::vector<float>(8192), {0.0f})->label() == "8,192 taps",
          "label");
}

void test_refusals() {
    const auto refused = [](const linear::Shape& shape, int weights, int inputs,
                            const std::string& words) {
        try {
            load(shape, std::vector<float>(weights), std::vector<float>(inputs));
        } catch (const ModelError& error) {
            CHECK(std::string(error.what()).find(words) != std::string::npos, "%s", error.what());
            return;
        }
        CHECK(false, "not refused: %s", words.c_str());
    };
    refused({1, 1, (1 << 20) + 1, 0}, 0, 1, "1048577 taps; accepted are 0 to 1048576");
    refused({0, 1, 1, 0}, 1, 0, "0 inputs; accepted are 1 to 64");
    refused({1, 65, 1, 0}, 1, 1, "65 outputs; accepted are 1 to 64");
    refused({1, 1, 1, 2}, 3, 1, "2 biases; accepted are 0 to 1");
    refused({64, 64, 1 << 20, 0}, 0, 64, "floats of history; accepted are 0 to 16777216");
    refused({1, 1, 1234, 1}, 1234, 1,
            "1234 weights for a Linear of 1,234 taps and a bias; "
            "accepted are 1235");
    refused({2, 1, 1, 0}, 1, 1, "a network of 2 inputs where there are 1");
}

}  // namespace

int main() {
    if (!has_wanted_isa()) return 77;  // ctest calls this "skipped"
    for (const std::uint32_t taps : {0, 1, 2, 64, 65, 191, 192, 193, 256, 257, 1000})
        test(make_case({1, 1, taps, taps % 2}, {0.0f}));
    test(make_case({1, 1, 8192, 1}, {0.0f}));
    test(make_case({1, 1, 300, 1}, {0.3f}));
    test(make_case({2, 2, 100, 1}, {-0.1f, 1e3f}));
    test(make_case({3, 2, 500, 1}, {0.1f, 0.0f, 0.2f}));
    test(make_case({1, 3, 500, 1}, {0.1f}));
    test_crossed_channels();
    test_words();
    test_refusals();
    return failures != 0;
}
