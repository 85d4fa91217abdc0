// SPDX-License-Identifier: MIT
#pragma once

#include <neural_amp/rates.h>

#include "../rates.h"
#include "../stage.h"

namespace neural_amp {

/// And back to the stream's rate. In step with a ToModelRateStage of the same rates.
class FromModelRateStage final : public Stage {
public:
    /// `constant` as for `reset`.
    FromModelRateStage(double host_hz, double model_hz, float constant)
        : rates_(host_hz, model_hz), converter_(host_hz, model_hz, constant) {}

    int process(const float* in, float* out, int, int host_frames) noexcept override {
        converter_.process(in, out, host_frames);
        return host_frames;
    }

    void reset(std::int64_t first_frame, float constant) noexcept override {
        converter_.reset(constant, first_frame);
    }
    float silence(float constant) const noexcept override { return constant; }
    Memory memory(Memory output) const noexcept override { return rates_.model_memory(output); }
    int latency_frames() const noexcept override {
        return rates_.latency_frames - rates_.latency_to_model_frames();
    }
    std::size_t state_bytes() const noexcept override { return converter_.state_bytes(); }
    void save(std::byte* state) const noexcept override { converter_.save(state); }
    void restore(const std::byte* state) noexcept override { converter_.restore(state); }

private:
    Rates rates_;
    FromModelRate converter_;
};

}  // namespace neural_amp
