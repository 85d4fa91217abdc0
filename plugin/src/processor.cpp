// SPDX-License-Identifier: MIT
#include "processor.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "model_cache.h"

namespace neural_amp::plugin {
namespace {

bool are_equal_but_for_gains(const Settings& a, const Settings& b) {
    return a.size == b.size && a.output_mode == b.output_mode &&
           a.target_loudness_db == b.target_loudness_db &&
           a.interface_level_dbu == b.interface_level_dbu;
}

}  // namespace

Processor::Processor()
    : player_(std::make_unique<Player>(Sound{}, sample_rate_hz_, num_channels_)) {
    past_ = player_->past();
    for (std::size_t p = 0; p < parameters.size(); ++p)
        normalised_[p] = parameters[p].normalised(parameters[p].default_value);
}

void Processor::set_state(std::span<const std::byte> bytes) {
    Sound sound;  // and then the one that came back, to be freed without the lock
    const std::lock_guard wanted(wanted_);
    try {
        const State state = read_state(bytes);
        const auto model = state.image.empty() ? nullptr : cached_model(state.image);
        if (model) gains(*model, state.settings);  // throws for settings that do not suit it
        const bool is_other =
            model != model_ || !are_equal_but_for_gains(state.settings, settings_);
        if (is_other && is_active_) {
            Settings settings = state.settings;
            settings.input_gain_db = parameters[input_gain].value(state.normalised[input_gain]);
            settings.output_gain_db = parameters[output_gain].value(state.normalised[output_gain]);
            sound = new_sound(model.get(), settings);
            // A script that plays and changes on one thread may reset before it plays on.
            if (audio_thread_ != std::this_thread::get_id()) {
                sound.hear(*past_);
                sound.hear(*past_);  // what came meanwhile
            }
        }

        // Nothing can fail from here on; and neither the gains nor the sound are heard first.
        const std::lock_guard mail(mail_mutex_);
        std::copy(state.normalised.begin(), state.normalised.end(), normalised_.begin());
        model_ = model;
        settings_ = state.settings;
        refusal_ = {};
        if (is_other && is_active_) {
            expect(sound);
            std::swap(mail_.sound, sound);
            mail_.has_sound = has_spent_ = true;
        } else if (is_other) {
            is_out_of_date_ = true;
        }
    } catch (const std::invalid_argument& error) {
        refusal_ = {Refusal::setting, error.what()};
        throw;
    } catch (const std::exception& error) {
        refusal_ = {Refusal::state, error.what()};
        throw;
    }
}

std::vector<std::byte> Processor::state() {
    const std::lock_guard wanted(wanted_);
    State state;
    state.settings = settings_;
    std::copy(normalised_.begin(), normalised_.end(), state.normalised.begin());
    if (model_) state.image = model_->image();
    auto bytes = write_state(state, refusal_);
    refusal_ = {};
    return bytes;
}

void Processor::set_parameter(std::size_t index, double normalised) noexcept {
    const Parameter& parameter = parameters[index];
    normalised_[index] = std::isnan(normalised) ? parameter.normalised(parameter.default_value)
                                                : float(std::clamp(normalised, 0.0, 1.0));
}

void Processor::set_layout(double sample_rate_hz, int num_channels) {
    const std::lock_guard wanted(wanted_);
    if (sample_rate_hz == sample_rate_hz_ && num_channels == num_channels_) return;
    sample_rate_hz_ = sample_rate_hz;
    num_channels_ = num_channels;
    is_out_of_date_ = true;
    if (is_active_) bring_up_to_date();
}

void Processor::set_active(bool active) {
    const std::lock_guard wanted(wanted_);
    if (active && !is_active_) {  // no audio runs
        player_->reset();
        is_out_of_date_ |= has_spent_;
    }
    if (active) bring_up_to_date();
    is_active_ = active;
}

bool Processor::is_active() const {
    const std::lock_guard wanted(wanted_);
    return is_active_;
}

double Processor::sample_rate_hz() const {
    const std::lock_guard wanted(wanted_);
    return sample_rate_hz_;
}

int Processor::num_channels() const {
    const std::lock_guard wanted(wanted_);
    return num_channels_;
}

int Processor::latency_frames() {
    const std::lock_guard wanted(wanted_);
    bring_up_to_date();
    return latency_frames_;
}

int Processor::tail_frames() {
    const std::lock_guard wanted(wanted_);
    bring_up_to_date();
    return tail_frames_;
}

bool Processor::process(const float* const* in, float* const* out, int num_channels,
                        std::size_t frames) noexcept {
    audio_thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
    take_mail();
    if (num_channels != player_->num_channels()) return false;
    player_->process(in, out, frames, gains_db_[input_gain], gains_db_[output_gain]);
    return true;
}

/// Gains are read under the lock too, so that those of a state never come before its sound.
void Processor::take_mail() noexcept {
    const std::unique_lock mail(mail_mutex_, std::try_to_lock);
    if (!mail) return;
    for (std::size_t p = 0; p < parameters.size(); ++p)
        gains_db_[p] = parameters[p].value(normalised_[p]);
    if (mail_.has_player) std::swap(player_, mail_.player);
    if (mail_.has_sound) mail_.sound = player_->change(std::move(mail_.sound));
    mail_.has_player = mail_.has_sound = false;
}

Sound Processor::new_sound(const Model* model, const Settings& settings) const {
    if (!model) return {};
    if (!(sample_rate_hz_ >= Model::min_sample_rate_hz &&
          sample_rate_hz_ <= Model::max_sample_rate_hz))
        return {Sound::silence, nullptr};
    return {Sound::amp, std::make_unique<Stream>(*model, sample_rate_hz_, num_channels_, settings)};
}

void Processor::expect(const Sound& sound) noexcept {
    latency_frames_ = sound.latency_frames();
    const Memory memory = sound.stream ? sound.stream->memory() : Memory{0, 0};
    tail_frames_ = int(memory.lookback_frames.value_or(memory.settle_frames));
}

/// Makes the player that is lacking. Hosts change rate, channels and state several times in a row
/// before they play, so this waits until they do, or ask for the latency. `wanted_` is held.
void Processor::bring_up_to_date() {
    if (!is_out_of_date_) return;
    Sound sound = new_sound(model_.get(), settings_);
    expect(sound);
    auto player = std::make_unique<Player>(std::move(sound), sample_rate_hz_, num_channels_);
    past_ = player->past();
    is_out_of_date_ = has_spent_ = false;
    const std::lock_guard mail(mail_mutex_);
    if (is_active_) {
        std::swap(mail_.player, player);
        mail_.has_player = true;
        mail_.has_sound = false;
    } else {  // no audio runs
        std::swap(player_, player);
        mail_ = {};
    }
}

}  // namespace neural_amp::plugin
