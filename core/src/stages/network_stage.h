// SPDX-License-Identifier: MIT
#pragma once

#include "../network.h"
#include "../rates.h"
#include "../stage.h"

namespace neural_amp {

/// A network at its own rate.
class NetworkStage final : public Stage {
public:
    NetworkStage(std::shared_ptr<const Weights> weights, double host_hz, double model_hz)
        : weights_(std::move(weights)), rates_(host_hz, model_hz),
          network_(weights_->make_network()) {}

    int process(const float* in, float* out, int frames, int) noexcept override {
        network_->process(&in, &out, frames);
        return frames;
    }

    int process_all(std::span<Stage* const> stages, const float* const* in, float* const* out,
                    int frames, int) const noexcept override {
        Network* networks[max_side_by_side];
        const float* const* ins[max_side_by_side];
        float* const* outs[max_side_by_side];
        for (std::size_t c = 0; c < stages.size(); ++c) {
            networks[c] = static_cast<NetworkStage*>(stages[c])->network_.get();
            ins[c] = &in[c];
            outs[c] = &out[c];
        }
        weights_->process({networks, stages.size()}, ins, outs, frames);
        return frames;
    }

    /// Of all constants, a network knows the end of zero only. Its frame 0 is the first that frame
    /// 0 of the stream brings, as for one who converts the rates himself.
    void reset(std::int64_t first_frame, float) noexcept override {
        network_->reset(rates_.first_model_frame(first_frame) - rates_.first_model_frame(0));
    }
    float silence(float) const noexcept override { return weights_->silence()[0]; }

    Memory memory(Memory output) const noexcept override {
        const Memory own = weights_->memory();
        Memory input{std::nullopt, output.settle_frames + own.settle_frames};
        if (output.lookback_frames && own.lookback_frames)
            input.lookback_frames = *output.lookback_frames + *own.lookback_frames;
        return input;
    }

    int latency_frames() const noexcept override { return 0; }
    std::size_t state_bytes() const noexcept override { return network_->state_bytes(); }
    void save(std::byte* state) const noexcept override { network_->save(state); }
    void restore(const std::byte* state) noexcept override { network_->restore(state); }

private:
    std::shared_ptr<const Weights> weights_;
    Rates rates_;
    std::unique_ptr<Network> network_;
};

}  // namespace neural_amp
