// SPDX-License-Identifier: MIT
// A network that remembers for ever, in a room of its own: a gain, and its negative for good once
// an input was beyond 0.9. The witness that nothing rests on a memory that ends.
#pragma once

#include <cmath>
#include <cstring>

#include "networks.h"

namespace latch {

using namespace neural_amp;

inline constexpr std::int64_t settle_frames = 500;

class LatchNetwork final : public Network {
public:
    explicit LatchNetwork(float gain) : gain_(gain) {}

    void process(const float* const* in, float* const* out, int frames) noexcept override {
        for (int f = 0; f < frames; ++f) {
            is_latched_ |= std::abs(in[0][f]) > 0.9f;
            out[0][f] = in[0][f] * (is_latched_ ? -gain_ : gain_);
        }
    }

    void reset(std::int64_t) noexcept override { is_latched_ = false; }

    std::size_t state_bytes() const noexcept override { return 1; }
    void save(std::byte* state) const noexcept override { *state = std::byte(is_latched_); }
    void restore(const std::byte* state) noexcept override { is_latched_ = *state != std::byte(0); }

private:
    float gain_;
    bool is_latched_ = false;
};

struct LatchWeights final : Weights {
    explicit LatchWeights(float gain_) : gain(gain_) {}

    std::unique_ptr<Network> make_network() const override {
        return std::make_unique<LatchNetwork>(gain);
    }
    Memory memory() const noexcept override { return {std::nullopt, settle_frames}; }
    Cost cost() const noexcept override { return {1, 0}; }
    std::span<const float> silence() const noexcept override { return {&silent_output, 1}; }
    int width() const noexcept override { return 1; }
    std::string_view label() const noexcept override { return "latch"; }
    std::string_view description() const noexcept override { return "latch"; }

    float gain;
    float silent_output = 0.0f;
};

inline std::shared_ptr<const Weights> load(const Record& record, const Place&) {
    if (!record.config.empty() || record.weights.size() != 1) refuse("this is no latch");
    return std::make_shared<const LatchWeights>(record.weights[0]);
}

inline constexpr Room room{fourcc("LTCH"), "latch", load};

}  // namespace latch
