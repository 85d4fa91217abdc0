// SPDX-License-Identifier: MIT
#include "network.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "../flush_to_zero.h"
#include "../image.h"
#include "../network_limits.h"
#include "../simd/dispatch.h"
#include "history.h"
#include "kernels/kernels.h"

namespace neural_amp::planar {
namespace {

const Kernels& kernels() {
    NEURAL_AMP_ISAS(NEURAL_AMP_RETURN_KERNELS)
    __builtin_unreachable();
}

/// Rings are longer than what is heard of them: many short ones take more than `Totals` counts.
std::int64_t history_floats_of(const Blueprint& parts) {
    const std::int64_t of_child = parts.child ? parts.child->history_floats() : 0;
    return std::int64_t(parts.plan.arena_floats) + of_child;
}

void check_history(std::int64_t floats) {
    if (floats > limits::max_history_floats)
        refuse("convolutions of " + std::to_string(floats) +
               " floats of history; accepted are up to " +
               std::to_string(limits::max_history_floats));
}

/// What finite weights are folded into need not be finite.
void check_folded(std::span<const float> weights) {
    const auto is_finite = [](float weight) {
        return std::isfinite(weight);
    };
    if (!std::all_of(weights.begin(), weights.end(), is_finite))
        refuse("weights whose products are no finite float32");
}

struct PlanarWeights final : Weights, std::enable_shared_from_this<PlanarWeights> {
    PlanarWeights(Blueprint blueprint, const Place& place)
        : kernels(planar::kernels()), parts(std::move(blueprint)), plan(parts.plan.plan()) {
        find_silence(place);
    }

    std::unique_ptr<Network> make_network() const override;

    Memory memory() const noexcept override {
        Memory memory{parts.lookback_frames, parts.lookback_frames};
        if (!parts.child) return {memory.lookback_frames, memory.settle_frames + 1};
        const Memory of_child = parts.child->memory();
        memory.settle_frames += of_child.settle_frames;
        if (of_child.lookback_frames)
            *memory.lookback_frames += *of_child.lookback_frames;
        else
            memory.lookback_frames.reset();
        return memory;
    }

    Cost cost() const noexcept override { return parts.cost; }
    std::int64_t history_floats() const noexcept override { return history_floats_of(parts); }
    int inputs() const noexcept override { return parts.inputs; }
    int outputs() const noexcept override { return parts.outputs; }
    std::span<const float> silence() const noexcept override { return silent_output; }
    int width() const noexcept override { return parts.width; }
    std::string_view label() const noexcept override { return parts.label; }
    std::string_view description() const noexcept override { return parts.description; }

    const Kernels& kernels;
    const Blueprint parts;
    const Plan plan;
    std::vector<float> silent_frame;  ///< the prewarm: one value for every row of every signal
    std::vector<float> silent_output;

private:
    /// Under silence every signal is constant, so one frame without a past gives them all, bit for
    /// bit what an infinite time of it leaves behind.
    void find_silence(const Place& place) {
        const FlushToZero flush_to_zero;  // as in a stream, or its silence would differ from this
        const OwnedPlan still = parts.plan.without_past();
        History history(still.signals, still.arena_floats, still.max_runs);
        const auto put = [&](int signal, std::span<const float> frame) {
            for (std::size_t r = 0; r < frame.size(); ++r)
                history.at(signal)[r * still.signals[signal].row_stride] = frame[r];
        };
        put(still.input.signal, place.silence);
        if (parts.child) put(still.condition, parts.child->silence());
        kernels.play(still.plan(), history.past(), 1);
        for (int s = 0; s < int(still.signals.size()); ++s)
            for (int r = 0; r < still.signals[s].rows; ++r) {
                const float value = history.at(s)[std::size_t(r) * still.signals[s].row_stride];
                silent_frame.push_back(value);
                if (s == still.output) silent_output.push_back(value);
            }
    }
};

class PlanarNetwork final : public Network {
public:
    explicit PlanarNetwork(std::shared_ptr<const PlanarWeights> weights)
        : weights_(std::move(weights)),
          history_(weights_->parts.plan.signals, weights_->parts.plan.arena_floats,
                   weights_->parts.plan.max_runs),
          child_(weights_->parts.child ? weights_->parts.child->make_network() : nullptr),
          child_in_(weights_->inputs()) {
        const OwnedPlan& plan = weights_->parts.plan;
        if (child_)
            for (int r = 0; r < plan.signals[plan.condition].rows; ++r)
                child_out_.push_back(row(plan.condition, r));
        reset(0);
    }

    void process(const float* const* in, float* const* out, int frames) noexcept override {
        for (int f = 0; f < frames; f += max_block_frames)
            process_block(in, out, f, std::min(frames - f, max_block_frames));
    }

    void reset(std::int64_t first_frame) noexcept override {
        history_.fill(weights_->silent_frame.data());
        if (child_) child_->reset(first_frame);
    }

    std::size_t state_bytes() const noexcept override {
        return history_.state_bytes() + (child_ ? child_->state_bytes() : 0);
    }
    void save(std::byte* state) const noexcept override {
        history_.save(state);
        if (child_) child_->save(state + history_.state_bytes());
    }
    void restore(const std::byte* state) noexcept override {
        history_.restore(state);
        if (child_) child_->restore(state + history_.state_bytes());
    }

private:
    float* row(int signal, int r) const {
        return history_.at(signal) +
               std::size_t(r) * weights_->parts.plan.signals[signal].row_stride;
    }

    void process_block(const float* const* in, float* const* out, int f, int frames) noexcept {
        const OwnedPlan& plan = weights_->parts.plan;
        for (int i = 0; i < weights_->inputs(); ++i) {
            child_in_[i] = in[i] + f;
            std::copy_n(in[i] + f, frames, row(plan.input.signal, i));
        }
        if (child_) child_->process(child_in_.data(), child_out_.data(), frames);
        weights_->kernels.play(weights_->plan, history_.past(), frames);
        for (int o = 0; o < weights_->outputs(); ++o)
            std::copy_n(row(plan.output, o), frames, out[o] + f);
    }

    std::shared_ptr<const PlanarWeights> weights_;
    History history_;
    std::unique_ptr<Network> child_;
    std::vector<const float*> child_in_;
    std::vector<float*> child_out_;  ///< the rows of a block, which do not move
};

std::unique_ptr<Network> PlanarWeights::make_network() const {
    return std::make_unique<PlanarNetwork>(shared_from_this());
}

}  // namespace

int max_outputs() { return kernels().max_outputs; }

std::shared_ptr<const Weights> make_weights(Blueprint blueprint, const Place& place) {
    check_history(history_floats_of(blueprint));
    check_folded(blueprint.plan.weights);
    return std::make_shared<const PlanarWeights>(std::move(blueprint), place);
}

}  // namespace neural_amp::planar
