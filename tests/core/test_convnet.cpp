// SPDX-License-Identifier: MIT
// ConvNets of random shapes against their formula in plain double loops, and against themselves in
// other blocks.
#include <cstring>

#include "convnet/room.h"
#include "convolutions.h"
#include "wanted_isa.h"

using namespace neural_amp;

namespace {

struct Shape {
    int inputs, outputs, channels, groups;
    bool batchnorm;
    TestActivation activation;
    std::vector<int> dilations;

    std::vector<std::uint32_t> config() const {
        std::vector<std::uint32_t> config;
        for (const int value : {inputs, outputs, channels, groups, int(batchnorm)})
            config.push_back(std::uint32_t(value));
        activation.write(config);
        config.push_back(std::uint32_t(dilations.size()));
        config.insert(config.end(), dilations.begin(), dilations.end());
        return config;
    }

    std::vector<float> weights(Dice& dice) const {
        std::vector<float> all;
        const auto add = [&](std::size_t count, float low, float high) {
            for (std::size_t n = 0; n < count; ++n) all.push_back(dice.real(low, high));
        };
        for (std::size_t b = 0; b < dilations.size(); ++b) {
            const int in = b == 0 ? inputs : channels;
            add(2 * channels * (in / groups), -0.6f, 0.6f);
            if (!batchnorm) {
                add(channels, -0.2f, 0.2f);
                continue;
            }
            add(channels, -0.2f, 0.2f);  // mean
            add(channels, 0.3f, 2.0f);   // variance
            add(2 * channels, 0.1f, 1.0f);
            all.push_back(1e-5f);
        }
        add(outputs * channels + outputs, -0.5f, 0.5f);
        return all;
    }

    Signal play(const float* w, Signal x) const {
        for (const int dilation : dilations) {
            x = convolve(w, x, channels, 2, dilation, groups, !batchnorm);
            if (batchnorm) {
                for (int c = 0; c < channels; ++c) {
                    const double mean = w[c], variance = w[channels + c];
                    const double scale =
                        w[2 * channels + c] / std::sqrt(variance + double(w[4 * channels]));
                    for (double& value : x[c]) value = scale * (value - mean) + w[3 * channels + c];
                }
                w += 4 * channels + 1;
            }
            x = activation(x);
        }
        return convolve(w, x, outputs);
    }
};

void test(unsigned seed, double& worst_db) {
    Dice dice{std::mt19937(seed)};
    Shape shape{};
    shape.groups = dice.of({1, 1, 2, 3});
    shape.inputs = shape.groups * dice.of({1, 1, 2});
    shape.channels = shape.groups * (1 + dice.below(9));
    shape.outputs = 1 + dice.below(3);
    shape.batchnorm = dice.one_in(2);
    shape.activation = dice.activation(shape.channels);
    for (int b = 1 + dice.below(5); b > 0; --b) shape.dilations.push_back(dice.below(90));
    const auto config = shape.config();
    const auto weights = shape.weights(dice);
    std::vector<float> silence(shape.inputs, 0.0f);
    if (dice.one_in(3)) silence = dice.weights(silence.size(), 0.5f);
    const auto loaded = convnet::room.load(
        {convnet::room.tag, std::as_bytes(std::span(config)), weights, {}}, {48000.0, silence});
    const std::string name = "ConvNet " + std::to_string(seed);
    const double error_db = check_network(name, *loaded, silence, dice, [&](const Signal& x) {
        return shape.play(weights.data(), x);
    });
    worst_db = std::max(worst_db, error_db);
    CHECK(error_db <= -115.0, "%s: %.1f dB", name.c_str(), error_db);
    int lookback = 0;
    for (const int dilation : shape.dilations) lookback += dilation;
    CHECK((loaded->memory() == Memory{lookback, lookback + 1}), "%s", name.c_str());
}

void test_words() {
    Shape shape{1, 1, 16, 1, true, {1, {}}, {1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024}};
    Dice dice{std::mt19937(1)};
    const auto config = shape.config();
    const auto weights = shape.weights(dice);
    const float zero = 0.0f;
    const Record record{convnet::room.tag, std::as_bytes(std::span(config)), weights, {}};
    const auto loaded = convnet::room.load(record, {48000.0, {&zero, 1}});
    CHECK(loaded->label() == "16 x 11", "%s", loaded->label().data());
    CHECK(loaded->description() == "ConvNet, 16 channels x 11", "%s", loaded->description().data());
    CHECK((loaded->cost() == Cost{5168, 176}), "%d", int(loaded->cost().multiply_adds));

    auto refused = [&](std::size_t word, std::uint32_t value) {
        auto damaged = config;
        damaged[word] = value;
        try {
            convnet::room.load({convnet::room.tag, std::as_bytes(std::span(damaged)), weights, {}},
                               {48000.0, {&zero, 1}});
            return false;
        } catch (const ModelError& error) {
            return true;
        }
    };
    for (std::size_t word = 0; word < config.size(); ++word)
        for (const std::uint32_t value : {0x7FFFFFFFu, 0xFFFFFFFFu, 1u << 24})
            CHECK(refused(word, value), "word %d as %u", int(word), value);
}

/// Each is small by what it looks back, and finite in the file.
void test_refusals() {
    const auto refused = [](const Shape& shape, const std::vector<float>& weights,
                            const std::string& words) {
        const auto config = shape.config();
        const std::vector<float> silence(shape.inputs, 0.0f);
        try {
            convnet::room.load({convnet::room.tag, std::as_bytes(std::span(config)), weights, {}},
                               {48000.0, silence});
        } catch (const ModelError& error) {
            CHECK(std::string(error.what()).find(words) != std::string::npos, "%s", error.what());
            return;
        }
        CHECK(false, "not refused: %s", words.c_str());
    };
    Dice dice{std::mt19937(1)};
    const Shape rings{64, 1, 256, 64, false, {4, {}}, std::vector<int>(512, 1)};
    refused(rings, rings.weights(dice), "floats of history; accepted are up to 16777216");
    const Shape folded{1, 1, 2, 1, true, {1, {}}, {1}};
    auto weights = folded.weights(dice);
    weights[8] = 1e38f;   // of the first channel: the batchnorm's weight,
    weights[6] = 1e-30f;  // its variance
    weights[12] = 0.0f;   // and epsilon
    refused(folded, weights, "weights whose products are no finite float32");
}

}  // namespace

int main() {
    if (!has_wanted_isa()) return 77;  // ctest calls this "skipped"
    double worst_db = -200.0;
    for (unsigned seed = 0; seed < 60; ++seed) test(seed, worst_db);
    std::printf("%s: 60 ConvNets, at most %.1f dB from the formula\n", isa(), worst_db);
    test_words();
    test_refusals();
    return failures != 0;
}
