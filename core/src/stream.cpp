// SPDX-License-Identifier: MIT
// To the model's rate -> gain -> network -> gain -> back, for every audio channel.
#include <algorithm>
#include <cmath>
#include <string>

#include "flush_to_zero.h"
#include "gain_ramp.h"
#include "model.h"
#include "rates.h"

namespace neural_amp {
namespace {

constexpr double ramp_s = 0.005;

/// One audio channel's way through the amp.
class Channel {
public:
    Channel(const Weights& weights, double host_hz, double model_hz, float output_gain)
        : silence_(weights.silence()), to_model_(host_hz, model_hz),
          network_(weights.make_network()), from_model_(host_hz, model_hz, silence_ * output_gain) {
    }

    void reset(std::int64_t first_frame, float output_gain) noexcept {
        to_model_.reset(first_frame);
        network_->reset();
        from_model_.reset(silence_ * output_gain, first_frame);
    }

    /// `block` has room for the frames at the model's rate; `in == out` is allowed.
    void process(const float* in, float* out, int frames, float* block, GainRamp& input_gain,
                 GainRamp& output_gain) noexcept {
        const int model_frames = int(to_model_.model_frames(frames));
        to_model_.process(in, block, frames);
        input_gain.apply(block, block, model_frames);
        network_->process(block, block, model_frames);
        output_gain.apply(block, block, model_frames);
        from_model_.process(block, out, frames);
    }

private:
    float silence_;
    ToModelRate to_model_;
    std::unique_ptr<Network> network_;
    FromModelRate from_model_;
};

}  // namespace

struct Stream::State {
    State(Model model_, double sample_rate_hz, int num_channels, const Settings& settings_)
        : model(std::move(model_)), settings(settings_), gains_db(gains(model, settings)),
          rates(sample_rate_hz, model.sample_rate_hz()),
          weights(model.contents_->weights[model.network_index(settings.voicing.size)]),
          ramp_frames(int(std::lround(ramp_s * model.sample_rate_hz()))),
          input_gain(gains_db.input_db), output_gain(gains_db.output_db),
          block(rates.model_block_frames) {
        if (num_channels < 1 || num_channels > max_num_channels)
            throw std::invalid_argument("num_channels is " + std::to_string(num_channels) +
                                        "; accepted are 1 to " + std::to_string(max_num_channels));
        channels.reserve(num_channels);
        for (int c = 0; c < num_channels; ++c)
            channels.emplace_back(*weights, sample_rate_hz, model.sample_rate_hz(),
                                  output_gain.target());
    }

    Model model;
    Settings settings;
    Gains gains_db;
    Rates rates;
    std::shared_ptr<const Weights> weights;
    int ramp_frames;
    GainRamp input_gain, output_gain;
    std::vector<Channel> channels;
    std::vector<float> block;
};

Stream::Stream(Model model, double sample_rate_hz, int num_channels, const Settings& settings)
    : state_(std::make_unique<State>(std::move(model), sample_rate_hz, num_channels, settings)) {}
Stream::~Stream() = default;
Stream::Stream(Stream&&) noexcept = default;
Stream& Stream::operator=(Stream&&) noexcept = default;

void Stream::process(const float* const* in, float* const* out, std::size_t frames) noexcept {
    const FlushToZero flush_to_zero;
    State& state = *state_;
    GainRamp input_gain = state.input_gain, output_gain = state.output_gain;
    // Channel by channel, each for all frames: two histories at once would not fit the L2 cache.
    for (std::size_t c = 0; c < state.channels.size(); ++c) {
        input_gain = state.input_gain;
        output_gain = state.output_gain;
        for (std::size_t f = 0; f < frames;) {
            const int n = int(std::min<std::size_t>(frames - f, state.rates.host_block_frames));
            state.channels[c].process(in[c] + f, out[c] + f, n, state.block.data(), input_gain,
                                      output_gain);
            f += n;
        }
    }
    state.input_gain = input_gain;
    state.output_gain = output_gain;
}

void Stream::reset(std::int64_t first_frame) noexcept {
    state_->input_gain.finish();
    state_->output_gain.finish();
    for (Channel& channel : state_->channels)
        channel.reset(first_frame, state_->output_gain.target());
}

void Stream::set_gains_db(double input_gain_db, double output_gain_db) {
    State& state = *state_;
    Settings settings = state.settings;
    settings.input_gain_db = input_gain_db;
    settings.output_gain_db = output_gain_db;
    const Gains next = gains(state.model, settings);
    state.settings = settings;
    state.input_gain.move_to(next.input_db, state.ramp_frames);
    state.output_gain.move_to(next.output_db, state.ramp_frames);
}

const Model& Stream::model() const noexcept { return state_->model; }
const Settings& Stream::settings() const noexcept { return state_->settings; }
int Stream::num_channels() const noexcept { return int(state_->channels.size()); }
int Stream::latency_frames() const noexcept { return state_->rates.latency_frames; }
float Stream::silence() const noexcept {
    return state_->weights->silence() * state_->output_gain.target();
}

int Stream::lookback_frames() const noexcept {
    const Rates& rates = state_->rates;
    const int field = int(state_->weights->memory().lookback_frames.value()) + 1;
    if (rates.same) return field - 1;
    const int model_frames = field + 2 * rates.to_host->half_frames + 1;
    return rates.latency_frames + int(std::ceil(model_frames * rates.host_per_model)) +
           rates.to_model->taps();
}

}  // namespace neural_amp
