// SPDX-License-Identifier: MIT
// The kernels in use against the formula in plain double loops, and against themselves in other
// blocks.
#include <algorithm>
#include <cmath>
#include <memory>
#include <random>
#include <vector>

#include <neural_amp/neural_amp.h>

#include "a2/architecture.h"
#include "a2/room.h"
#include "check.h"
#include "wanted_isa.h"

using namespace neural_amp;

namespace {

/// Each signal is [channel][frame]; frames before the first are the constant that silence leaves.
std::vector<double> formula(int channels, const std::vector<float>& weights,
                            const std::vector<float>& input) {
    const int silent_frames = a2::receptive_field();
    const int frames = silent_frames + int(input.size());
    std::vector<double> condition(frames, 0.0);
    std::copy(input.begin(), input.end(), condition.begin() + silent_frames);

    using Signal = std::vector<std::vector<double>>;
    const auto at = [](const Signal& x, int i, int f) {
        return x[i][std::max(f, 0)];
    };
    const float* w = weights.data();
    Signal x(channels, condition);
    for (auto& row : x) {
        for (double& value : row) value *= *w;
        ++w;
    }
    Signal head(channels, std::vector<double>(frames, 0.0));
    for (int l = 0; l < a2::layer_count; ++l) {
        const int taps = a2::taps[l];
        const float* conv = w;
        const float* bias = conv + channels * channels * taps;
        const float* mixin = bias + channels;
        const float* one_by_one = mixin + channels;
        const float* one_by_one_bias = one_by_one + channels * channels;
        w = one_by_one_bias + channels;
        Signal next = x;
        for (int f = 0; f < frames; ++f) {
            double a[8];
            for (int o = 0; o < channels; ++o) {
                double sum = bias[o] + mixin[o] * condition[f];
                for (int i = 0; i < channels; ++i)
                    for (int k = 0; k < taps; ++k)
                        sum += conv[(o * channels + i) * taps + k] *
                               at(x, i, f - (taps - 1 - k) * a2::dilations[l]);
                a[o] = std::max(sum, 0.01 * sum);
                head[o][f] += a[o];
            }
            for (int o = 0; o < channels; ++o) {
                next[o][f] += one_by_one_bias[o];
                for (int i = 0; i < channels; ++i)
                    next[o][f] += one_by_one[o * channels + i] * a[i];
            }
        }
        x = next;
    }
    std::vector<double> output;
    const double head_bias = w[channels * a2::head_taps],
                 head_scale = w[channels * a2::head_taps + 1];
    for (int f = silent_frames; f < frames; ++f) {
        double sum = head_bias;
        for (int i = 0; i < channels; ++i)
            for (int k = 0; k < a2::head_taps; ++k)
                sum += w[i * a2::head_taps + k] * at(head, i, f - (a2::head_taps - 1 - k));
        output.push_back(sum * head_scale);
    }
    return output;
}

std::vector<float> run(const Weights& weights, const std::vector<float>& input,
                       const std::vector<int>& block_frames) {
    const auto network = weights.make_network();
    std::vector<float> output(input.size());
    std::size_t f = 0;
    for (std::size_t b = 0; f < input.size(); ++b) {
        const int n = std::min<int>(block_frames[b % block_frames.size()], int(input.size() - f));
        const float* const in = input.data() + f;
        float* const out = output.data() + f;
        network->process(&in, &out, n);
        f += n;
    }
    return output;
}

double relative_error_db(const std::vector<float>& found, const std::vector<double>& expected) {
    double error = 0.0, power = 0.0;
    for (std::size_t f = 0; f < found.size(); ++f) {
        error += (found[f] - expected[f]) * (found[f] - expected[f]);
        power += expected[f] * expected[f];
    }
    return 10.0 * std::log10(error / power);
}

void test_width(int channels) {
    std::mt19937 bits(channels);
    std::uniform_real_distribution<float> weight(-0.2f, 0.2f), sample(-1.0f, 1.0f);
    std::vector<float> weights(channels == 3 ? a2::weight_count(3) : a2::weight_count(8));
    std::vector<float> input(3000);
    for (float& value : weights) value = weight(bits);
    for (float& value : input) value = sample(bits);
    const std::span config(reinterpret_cast<const std::byte*>(&channels), sizeof channels);
    const float zero = 0.0f;
    const auto network_weights =
        a2::room.load({a2::room.tag, config, weights, {}}, {48000.0, {&zero, 1}});

    const auto output = run(*network_weights, input, {3000});
    const double error_db = relative_error_db(output, formula(channels, weights, input));
    std::printf("%s, %d channels: %.1f dB from the formula\n", isa(), channels, error_db);
    CHECK(error_db <= -120.0, "%.1f dB", error_db);

    for (const auto& blocks :
         std::vector<std::vector<int>>{{1}, {7, 16, 1}, {64}, {128, 129, 2}, {1000}})
        CHECK(run(*network_weights, input, blocks) == output, "blocks of %d, ...", blocks[0]);

    std::vector<float> silence(2 * a2::receptive_field(), 0.0f);
    for (const float value : run(*network_weights, silence, {100}))
        if (value != network_weights->silence()[0]) {
            CHECK(value == network_weights->silence()[0], "%g", value);
            break;
        }
}

}  // namespace

int main() {
    if (!has_wanted_isa()) return 77;  // ctest calls this "skipped"
    test_width(3);
    test_width(8);
    return failures != 0;
}
