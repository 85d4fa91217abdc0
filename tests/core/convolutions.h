// SPDX-License-Identifier: MIT
// What networks of convolutions are made of, in plain double loops over whole signals; and what any
// such network must do whatever it plays.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <functional>
#include <random>
#include <span>
#include <string>
#include <vector>

#include <neural_amp/neural_amp.h>

#include "check.h"
#include "networks.h"

/// [channel][frame]. Before frame 0 it was for ever what it is there.
using Signal = std::vector<std::vector<double>>;
using Audio = std::vector<std::vector<float>>;

inline double at(const std::vector<double>& row, int f) { return row[std::max(f, 0)]; }

/// Reads weights in the order of a `.nam` file, and their biases.
inline Signal convolve(const float*& weights, const Signal& x, int outputs, int taps = 1,
                       int dilation = 1, int groups = 1, bool bias = true) {
    const int inputs = int(x.size()) / groups, frames = int(x[0].size());
    Signal y(outputs, std::vector<double>(frames, 0.0));
    for (int o = 0; o < outputs; ++o)
        for (int i = 0; i < inputs; ++i)
            for (int k = 0; k < taps; ++k) {
                const auto& row = x[o / (outputs / groups) * inputs + i];
                for (int f = 0; f < frames; ++f)
                    y[o][f] += double(*weights) * at(row, f - (taps - 1 - k) * dilation);
                ++weights;
            }
    for (int o = 0; o < outputs && bias; ++o, ++weights)
        for (double& value : y[o]) value += *weights;
    return y;
}

/// As a record has it: kind, count, parameters.
struct TestActivation {
    std::uint32_t kind;
    std::vector<float> parameters;

    void write(std::vector<std::uint32_t>& config) const {
        config.push_back(kind);
        config.push_back(std::uint32_t(parameters.size()));
        for (const float parameter : parameters) {
            config.emplace_back();
            std::memcpy(&config.back(), &parameter, sizeof parameter);
        }
    }

    double operator()(double x, std::size_t row) const {
        const auto clamp = [](double value, double low, double high) {
            return std::min(std::max(value, low), high);
        };
        const double a = std::abs(x), square = x * x;
        switch (kind) {
        case 1: return std::tanh(x);
        case 2: return clamp(x, -1.0, 1.0);
        case 3:
            return x *
                   (2.45550750702956 + 2.45550750702956 * a +
                    (0.893229853513558 + 0.821226666969744 * a) * square) /
                   (2.44506634652299 +
                    (2.44506634652299 + square) * std::abs(x + 0.814642734961073 * x * a));
        case 4: return std::max(x, 0.0);
        case 5: return x > 0.0 ? x : parameters[row % parameters.size()] * x;
        case 6: return 1.0 / (1.0 + std::exp(-x));
        case 7: return x / (1.0 + std::exp(-x));
        case 8: return x * clamp(x + 3.0, 0.0, 6.0) / 6.0;
        case 9:
            if (x < parameters[0]) return (x - parameters[0]) * parameters[2] + parameters[0];
            if (x > parameters[1]) return (x - parameters[1]) * parameters[3] + parameters[1];
            return x;
        default: return x / (1.0 + a);
        }
    }

    Signal operator()(Signal x) const {
        for (std::size_t r = 0; r < x.size(); ++r)
            for (double& value : x[r]) value = (*this)(value, r);
        return x;
    }
};

/// Random numbers of a test.
struct Dice {
    std::mt19937 bits;

    int below(int limit) { return int(bits() % unsigned(limit)); }
    bool one_in(int count) { return below(count) == 0; }
    int of(std::initializer_list<int> choices) {
        return choices.begin()[below(int(choices.size()))];
    }
    float real(float low, float high) {
        return std::uniform_real_distribution<float>(low, high)(bits);
    }

    TestActivation activation(int rows) {
        const std::uint32_t kind = 1 + below(10);
        if (kind == 5 && one_in(2)) {
            TestActivation slopes{kind, {}};
            for (int r = 0; r < rows; ++r) slopes.parameters.push_back(real(0.0f, 0.5f));
            return slopes;
        }
        if (kind == 5) return {kind, {real(0.0f, 0.3f)}};
        if (kind == 9) return {kind, {-0.7f, 0.9f, 0.1f, 0.05f}};
        return {kind, {}};
    }

    /// 1, or another divisor of both.
    int groups(int a, int b) {
        for (int tries = 0; tries < 3; ++tries)
            if (const int g = of({1, 2, 3, 4, 6}); a % g == 0 && b % g == 0) return g;
        return 1;
    }

    Audio audio(int channels, int frames) {
        Audio audio(channels, std::vector<float>(frames));
        for (auto& row : audio)
            for (float& value : row) value = real(-1.0f, 1.0f);
        return audio;
    }

    std::vector<float> weights(std::size_t count, float limit) {
        std::vector<float> weights(count);
        for (float& weight : weights) weight = real(-limit, limit);
        return weights;
    }
};

