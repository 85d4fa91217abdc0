// SPDX-License-Identifier: MIT
// The stages of every audio channel, and what they add up to.
#include <algorithm>
#include <cmath>
#include <string>

#include "flush_to_zero.h"
#include "model.h"
#include "stages/from_model_rate_stage.h"
#include "stages/gain_stage.h"
#include "stages/network_stage.h"
#include "stages/to_model_rate_stage.h"

namespace neural_amp {
namespace {

constexpr double ramp_s = 0.005;

/// One audio channel's way through the amp: to the model's rate -> gain -> network -> gain -> back.
class Channel {
public:
    Channel(const std::shared_ptr<const Weights>& weights, double host_hz, double model_hz,
            Gains gains_db) {
        const bool converts = !Rates(host_hz, model_hz).same;
        if (converts) add<ToModelRateStage>(host_hz, model_hz);
        input_gain_ = add<GainStage>(gains_db.input_db);
        add<NetworkStage>(weights, host_hz, model_hz);
        output_gain_ = add<GainStage>(gains_db.output_db);
        if (converts) add<FromModelRateStage>(host_hz, model_hz, silence());
    }

    std::span<const std::unique_ptr<Stage>> stages() const noexcept { return stages_; }

    void reset(std::int64_t first_frame) noexcept {
        float constant = 0.0f;
        for (const auto& stage : stages_) {
            stage->reset(first_frame, constant);
            constant = stage->silence(constant);
        }
    }

    void move_gains_to(Gains gains_db, int ramp_frames) noexcept {
        input_gain_->move_to(gains_db.input_db, ramp_frames);
        output_gain_->move_to(gains_db.output_db, ramp_frames);
    }

    float silence() const noexcept {
        float constant = 0.0f;
        for (const auto& stage : stages_) constant = stage->silence(constant);
        return constant;
    }

    Memory memory() const noexcept {
        Memory memory{0, 0};
        for (auto stage = stages_.rbegin(); stage != stages_.rend(); ++stage)
            memory = (*stage)->memory(memory);
        return memory;
    }

    int latency_frames() const noexcept {
        int frames = 0;
        for (const auto& stage : stages_) frames += stage->latency_frames();
        return frames;
    }

    std::size_t state_bytes() const noexcept {
        std::size_t bytes = 0;
        for (const auto& stage : stages_) bytes += stage->state_bytes();
        return bytes;
    }

    void save(std::byte* state) const noexcept {
        for (const auto& stage : stages_) {
            stage->save(state);
            state += stage->state_bytes();
        }
    }

    void restore(const std::byte* state) noexcept {
        for (const auto& stage : stages_) {
            stage->restore(state);
            state += stage->state_bytes();
        }
    }

private:
    template <class Step, class... Arguments>
    Step* add(Arguments&&... arguments) {
        auto stage = std::make_unique<Step>(std::forward<Arguments>(arguments)...);
        Step* added = stage.get();
        stages_.push_back(std::move(stage));
        return added;
    }

    std::vector<std::unique_ptr<Stage>> stages_;
    GainStage *input_gain_, *output_gain_;
};

}  // namespace

struct Stream::State {
    State(Model model_, double sample_rate_hz, int num_channels, const Settings& settings_)
        : model(std::move(model_)), settings(settings_) {
        const Gains gains_db = gains(model, settings);
        const double model_hz = model.sample_rate_hz();
        const Rates rates(sample_rate_hz, model_hz);
        if (num_channels < 1 || num_channels > max_num_channels)
            throw std::invalid_argument("num_channels is " + std::to_string(num_channels) +
                                        "; accepted are 1 to " + std::to_string(max_num_channels));
        host_block_frames = rates.host_block_frames;
        ramp_frames = int(std::lround(ramp_s * model_hz));
        const auto& weights = model.contents_->weights[model.network_index(settings.voicing.size)];
        side_by_side = std::min(num_channels, weights->side_by_side());
        for (int c = 0; c < side_by_side; ++c) blocks.emplace_back(rates.model_block_frames);
        channels.reserve(num_channels);
        for (int c = 0; c < num_channels; ++c)
            channels.emplace_back(weights, sample_rate_hz, model_hz, gains_db);
    }

