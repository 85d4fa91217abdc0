// SPDX-License-Identifier: MIT
#pragma once

#include <cmath>

namespace neural_amp {

/// A gain that moves to its target in a straight line. A value type: a copy continues on its own.
class GainRamp {
public:
    explicit GainRamp(double gain_db) : target_(linear(gain_db)) {}

    void move_to(double gain_db, int ramp_frames) noexcept {
        const float current = target_ - step_ * float(frames_left_);
        target_ = linear(gain_db);
        step_ = (target_ - current) / float(ramp_frames);
        frames_left_ = ramp_frames;
    }

    /// What it is, or moves to.
    float target() const noexcept { return target_; }

    void finish() noexcept { frames_left_ = 0; }

    /// `in == out` is allowed.
    void apply(const float* in, float* out, int frames) noexcept {
        int f = 0;
        for (; f < frames && frames_left_ > 0; ++f)
            out[f] = in[f] * (target_ - step_ * float(--frames_left_));
        for (; f < frames; ++f) out[f] = in[f] * target_;
    }

private:
    static float linear(double gain_db) noexcept { return float(std::pow(10.0, gain_db / 20.0)); }

    float target_;
    float step_ = 0.0f;
    int frames_left_ = 0;
};

}  // namespace neural_amp