inline void process(neural_amp::Network& network, const Audio& in, Audio& out, std::size_t begin,
                    std::size_t end) {
    std::vector<const float*> from;
    std::vector<float*> to;
    for (const auto& row : in) from.push_back(row.data() + begin);
    for (auto& row : out) to.push_back(row.data() + begin);
    network.process(from.data(), to.data(), int(end - begin));
}

inline double relative_error_db(const Audio& found, const Signal& expected) {
    double error = 0.0, power = 1e-30;
    for (std::size_t c = 0; c < found.size(); ++c)
        for (std::size_t f = 0; f < found[c].size(); ++f) {
            error += std::pow(found[c][f] - expected[c][f], 2);
            power += std::pow(expected[c][f], 2);
        }
    return 10.0 * std::log10(error / power + 1e-30);
}

/// `formula` plays a signal that begins with a frame of silence. Gives back the error in dB.
inline double check_network(const std::string& name, const neural_amp::Weights& weights,
                            const std::vector<float>& silence, Dice& dice,
                            const std::function<Signal(const Signal&)>& formula) {
    constexpr int frames = 700;
    const int inputs = weights.inputs(), outputs = weights.outputs();
    const Audio input = dice.audio(inputs, frames);
    Signal signal;
    for (int i = 0; i < inputs; ++i) {
        signal.push_back({double(silence[i])});
        signal.back().insert(signal.back().end(), input[i].begin(), input[i].end());
    }
    Signal expected = formula(signal);
    for (int o = 0; o < outputs; ++o) {
        const double error = std::abs(expected[o][0] - weights.silence()[o]);
        CHECK(error <= 1e-5 * std::max(1.0, std::abs(expected[o][0])), "%s: silence is %g, not %g",
              name.c_str(), weights.silence()[o], expected[o][0]);
        expected[o].erase(expected[o].begin());
    }

    Audio whole(outputs, std::vector<float>(frames)), cut = whole;
    const auto network = weights.make_network();
    process(*network, input, whole, 0, frames);
    const double error_db = relative_error_db(whole, expected);

    network->reset(0);
    std::vector<std::byte> state(network->state_bytes()), again = state;
    network->save(state.data());
    auto part = weights.make_network();
    for (std::size_t f = 0, block = 1; f < frames; f += block, block = block * 5 % 131) {
        if (dice.one_in(3)) part = weights.make_network();
        part->restore(state.data());
        process(*part, input, cut, f, std::min<std::size_t>(frames, f + block));
        part->save(state.data());
    }
    CHECK(cut == whole, "%s in blocks, from state to state", name.c_str());
    network->reset(0);
    process(*network, input, cut, 0, frames);
    network->save(again.data());
    CHECK(cut == whole, "%s after a reset", name.c_str());
    CHECK(again == state, "%s: what it remembers depends on the blocks", name.c_str());

    // Outputs may lie where inputs do, and not only each in its own.
    Audio rows = input;
    rows.resize(std::max(inputs, outputs), std::vector<float>(frames));
    std::vector<const float*> from;
    std::vector<float*> to;
    for (int i = 0; i < inputs; ++i) from.push_back(rows[i].data());
    for (int o = 0; o < outputs; ++o) to.push_back(rows[rows.size() - 1 - o].data());
    network->reset(0);
    network->process(from.data(), to.data(), frames);
    for (int o = 0; o < outputs; ++o)
        CHECK(rows[rows.size() - 1 - o] == whole[o], "%s in place", name.c_str());

    // The first large block may begin anywhere in a ring, and lie across its end.
    for (int tries = 0; tries < 4; ++tries) {
        const auto grown = weights.make_network();
        const std::size_t large = std::min<std::size_t>(frames, dice.below(400));
        for (std::size_t f = 0; f < large; f += 5)
            process(*grown, input, cut, f, std::min(large, f + 5));
        process(*grown, input, cut, large, frames);
        CHECK(cut == whole, "%s after small blocks, a large one at %zu", name.c_str(), large);
    }

    // Silence for longer than anything is remembered changes no bit of what silence has left.
    Audio constant(inputs, std::vector<float>(frames)), quiet(outputs, std::vector<float>(frames));
    for (int i = 0; i < inputs; ++i) std::fill(constant[i].begin(), constant[i].end(), silence[i]);
    network->reset(0);
    network->save(state.data());
    process(*network, constant, quiet, 0, frames);
    network->save(again.data());
    CHECK(again == state, "%s: silence changes its state", name.c_str());
    process(*network, input, cut, 0, frames);
    for (std::int64_t f = 0; f <= weights.memory().lookback_frames.value_or(0); f += frames)
        process(*network, constant, cut, 0, frames);
    network->save(again.data());
    CHECK(again == state || !weights.memory().lookback_frames, "%s remembers too much",
          name.c_str());
    for (int o = 0; o < outputs; ++o)
        CHECK(std::count(quiet[o].begin(), quiet[o].end(), weights.silence()[o]) == frames,
              "%s: silence that is none", name.c_str());
    return error_db;
}
