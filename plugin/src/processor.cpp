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
    for (std::size_t p = 0; p < parameters.size(); ++p)
        normalised_[p] = parameters[p].normalised(parameters[p].default_value);
}

void Processor::set_state(std::span<const std::byte> bytes) {
    const std::lock_guard wish(wish_);
    try {
        const State state = read_state(bytes);
        const auto model = state.image.empty() ? nullptr : cached_model(state.image);
        if (model) gains(*model, state.settings);  // throws for settings that do not suit it
        if (model != model_ || !are_equal_but_for_gains(state.settings, settings_))
            stale_ = std::max(stale_, Stale::sound);
        model_ = model;
        settings_ = state.settings;
        std::copy(state.normalised.begin(), state.normalised.end(), normalised_.begin());
        refusal_ = {};
    } catch (const std::invalid_argument& error) {
        refusal_ = {Refusal::setting, error.what()};
        throw;
    } catch (const std::exception& error) {
        refusal_ = {Refusal::state, error.what()};
        throw;
    }
    if (is_active_) bring_up_to_date();
}

std::vector<std::byte> Processor::state() const {
    const std::lock_guard wish(wish_);
    State state;
    state.settings = settings_;
    std::copy(normalised_.begin(), normalised_.end(), state.normalised.begin());
    if (model_) state.image = model_->image();
    return write_state(state, refusal_);
}

void Processor::set_parameter(std::size_t index, double normalised) noexcept {
    if (!std::isnan(normalised)) normalised_[index] = float(std::clamp(normalised, 0.0, 1.0));
}

void Processor::set_layout(double sample_rate_hz, int num_channels) {
    const std::lock_guard wish(wish_);
    if (sample_rate_hz == sample_rate_hz_ && num_channels == num_channels_) return;
    sample_rate_hz_ = sample_rate_hz;
    num_channels_ = num_channels;
    stale_ = Stale::layout;
    if (is_active_) bring_up_to_date();
}

double Processor::sample_rate_hz() const {
    const std::lock_guard wish(wish_);
    return sample_rate_hz_;
}

int Processor::num_channels() const {
    const std::lock_guard wish(wish_);
    return num_channels_;
}

void Processor::set_active(bool active) {
    const std::lock_guard wish(wish_);
    if (active && !is_active_) player_->reset();  // no audio runs
    if (active) bring_up_to_date();
    is_active_ = active;
}

bool Processor::is_active() const {
    const std::lock_guard wish(wish_);
    return is_active_;
}

int Processor::latency_frames() {
    const std::lock_guard wish(wish_);
    bring_up_to_date();
    return latency_frames_;
}

bool Processor::process(const float* const* in, float* const* out, int num_channels,
                        std::size_t frames) noexcept {
    take_mail();
    if (num_channels != player_->num_channels()) return false;
    player_->process(in, out, frames, gain_db(input_gain), gain_db(output_gain));
    return true;
}

void Processor::take_mail() noexcept {
    const std::unique_lock mail(mail_mutex_, std::try_to_lock);
    if (!mail) return;
    if (mail_.has_player) std::swap(player_, mail_.player);
    if (mail_.has_sound) mail_.sound = player_->change(std::move(mail_.sound));
    mail_.has_player = mail_.has_sound = false;
}

double Processor::gain_db(ParameterIndex gain) const noexcept {
    return parameters[gain].value(normalised_[gain]);
}

Sound Processor::new_sound() const {
    if (!model_) return {};
    if (!(sample_rate_hz_ >= Model::min_sample_rate_hz &&
          sample_rate_hz_ <= Model::max_sample_rate_hz))
        return {Sound::silence, nullptr};
    Settings settings = settings_;
    settings.input_gain_db = gain_db(input_gain);
    settings.output_gain_db = gain_db(output_gain);
    return {Sound::amp,
            std::make_unique<Stream>(*model_, sample_rate_hz_, num_channels_, settings)};
}

/// Gives the player what it lacks. Hosts change rate, channels and state several times in a row
/// before they play, so this waits until they do, or ask for the latency. `wish_` is held.
void Processor::bring_up_to_date() {
    if (stale_ == Stale::nothing) return;
    send(new_sound());
    stale_ = Stale::nothing;
    if (is_active_) return;
    take_mail();  // no audio runs
    mail_ = {};
}

/// What came back from the audio thread is freed here.
void Processor::send(Sound sound) {
    latency_frames_ = sound.latency_frames();
    std::unique_ptr<Player> player;
    if (stale_ == Stale::layout)
        player = std::make_unique<Player>(std::move(sound), sample_rate_hz_, num_channels_);
    const std::lock_guard mail(mail_mutex_);
    if (player) std::swap(mail_.player, player);
    std::swap(mail_.sound, sound);
    mail_.has_player |= stale_ == Stale::layout;
    mail_.has_sound = stale_ == Stale::sound;
}

}  // namespace neural_amp::plugin
