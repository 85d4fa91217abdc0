// SPDX-License-Identifier: MIT
#pragma once

#include <neural_amp/rates.h>

#include "../rates.h"
#include "../stage.h"

namespace neural_amp {

/// From the stream's rate to that of the stages after it.
class ToModelRateStage final : public Stage {
public:
    ToModelRateStage(double host_hz, double model_hz)
        : rates_(host_hz, model_hz), converter_(host_hz, model_hz) {}

    int process(const float* in, float* out, int, int host_frames) noexcept override {
        const auto made = converter_.model_frames(host_frames);
        converter_.process(in, out, host_frames);
        return int(made);
    }

    void reset(std::int64_t first_frame, float) noexcept override { converter_.reset(first_frame); }
    float silence(float constant) const noexcept override { return constant; }
    Memory memory(Memory output) const noexcept override { return rates_.host_memory(output); }
    int latency_frames() const noexcept override { return rates_.latency_to_model_frames(); }
    std::size_t state_bytes() const noexcept override { return converter_.state_bytes(); }
    void save(std::byte* state) const noexcept override { converter_.save(state); }
    void restore(const std::byte* state) noexcept override { converter_.restore(state); }

private:
    Rates rates_;
    ToModelRate converter_;
};

}  // namespace neural_amp
