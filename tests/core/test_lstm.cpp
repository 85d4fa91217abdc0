// SPDX-License-Identifier: MIT
// LSTMs of the widths around the lanes of the kernels: their own formula, any cut into blocks, and
// a state that goes out and in again.
#include <algorithm>
#include <cmath>
#include <random>
#include <stdexcept>
#include <vector>

#include <neural_amp/neural_amp.h>

#include "check.h"
#include "lstm/room.h"
#include "lstm/shape.h"

using namespace neural_amp;

namespace {

using Audio = std::vector<float>;

constexpr double rate_hz = 8000.0;

double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

/// In plain double loops, half a second of silence first.
std::vector<double> formula(int layers, int units, const Audio& weights, const Audio& input) {
    std::vector<double> signal(int(rate_hz / 2), 0.0);
    const std::size_t prewarm = signal.size();
    signal.insert(signal.end(), input.begin(), input.end());
    const float* w = weights.data();
    int inputs = 1;
    for (int l = 0; l < layers; ++l, inputs = units) {
        const int columns = inputs + units;
        const float *bias = w + 4 * units * columns, *start = bias + 4 * units;
        std::vector<double> h(start, start + units), c(start + units, start + 2 * units), next;
        for (std::size_t f = 0; f < signal.size() / inputs; ++f) {
            std::vector<double> gate(4 * units);
            for (int row = 0; row < 4 * units; ++row) {
                gate[row] = bias[row];
                for (int i = 0; i < columns; ++i)
                    gate[row] += double(w[row * columns + i]) *
                                 (i < inputs ? signal[f * inputs + i] : h[i - inputs]);
            }
            for (int u = 0; u < units; ++u) {
                c[u] = sigmoid(gate[units + u]) * c[u] +
                       sigmoid(gate[u]) * std::tanh(gate[2 * units + u]);
                h[u] = sigmoid(gate[3 * units + u]) * std::tanh(c[u]);
            }
            next.insert(next.end(), h.begin(), h.end());
        }
        signal = next;
        w = start + 2 * units;
    }
    std::vector<double> output;
    for (std::size_t f = prewarm; f < signal.size() / units; ++f) {
        double sum = w[units];
        for (int u = 0; u < units; ++u) sum += w[u] * signal[f * units + u];
        output.push_back(sum);
    }
    return output;
}

void process(Network& network, const Audio& input, Audio& output, std::size_t begin,
             std::size_t end) {
    const float* const in = input.data() + begin;
    float* const out = output.data() + begin;
    network.process(&in, &out, int(end - begin));
}

void test(int layers, int units) {
    std::mt19937 bits(units);
    std::uniform_real_distribution<float> weight(-0.5f, 0.5f), sample(-1.0f, 1.0f);
    const lstm::Shape shape{std::uint32_t(layers), std::uint32_t(units), 1, 1};
    Audio weights(lstm::weight_count(shape)), input(3000), whole(3000), cut(3000);
    for (float& value : weights) value = weight(bits);
    for (float& value : input) value = sample(bits);
    const auto config = std::as_bytes(std::span(&shape, 1));
    const float zero = 0.0f;
    const auto loaded =
        lstm::room.load({lstm::room.tag, config, weights, {}}, {rate_hz, {&zero, 1}});

    const auto network = loaded->make_network();
    process(*network, input, whole, 0, 3000);
    const auto expected = formula(layers, units, weights, input);
    double error = 0.0, power = 0.0;
    for (std::size_t f = 0; f < expected.size(); ++f) {
        error += std::pow(whole[f] - expected[f], 2);
        power += std::pow(expected[f], 2);
    }
    const double error_db = 10.0 * std::log10(error / power);
    std::printf("%s, %dx%d: %.1f dB from the formula\n", isa(), layers, units, error_db);
    CHECK(error_db <= -120.0, "%dx%d: %.1f dB", layers, units, error_db);

    network->reset(0);
    std::vector<std::byte> state(network->state_bytes());
    network->save(state.data());
    for (std::size_t f = 0, frames = 1; f < 3000; f += frames, frames = frames * 5 % 131) {
        const auto part = loaded->make_network();
        part->restore(state.data());
        process(*part, input, cut, f, std::min<std::size_t>(3000, f + frames));
        part->save(state.data());
    }
    CHECK(cut == whole, "%dx%d in blocks", layers, units);
    CHECK((loaded->memory() == Memory{std::nullopt, 4000}), "memory");
}

}  // namespace

int main() {
    try {
        isa();
    } catch (const std::invalid_argument& error) {
        std::printf("skipped: %s\n", error.what());
        return 77;
    }
    for (const int units : {1, 7, 8, 9, 16, 24}) test(1, units);
    test(3, 9);
    test(8, 2);
    return failures != 0;
}
