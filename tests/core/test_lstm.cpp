// SPDX-License-Identifier: MIT
// LSTMs of the widths around the lanes of the kernels, of one and of more inputs and outputs: their
// own formula, any cut into blocks, side by side, and a state that goes out and in again.
#include <algorithm>
#include <cmath>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <neural_amp/neural_amp.h>

#include "check.h"
#include "lstm/room.h"
#include "lstm/shape.h"
#include "model_image.h"
#include "wanted_isa.h"

using namespace neural_amp;

namespace {

using Audio = std::vector<float>;

constexpr double rate_hz = 8000.0;

double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

/// What a network makes of one input after another, `[channel][frame]`.
using Channels = std::vector<Audio>;

constexpr int frames = 3000;

/// In plain double loops, half a second of silence first. `[channel][frame]`.
std::vector<std::vector<double>> formula(const lstm::Shape& shape, const Audio& weights,
                                         const Channels& input, const Audio& silence) {
    const int units = int(shape.units), prewarm = int(rate_hz / 2);
    int inputs = int(shape.inputs);
    std::vector<std::vector<double>> signal;  // [frame][channel]
    for (int f = 0; f < prewarm; ++f) signal.emplace_back(silence.begin(), silence.end());
    for (int f = 0; f < frames; ++f) {
        signal.emplace_back();
        for (const Audio& channel : input) signal.back().push_back(channel[f]);
    }
    const float* w = weights.data();
    for (int l = 0; l < int(shape.layers); ++l, inputs = units) {
        const int columns = inputs + units;
        const float *bias = w + 4 * units * columns, *start = bias + 4 * units;
        std::vector<double> h(start, start + units), c(start + units, start + 2 * units);
        for (auto& frame : signal) {
            std::vector<double> gate(4 * units);
            for (int row = 0; row < 4 * units; ++row) {
                gate[row] = bias[row];
                for (int i = 0; i < columns; ++i)
                    gate[row] +=
                        double(w[row * columns + i]) * (i < inputs ? frame[i] : h[i - inputs]);
            }
            for (int u = 0; u < units; ++u) {
                c[u] = sigmoid(gate[units + u]) * c[u] +
                       sigmoid(gate[u]) * std::tanh(gate[2 * units + u]);
                h[u] = sigmoid(gate[3 * units + u]) * std::tanh(c[u]);
            }
            frame = h;
        }
        w = start + 2 * units;
    }
    std::vector<std::vector<double>> output(shape.outputs);
    for (int o = 0; o < int(shape.outputs); ++o)
        for (int f = 0; f < frames; ++f) {
            double sum = w[shape.outputs * units + o];
            for (int u = 0; u < units; ++u) sum += w[o * units + u] * signal[prewarm + f][u];
            output[o].push_back(sum);
        }
    return output;
}

/// The addresses of `channels` from a frame on.
template <class Pointer, class Source>
std::vector<Pointer> at(Source& channels, int frame) {
    std::vector<Pointer> pointers;
    for (auto& channel : channels) pointers.push_back(channel.data() + frame);
    return pointers;
}

void process(Network& network, const Channels& input, Channels& output, int begin, int end) {
    const auto in = at<const float*>(input, begin);
    const auto out = at<float*>(output, begin);
    network.process(in.data(), out.data(), end - begin);
}

struct Case {
    lstm::Shape shape;
    std::mt19937 bits;
    Audio weights, silence;
    std::shared_ptr<const Weights> loaded;

    explicit Case(const lstm::Shape& shape_) : shape(shape_), bits(shape.units) {
        weights = random(lstm::weight_count(shape), 0.5f);
        silence = random(shape.inputs, 0.3f);
        if (shape.inputs == 1) silence = {0.0f};
        const auto config = std::as_bytes(std::span(&shape, 1));
        loaded = lstm::room.load({lstm::room.tag, config, weights, {}}, {rate_hz, silence});
    }

    Audio random(std::size_t count, float size) {
        std::uniform_real_distribution<float> value(-size, size);
        Audio values(count);
        for (float& v : values) v = value(bits);
        return values;
    }

    Channels noise() {
        Channels channels;
        for (std::uint32_t i = 0; i < shape.inputs; ++i) channels.push_back(random(frames, 1.0f));
        return channels;
    }

    Channels room_for_output() const { return Channels(shape.outputs, Audio(frames)); }

