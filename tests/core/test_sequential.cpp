// SPDX-License-Identifier: MIT
// Networks in a row sound as one after the other by hand, in any blocks, from any frame, from any
// state, and in silence.
#include <cstdio>
#include <limits>
#include <string>

#include <neural_amp/neural_amp.h>

#include "a2/room.h"
#include "check.h"
#include "latch.h"
#include "linear/room.h"
#include "lstm/room.h"
#include "model_image.h"
#include "sequential/room.h"
#include "signals.h"
#include "wanted_isa.h"
#include "wavenet/room.h"

namespace neural_amp {

/// In place of the library's: one that remembers for ever, too.
std::span<const Room* const> rooms() {
    static constexpr const Room* all[] = {&a2::room,     &wavenet::room,    &lstm::room,
                                          &linear::room, &sequential::room, &latch::room};
    return all;
}

}  // namespace neural_amp

using namespace neural_amp;

namespace {

constexpr double rate_hz = 48000.0;
constexpr int frames = 20000;

/// A record that owns what it says.
struct Net {
    std::uint32_t tag;
    std::vector<std::uint32_t> config = {};
    std::vector<float> weights = {};
    std::vector<Net> children = {};

    Record record() const {
        Record record{tag, std::as_bytes(std::span(config)), weights, {}};
        for (const Net& child : children) record.children.push_back(child.record());
        return record;
    }
};

Net make_a2(std::uint32_t width) { return {a2_tag, {width}, random_a2_weights(width)}; }

Net make_latch() { return {latch::room.tag, {}, {0.5f}}; }

Net make_linear(std::uint32_t inputs, std::uint32_t outputs, std::uint32_t taps) {
    auto weights = noise(1, int(taps + 1), taps)[0];
    for (float& weight : weights) weight *= 0.1f;
    return {linear_tag, {inputs, outputs, taps, 1}, weights};
}

/// A WaveNet of one layer, whose condition a filter makes that counts from frame 0.
Net make_conditioned() {
    std::vector<std::uint32_t> config = {1, 1, 1, 0, 1, 2, 2, 1, 1, 1, 1, 1, 0, 0, 1, 1};
    config.resize(config.size() + 16);  // no FiLMs
    config.insert(config.end(), {1, 3, 1, 0, 1, 0});
    return {wavenet_tag, config, noise(1, 28, 1)[0], {make_linear(1, 1, 300)}};
}

Net row(std::vector<Net> children) { return {sequential_tag, {}, {}, children}; }

std::shared_ptr<const Weights> load(const Net& network, std::span<const float> silence) {
    const Record record = network.record();
    return room_of(record).load(record, {rate_hz, silence});
}

/// What comes out of the innermost networks, each for all frames; and their silence.
Signal by_hand(const Net& network, const Signal& in, std::vector<float>& silence) {
    if (network.tag == sequential_tag) {
        Signal signal = in;
        for (const Net& child : network.children) signal = by_hand(child, signal, silence);
        return signal;
    }
    const auto weights = load(network, silence);
    silence.assign(weights->silence().begin(), weights->silence().end());
    return play(*weights->make_network(), in, weights->outputs(), 0, int(in[0].size()));
}

void test(const Net& network) {
    const int inputs = network.children[0].tag == linear_tag ? network.children[0].config[0] : 1;
    std::vector<float> silence(inputs, 0.0f);
    const auto weights = load(network, silence);
    const char* const name = weights->description().data();
    const int outputs = weights->outputs();
    CHECK(weights->inputs() == inputs, "%s", name);

    const Signal in = noise(inputs, frames);
    const Signal expected = by_hand(network, in, silence);
    const auto silent = weights->silence();
    CHECK(silence == std::vector<float>(silent.begin(), silent.end()), "%s", name);
    const auto whole = weights->make_network();
    CHECK(same(play(*whole, in, outputs, 0, frames), expected), "%s", name);
    for (const auto& blocks :
         std::vector<std::vector<int>>{{1, 500}, {7, 16, 1, 300}, {128, 129, 2}, {frames}}) {
        const auto part = weights->make_network();
        CHECK(same(play(*part, in, outputs, 0, frames, blocks), expected), "%s in blocks of %d",
              name, blocks[0]);
        CHECK(saved(*part) == saved(*whole), "%s in blocks of %d", name, blocks[0]);
    }

    const auto other = weights->make_network();
    const auto fresh = saved(*other);
    play(*other, Signal(inputs, std::vector<float>(300, std::numeric_limits<float>::infinity())),
         outputs, 0, 300);
    other->reset(0);
    CHECK(saved(*other) == fresh, "%s after a reset", name);
    play(*other, in, outputs, 0, 777);
    const auto restored = weights->make_network();
    restored->restore(saved(*other).data());
    CHECK(same(play(*restored, in, outputs, 777, frames), part(expected, 777, frames)),
          "%s from a state", name);

    if (const auto lookback = weights->memory().lookback_frames) {
        const int right = 77 + int(*lookback);
        other->reset(77);
        play(*other, in, outputs, 77, right);
        CHECK(right < frames, "%s: this tests nothing", name);
        CHECK(same(play(*other, in, outputs, right, frames), part(expected, right, frames)),
              "%s from another frame", name);
    }
    Signal constant;
    for (const float value : silent) constant.emplace_back(frames, value);
    other->reset(0);
    const Signal quiet(inputs, std::vector<float>(frames, 0.0f));
    CHECK(same(play(*other, quiet, outputs, 0, frames), constant), "%s in silence", name);
}

/// Where one in the row plays two signals in the time of one, the row does.
void test_side_by_side() {
    const float zero = 0.0f;
    const Net amp{lstm_tag, {1, 9, 1, 1}, noise(1, 424, 2)[0]};
    const auto weights =
        load(row({make_linear(1, 1, 40), row({amp}), make_linear(1, 1, 500)}), {&zero, 1});
    CHECK(weights->side_by_side() == 2, "%d", weights->side_by_side());
    const auto first = weights->make_network(), second = weights->make_network();
    const Signal in[] = {noise(1, frames, 3), noise(1, frames, 4)};
    Signal out[] = {in[0], in[1]};
    Network* const both[] = {first.get(), second.get()};
    for (int f = 0, n = 1; f < frames; f += n, n = n * 7 % 1009) {
        float* const rows[] = {out[0][0].data() + f, out[1][0].data() + f};
        const float* const* ins[] = {&rows[0], &rows[1]};
        float* const* outs[] = {&rows[0], &rows[1]};
        weights->process(both, ins, outs, std::min(n, frames - f));
    }
    for (int n = 0; n < 2; ++n) {
        const auto alone = weights->make_network();
        CHECK(same(out[n], play(*alone, in[n], 1, 0, frames)), "signal %d", n);
        CHECK(saved(*alone) == saved(*both[n]), "signal %d", n);
    }
}

void test_sums() {
    const std::vector<float> zero = {0.0f};
    const auto amp = load(make_a2(8), zero), cabinet = load(make_linear(1, 1, 8192), zero);
    const auto both = load(row({make_a2(8), make_linear(1, 1, 8192)}), zero);
    CHECK(both->description() == "A2 full -> Linear (8,192 taps)", "%s",
          both->description().data());
    CHECK(both->label() == "full -> 8,192 taps", "%s", both->label().data());
    CHECK(both->width() == 8, "%d", both->width());
    CHECK(both->memory().lookback_frames ==
              *amp->memory().lookback_frames + *cabinet->memory().lookback_frames,
          "lookback");
    CHECK(both->cost().multiply_adds == amp->cost().multiply_adds + cabinet->cost().multiply_adds,
          "cost");
    CHECK(both->cost().activations == amp->cost().activations, "cost");
    const auto endless = load(row({make_latch(), make_linear(1, 1, 8192)}), zero)->memory();
    CHECK((endless == Memory{std::nullopt, latch::settle_frames + cabinet->memory().settle_frames}),
          "memory");
}

void test_refusals() {
    const auto refused = [](const Net& network, const std::string& words) {
        try {
            const float zero = 0.0f;
            load(network, {&zero, 1});
        } catch (const ModelError& error) {
            CHECK(std::string(error.what()).find(words) != std::string::npos, "%s", error.what());
            return;
        }
        CHECK(false, "not refused: %s", words.c_str());
    };
    refused(row({}), "a Sequential of no networks; accepted are 1 and more");
    refused({sequential_tag, {1}, {2.0f, 3.0f}, {make_a2(3)}},
            "a Sequential has 4 bytes of config and 2 weights; accepted are none");
    refused(row({make_linear(1, 2, 5), make_a2(3)}), "a network of 1 inputs where there are 2");
    refused(row({make_linear(2, 1, 5)}), "a network of 2 inputs where there are 1");
    const Net long_filter{linear_tag, {1, 1, 1 << 20, 0}, std::vector<float>(1 << 20)};
    refused(row({long_filter, long_filter, long_filter, long_filter}),
            "frames of lookback; accepted are up to 4194304");
    const Net wide{linear_tag, {16, 16, 1 << 19, 0}, std::vector<float>(1 << 19)};
    refused(row({make_linear(1, 16, 1), wide, wide, wide}),
            "floats of history; accepted are up to 16777216");
}

}  // namespace

int main() {
    if (!has_wanted_isa()) return 77;  // ctest calls this "skipped"
    test(row({make_linear(1, 1, 300)}));
    test(row({make_a2(3), make_linear(1, 1, 500)}));
    test(row({make_conditioned()}));
    test(row({make_latch(), make_linear(1, 1, 100), make_a2(3)}));
    test(row({make_linear(1, 2, 40), make_linear(2, 3, 400), make_linear(3, 1, 200)}));
    test(row({make_linear(2, 2, 40), row({make_linear(2, 1, 300), row({make_a2(3)})}),
              make_linear(1, 2, 7)}));
    test_side_by_side();
    test_sums();
    test_refusals();
    return failures != 0;
}
