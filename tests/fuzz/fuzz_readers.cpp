// SPDX-License-Identifier: MIT
// Damages model images of every kind of network, and states, in every way that it can think of, and
// reads them; plays what is taken all the same. Run under sanitizers: a reader may refuse, but not
// fall over. Half of the inputs get a right checksum, or none would pass the door.
//
//     fuzz_readers [inputs of each kind] [seed]
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <random>

#include <neural_amp/crc32.h>
#include <neural_amp/effect_state.h>
#include <neural_amp/neural_amp.h>

#include "effect_state_version_1.h"
#include "model_image.h"

using namespace neural_amp;
using Bytes = std::vector<std::byte>;

namespace {

std::mt19937_64 random_bits;

std::size_t below(std::size_t limit) { return limit ? random_bits() % limit : 0; }

void damage(Bytes& bytes) {
    static const std::uint64_t values[] = {0,
                                           1,
                                           2,
                                           3,
                                           8,
                                           0x7F,
                                           0x80,
                                           0xFF,
                                           0x7FFFFFFF,
                                           0x80000000,
                                           0xFFFFFFFF,
                                           1u << 30,
                                           ~0ull,
                                           1ull << 63,
                                           ~0ull >> 1,
                                           0x7FF0ull << 48,
                                           0x7FF8ull << 48,
                                           0x3FF0ull << 48};
    const std::size_t front = std::min<std::size_t>(bytes.size(), 512);
    switch (below(7)) {
    case 0:  // flip a bit, mostly where it matters
    case 1:
        if (!bytes.empty())
            bytes[below(below(4) ? front : bytes.size())] ^= std::byte(1 << below(8));
        break;
    case 2:  // a number that is a limit of something
    case 3: {
        const std::size_t width = below(2) ? 4 : 8;
        if (front < width) break;
        const std::uint64_t value = values[below(std::size(values))] + below(3) - 1;
        std::memcpy(bytes.data() + below(front - width + 1) / 4 * 4, &value, width);
        break;
    }
    case 4: bytes.resize(below(bytes.size() + 1)); break;
    case 5: bytes.resize(bytes.size() + below(200), std::byte(below(256))); break;
    case 6:  // a piece moves
        if (bytes.size() > 64) {
            const std::size_t n = below(64), from = below(bytes.size() - n);
            const Bytes piece(bytes.begin() + from, bytes.begin() + from + n);
            std::copy(piece.begin(), piece.end(), bytes.begin() + below(bytes.size() - n));
        }
    }
}

template <class T>
T value_at(const Bytes& bytes, std::size_t offset) {
    T value{};
    if (bytes.size() >= offset + sizeof value) std::memcpy(&value, &bytes[offset], sizeof value);
    return value;
}

/// All formats have their checksum at 12, over what follows, and their length at 16.
void correct(Bytes& bytes, std::size_t checked_end) {
    if (bytes.size() < 24 || checked_end < 16 || checked_end > bytes.size()) return;
    const std::uint64_t size = bytes.size();
    if (below(8)) std::memcpy(&bytes[16], &size, sizeof size);
    const std::uint32_t checksum = crc32({bytes.data() + 16, checked_end - 16});
    std::memcpy(&bytes[12], &checksum, sizeof checksum);
}

/// Some frames of what has been accepted, through each of its networks.
void play(const Model& model) {
    for (const NetworkInfo& network : model.networks()) {
        if (network.memory.lookback_frames.value_or(0) > 1 << 16)
            continue;  // for the time it takes
        Settings settings;
        settings.voicing.size = std::min(std::max(network.max_value - 1e-9, 0.0), 1.0);
        Stream stream(model, model.sample_rate_hz(), 1, settings);
        float audio[300] = {0.5f, -0.25f};
        float* const channel = audio;
        stream.process(&channel, &channel, 300);
    }
}

/// False if nothing was accepted, or nothing refused: then this tests nothing.
bool try_damaged(const char* kind, const Bytes& whole, std::size_t image_bytes_at, long inputs) {
    long accepted = 0, refused = 0;
    for (long i = 0; i < inputs; ++i) {
        Bytes bytes = whole;
        for (std::size_t n = 1 + below(4); n > 0; --n) damage(bytes);
        if (below(2)) {
            const std::size_t image_bytes =
                image_bytes_at ? value_at<std::uint64_t>(bytes, image_bytes_at) : 0;
            correct(bytes, bytes.size() - std::min(bytes.size(), image_bytes));
        }
        bytes.shrink_to_fit();  // so that the sanitizer sees a step beyond the end
        try {
            std::span<const std::byte> image = bytes;
            if (image_bytes_at) image = read_effect_state(bytes).image;
            if (!image.empty()) {
                const Model model(image);
                if (below(16) == 0) play(model);
            }
            ++accepted;
        } catch (const ModelError&) {
            ++refused;
        } catch (const StateError&) {
            ++refused;
        }
    }
    std::printf("%s: %ld inputs, %ld accepted, %ld refused\n", kind, inputs, accepted, refused);
    std::fflush(stdout);
    return accepted > 0 && refused > 0;
}

}  // namespace

int main(int argc, char** argv) {
    const long inputs = argc > 1 ? std::atol(argv[1]) : 1'000'000;
    random_bits.seed(argc > 2 ? std::strtoull(argv[2], nullptr, 10) : 1);
    const Bytes image = random_model_image(3), old_image = random_model_image_of_version_1(3);
    EffectState state;
    state.voicing = {0.25, OutputMode::calibrated, -20.5, 12.5};
    state.refusal = {Refusal::state, "a reason"};
    state.image = image;
    const struct {
        const char* kind;
        Bytes bytes;
        std::size_t image_bytes_at = 0;  ///< in a state
    } seeds[] = {{"A2", image},
                 {"LSTM", random_lstm_image(2, 3)},
                 {"ConvNet", random_convnet_image()},
                 {"WaveNet", random_wavenet_image()},
                 {"Linear", random_linear_image(300)},
                 {"Sequential", random_sequential_image(3, 10)},
                 {"image of version 1", old_image},
                 {"state", write_effect_state(state), 48},
                 {"state of version 1", effect_state_version_1(old_image), 72}};
    bool tests_something = true;
    for (const auto& seed : seeds)
        tests_something &= try_damaged(seed.kind, seed.bytes, seed.image_bytes_at, inputs);
    return !tests_something;
}
