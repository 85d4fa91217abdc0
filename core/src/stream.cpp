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

    /// `block` has room for the frames between any two stages; `in == out` is allowed.
    void process(const float* in, float* out, int host_frames, float* block) noexcept {
        int frames = host_frames;
        for (const auto& stage : stages_) {
            float* to = stage == stages_.back() ? out : block;
            frames = stage->process(in, to, frames, host_frames);
            in = to;
        }
    }

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
        block.resize(rates.model_block_frames);
        ramp_frames = int(std::lround(ramp_s * model_hz));
        const auto& weights = model.contents_->weights[model.network_index(settings.voicing.size)];
        channels.reserve(num_channels);
        for (int c = 0; c < num_channels; ++c)
            channels.emplace_back(weights, sample_rate_hz, model_hz, gains_db);
    }

    Model model;
    Settings settings;
    int host_block_frames;  ///< what goes through the stages at once
    int ramp_frames;
    std::vector<float> block;
    std::vector<Channel> channels;
};

Stream::Stream(Model model, double sample_rate_hz, int num_channels, const Settings& settings)
    : state_(std::make_unique<State>(std::move(model), sample_rate_hz, num_channels, settings)) {}
Stream::~Stream() = default;
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;

void Stream::process(const float* const* in, float* const* out, std::size_t frames) noexcept {
    const FlushToZero flush_to_zero;
    State& state = *state_;
    // Channel by channel, each for all frames: two histories at once would not fit the L2 cache.
    for (std::size_t c = 0; c < state.channels.size(); ++c)
        for (std::size_t f = 0; f < frames;) {
            const int n = int(std::min<std::size_t>(frames - f, state.host_block_frames));
            state.channels[c].process(in[c] + f, out[c] + f, n, state.block.data());
            f += n;
        }
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