    Model model;
    Settings settings;
    int host_block_frames;  ///< what goes through the stages at once
    int ramp_frames;
    int side_by_side;                        ///< channels that go through the stages together
    std::vector<std::vector<float>> blocks;  ///< the frames between any two stages, of each of them
    std::vector<Channel> channels;

    /// Of `count` channels from `first` on; all together are in the same place of the signal.
    void process(std::size_t first, std::size_t count, const float* const* in, float* const* out,
                 std::size_t frames) noexcept {
        const auto stage_count = channels[first].stages().size();
        for (std::size_t f = 0; f < frames;) {
            const int host_frames = int(std::min<std::size_t>(frames - f, host_block_frames));
            const float* from[max_side_by_side];
            float *between[max_side_by_side], *to[max_side_by_side];
            for (std::size_t c = 0; c < count; ++c) {
                from[c] = in[first + c] + f;
                between[c] = blocks[c].data();
                to[c] = out[first + c] + f;
            }
            int made = host_frames;
            for (std::size_t s = 0; s < stage_count; ++s) {
                Stage* same[max_side_by_side];
                for (std::size_t c = 0; c < count; ++c)
                    same[c] = channels[first + c].stages()[s].get();
                float* const* stage_out = s + 1 == stage_count ? to : between;
                made = same[0]->process_all({same, count}, from, stage_out, made, host_frames);
                std::copy_n(stage_out, count, from);
            }
            f += host_frames;
        }
    }
};

Stream::Stream(Model model, double sample_rate_hz, int num_channels, const Settings& settings)
    : state_(std::make_unique<State>(std::move(model), sample_rate_hz, num_channels, settings)) {}
Stream::~Stream() = default;
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;

void Stream::process(const float* const* in, float* const* out, std::size_t frames) noexcept {
    const FlushToZero flush_to_zero;
    State& state = *state_;
    // Each bunch for all frames: more histories at once would not fit the L2 cache.
    const std::size_t count = state.channels.size();
    for (std::size_t c = 0; c < count; c += state.side_by_side)
        state.process(c, std::min<std::size_t>(count - c, state.side_by_side), in, out, frames);
}

void Stream::reset(std::int64_t first_frame) noexcept {
    for (Channel& channel : state_->channels) channel.reset(first_frame);
}

void Stream::set_gains_db(double input_gain_db, double output_gain_db) {
    State& state = *state_;
    Settings settings = state.settings;
    settings.input_gain_db = input_gain_db;
    settings.output_gain_db = output_gain_db;
    const Gains next = gains(state.model, settings);
    state.settings = settings;
    for (Channel& channel : state.channels) channel.move_gains_to(next, state.ramp_frames);
}

const Model& Stream::model() const noexcept { return state_->model; }
const Settings& Stream::settings() const noexcept { return state_->settings; }
int Stream::num_channels() const noexcept { return int(state_->channels.size()); }
int Stream::latency_frames() const noexcept { return state_->channels[0].latency_frames(); }
float Stream::silence() const noexcept { return state_->channels[0].silence(); }
Memory Stream::memory() const noexcept { return state_->channels[0].memory(); }

std::size_t Stream::state_bytes() const noexcept {
    return state_->channels.size() * state_->channels[0].state_bytes();
}

void Stream::save(std::byte* bytes) const noexcept {
    for (const Channel& channel : state_->channels) {
        channel.save(bytes);
        bytes += channel.state_bytes();
    }
}

void Stream::restore(const std::byte* bytes) noexcept {
    for (Channel& channel : state_->channels) {
        channel.restore(bytes);
        bytes += channel.state_bytes();
    }
}

}  // namespace neural_amp