    std::string name() const {
        return std::string(loaded->description()) + ", " + std::to_string(shape.inputs) + " in, " +
               std::to_string(shape.outputs) + " out";
    }
};

void test_formula(const Case& c, const Channels& input, const Channels& output) {
    const auto expected = formula(c.shape, c.weights, input, c.silence);
    double error = 0.0, power = 0.0;
    for (std::uint32_t o = 0; o < c.shape.outputs; ++o)
        for (int f = 0; f < frames; ++f) {
            error += std::pow(output[o][f] - expected[o][f], 2);
            power += std::pow(expected[o][f], 2);
        }
    const double error_db = 10.0 * std::log10(error / power);
    std::printf("%s, %s: %.1f dB from the formula\n", isa(), c.name().c_str(), error_db);
    CHECK(error_db <= -120.0, "%s: %.1f dB", c.name().c_str(), error_db);
}

void test_blocks(const Case& c, const Channels& input, const Channels& whole) {
    const auto fresh = c.loaded->make_network();
    std::vector<std::byte> state(fresh->state_bytes());
    fresh->save(state.data());
    Channels cut = c.room_for_output();
    for (int f = 0, n = 1; f < frames; f += n, n = n * 5 % 131) {
        const auto part = c.loaded->make_network();
        part->restore(state.data());
        process(*part, input, cut, f, std::min(frames, f + n));
        part->save(state.data());
    }
    CHECK(cut == whole, "%s in blocks", c.name().c_str());
}

void test_side_by_side(Case& c, const Channels& input, const Channels& whole) {
    const Channels other_input = c.noise();
    Channels expected = c.room_for_output(), found = expected, other = expected;
    const auto alone = c.loaded->make_network(), first = c.loaded->make_network(),
               second = c.loaded->make_network();
    process(*alone, other_input, expected, 0, frames);
    Network* const networks[] = {first.get(), second.get()};
    CHECK(c.loaded->side_by_side() == 2, "this tests nothing");
    for (int f = 0, n = 1; f < frames; f += n, n = n * 5 % 131) {
        const auto in = at<const float*>(input, f), other_in = at<const float*>(other_input, f);
        const auto out = at<float*>(found, f), other_out = at<float*>(other, f);
        const float* const* ins[] = {in.data(), other_in.data()};
        float* const* outs[] = {out.data(), other_out.data()};
        c.loaded->process(networks, ins, outs, std::min(n, frames - f));
    }
    CHECK(found == whole && other == expected, "%s, side by side", c.name().c_str());
}

void test(const lstm::Shape& shape) {
    Case c(shape);
    const Channels input = c.noise();
    Channels whole = c.room_for_output();
    const auto network = c.loaded->make_network();
    process(*network, input, whole, 0, frames);
    test_formula(c, input, whole);
    test_blocks(c, input, whole);
    test_side_by_side(c, input, whole);

    network->reset(0);
    Channels again = c.room_for_output();
    process(*network, input, again, 0, frames);
    CHECK(again == whole, "%s, reset", c.name().c_str());
    CHECK((c.loaded->memory() == Memory{std::nullopt, 4000}), "memory");

    Channels in_place = input;
    if (shape.outputs == shape.inputs) {
        network->reset(0);
        process(*network, in_place, in_place, 0, frames);
        CHECK(in_place == whole, "%s, in place", c.name().c_str());
    }
    network->reset(0);
    Channels silence = input;
    for (std::uint32_t i = 0; i < shape.inputs; ++i)
        std::fill(silence[i].begin(), silence[i].end(), c.silence[i]);
    process(*network, silence, again, 0, 1);
    for (std::uint32_t o = 0; o < shape.outputs; ++o)
        CHECK(again[o][0] == c.loaded->silence()[o], "%s, silence", c.name().c_str());
}

/// Streams play channels side by side, and each hears what it would hear alone.
void test_streams() {
    const Model model(random_lstm_image(2, 9));
    std::mt19937 bits(1);
    std::uniform_real_distribution<float> sample(-1.0f, 1.0f);
    for (const double host_hz : {48000.0, 44100.0})
        for (const int count : {1, 2, 3, 5}) {
            Channels input(count, Audio(frames)), expected = input, found = input;
            for (Audio& channel : input)
                for (float& value : channel) value = sample(bits);
            for (int c = 0; c < count; ++c) {
                Stream mono(model, host_hz, 1, {});
                const float* in = input[c].data();
                float* out = expected[c].data();
                mono.process(&in, &out, frames);
            }
            std::vector<std::byte> state;
            for (int f = 0, n = 1; f < frames; f += n, n = n * 7 % 1009) {
                Stream stream(model, host_hz, count, {});
                if (f > 0) stream.restore(state.data());
                const auto in = at<const float*>(input, f);
                const auto out = at<float*>(found, f);
                stream.process(in.data(), out.data(), std::min(n, frames - f));
                state.resize(stream.state_bytes());
                stream.save(state.data());
            }
            CHECK(found == expected, "%d channels at %g Hz", count, host_hz);
        }
}

}  // namespace

int main() {
    if (!has_wanted_isa()) return 77;  // ctest calls this "skipped"
    for (const std::uint32_t units : {1, 7, 8, 9, 16, 24, 33, 40, 52}) test({1, units, 1, 1});
    test({3, 9, 1, 1});
    test({8, 2, 1, 1});
    test({2, 24, 1, 1});
    test({1, 16, 2, 1});
    test({2, 5, 3, 3});
    test({3, 20, 4, 2});
    test_streams();
    return failures != 0;
}
