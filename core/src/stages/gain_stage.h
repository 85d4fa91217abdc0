// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>
#include <cstring>

#include "../stage.h"

namespace neural_amp {

/// A gain that moves to its target in a straight line.
class GainStage final : public Stage {
public:
    explicit GainStage(double gain_db) : target_(linear(gain_db)) {}

    void move_to(double gain_db, int ramp_frames) noexcept {
        const float current = target_ - ramp_.step * float(ramp_.frames_left);
        target_ = linear(gain_db);
        ramp_ = {(target_ - current) / float(ramp_frames), ramp_frames};
    }

    int process(const float* in, float* out, int frames, int) noexcept override {
        int f = 0;
        for (; f < frames && ramp_.frames_left > 0; ++f)
            out[f] = in[f] * (target_ - ramp_.step * float(--ramp_.frames_left));
        for (; f < frames; ++f) out[f] = in[f] * target_;
        return frames;
    }

    void reset(std::int64_t, float) noexcept override { ramp_ = {}; }
    float silence(float constant) const noexcept override { return constant * target_; }
    Memory memory(Memory output) const noexcept override { return output; }
    int latency_frames() const noexcept override { return 0; }

    /// The ramp, on its way to a target that is a setting.
    std::size_t state_bytes() const noexcept override { return sizeof ramp_; }
    void save(std::byte* state) const noexcept override {
        const Ramp ramp = ramp_.frames_left > 0 ? ramp_ : Ramp{};
        std::memcpy(state, &ramp, sizeof ramp);
    }
    void restore(const std::byte* state) noexcept override {
        std::memcpy(&ramp_, state, sizeof ramp_);
    }

private:
    struct Ramp {
        float step = 0.0f;
        int frames_left = 0;
    };

    static float linear(double gain_db) noexcept { return float(std::pow(10.0, gain_db / 20.0)); }

    float target_;
    Ramp ramp_;
};

}  // namespace neural_amp
