// SPDX-License-Identifier: MIT
// gain -> resample to the model's rate -> network -> resample back -> gain, for every audio
// channel.
#include <algorithm>
#include <cassert>
#include <cmath>
#include <string>

#include "flush_to_zero.h"
#include "gain_ramp.h"
#include "model.h"
#include "number.h"
#include "resampler.h"

namespace neural_amp {
namespace {

constexpr double ramp_s = 0.005;

/// Frames of the model that a channel takes at once, about: enough to fill the kernels' blocks.
constexpr int block_frames = 128;

/// How the frames of the stream ("host") and those of the model lie to each other. Model frame m
/// stands for the same instant as host frame m * host rate / model rate, so the total delay is a
/// whole number of host frames.
struct Rates {
    Rates(double host_hz, double model_hz)
        : same(std::llround(host_hz * 1000) == std::llround(model_hz * 1000)),
          host_per_model(host_hz / model_hz),
          host_block_frames(same ? block_frames : std::max(1, int(block_frames * host_per_model))) {
        if (same) return;
        to_model = resampler_table(host_hz, model_hz);
        to_host = resampler_table(model_hz, host_hz);
        latency_frames =
            to_model->half_frames + int(std::ceil(to_host->half_frames * host_per_model));
        first_model_frame = -std::int64_t(std::ceil(to_model->half_frames / host_per_model)) - 1;
        // Two more wait at the first push, and either end may round up.
        model_block_frames = int(std::ceil(host_block_frames / host_per_model)) + 4;
    }

    bool same;
    double host_per_model;
    int host_block_frames;
    int model_block_frames = 0;
    int latency_frames = 0;
    std::int64_t first_model_frame = 0;  ///< the first one that host frame 0 can be heard in
    std::shared_ptr<const ResamplerTable> to_model, to_host;
};

/// One audio channel's network and, where the rates differ, its resamplers.
class Channel {
public:
    Channel(const NetworkWeights& weights, const Rates& rates)
        : network_(weights.make_network()), silence_(weights.silence()), rates_(&rates) {
        if (!rates.same) {
            to_model_.emplace(rates.to_model, 2 * rates.to_model->taps() + rates.host_block_frames);
            to_host_.emplace(rates.to_host, to_host_past_frames() + rates.model_block_frames);
            model_block_.resize(rates.model_block_frames);
        }
        reset_resamplers();
    }

    void reset() noexcept {
        network_->reset();
        reset_resamplers();
    }

    /// At most `host_block_frames`; `in == out` is allowed.
    void process(const float* in, float* out, int frames) noexcept {
        if (rates_->same) {
            network_->process(in, out, frames);
            return;
        }
        to_model_->push(in, frames);
        const int model_frames = to_model_->available();
        assert(model_frames <= rates_->model_block_frames);
        to_model_->pull(model_block_.data(), model_frames);
        network_->process(model_block_.data(), model_block_.data(), model_frames);
        to_host_->push(model_block_.data(), model_frames);
        to_host_->pull(out, frames);
    }

private:
    /// The model's output from before the first frame that waits for the first pull.
    int to_host_past_frames() const {
        return 2 * rates_->to_host->taps() +
               int(std::ceil(2 * rates_->latency_frames / rates_->host_per_model));
    }

    void reset_resamplers() noexcept {
        if (rates_->same) return;
        to_model_->reset(rates_->first_model_frame, 0, 0.0f);
        to_host_->reset(-rates_->latency_frames, rates_->first_model_frame, silence_);
    }

    std::unique_ptr<Network> network_;
    float silence_;
    const Rates* rates_;
    std::optional<Resampler> to_model_, to_host_;
    std::vector<float> model_block_;
};

double checked_rate(double sample_rate_hz) {
    if (sample_rate_hz >= Model::min_sample_rate_hz && sample_rate_hz <= Model::max_sample_rate_hz)
        return sample_rate_hz;
    throw std::invalid_argument("sample_rate is " + number(sample_rate_hz) +
                                " Hz; accepted are 8000 to 384000 Hz");
}

}  // namespace

struct Stream::State {
    State(Model model_, double sample_rate_hz, int num_channels, const Settings& settings_)
        : model(std::move(model_)), settings(settings_), gains_db(gains(model, settings)),
          rates(checked_rate(sample_rate_hz), model.sample_rate_hz()),
          weights(model.contents_->networks[model.size_index(settings.size)]),
          ramp_frames(int(std::lround(ramp_s * sample_rate_hz))), input_gain(gains_db.input_db),
          output_gain(gains_db.output_db), block(rates.host_block_frames) {
        if (num_channels < 1 || num_channels > max_num_channels)
            throw std::invalid_argument("num_channels is " + std::to_string(num_channels) +
                                        "; accepted are 1 to " + std::to_string(max_num_channels));
        channels.reserve(num_channels);
        for (int c = 0; c < num_channels; ++c) channels.emplace_back(*weights, rates);
    }

    Model model;
    Settings settings;
    Gains gains_db;
    Rates rates;
    std::shared_ptr<const NetworkWeights> weights;
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
            const int n = int(std::min<std::size_t>(frames - f, state.block.size()));
            input_gain.apply(in[c] + f, state.block.data(), n);
            state.channels[c].process(state.block.data(), out[c] + f, n);
            output_gain.apply(out[c] + f, out[c] + f, n);
            f += n;
        }
    }
    state.input_gain = input_gain;
    state.output_gain = output_gain;
}

void Stream::reset() noexcept {
    for (Channel& channel : state_->channels) channel.reset();
    state_->input_gain.finish();
    state_->output_gain.finish();
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

int Stream::lookback_frames() const noexcept {
    const Rates& rates = state_->rates;
    const int field = state_->weights->receptive_field_frames();
    if (rates.same) return field - 1;
    const int model_frames = field + 2 * rates.to_host->half_frames + 1;
    return rates.latency_frames + int(std::ceil(model_frames * rates.host_per_model)) +
           rates.to_model->taps();
}

std::int64_t Stream::period_frames() const noexcept {
    const Rates& rates = state_->rates;
    return rates.same ? 1 : rates.to_model->ratio.from;
}

}  // namespace neural_amp
