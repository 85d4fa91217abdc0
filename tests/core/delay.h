// SPDX-License-Identifier: MIT
// A network that gives back what it heard `frames` ago, and nothing else: its lookback is felt to
// the frame, where A2's faint ends are lost in rounding.
#pragma once

#include <algorithm>
#include <cstring>
#include <utility>

#include "networks.h"

namespace delay {

using namespace neural_amp;

inline constexpr int frames = 300;

class DelayNetwork final : public Network {
public:
    void process(const float* const* in, float* const* out, int count) noexcept override {
        for (int f = 0; f < count; ++f) {
            out[0][f] = std::exchange(ring_[position_], in[0][f]);
            position_ = (position_ + 1) % frames;
        }
    }

    void reset(std::int64_t) noexcept override { std::fill_n(ring_, frames, 0.0f); }
    std::size_t state_bytes() const noexcept override { return sizeof ring_; }
    void save(std::byte* state) const noexcept override {
        float past[frames];
        std::rotate_copy(ring_, ring_ + position_, ring_ + frames, past);
        std::memcpy(state, past, sizeof past);
    }
    void restore(const std::byte* state) noexcept override {
        position_ = 0;
        std::memcpy(ring_, state, sizeof ring_);
    }

private:
    float ring_[frames] = {};
    int position_ = 0;
};

struct DelayWeights final : Weights {
    std::unique_ptr<Network> make_network() const override {
        return std::make_unique<DelayNetwork>();
    }
    Memory memory() const noexcept override { return {frames, frames}; }
    Cost cost() const noexcept override { return {0, 0}; }
    std::span<const float> silence() const noexcept override { return {&silent_output, 1}; }
    int width() const noexcept override { return 1; }
    std::string_view label() const noexcept override { return "delay"; }
    std::string_view description() const noexcept override { return "delay"; }

    float silent_output = 0.0f;
};

inline constexpr Room room{fourcc("DELY"), "delay",
                           [](const Record&, const Place&) -> std::shared_ptr<const Weights> {
                               return std::make_shared<const DelayWeights>();
                           }};

}  // namespace delay
