// SPDX-License-Identifier: MIT
#include "player.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <utility>

namespace neural_amp::plugin {
namespace {

constexpr double fade_s = 0.005;  // as long as a change of gain takes

// The shortest past: a sound that comes may remember more than the one that is there. An A2 network
// at 48 kHz remembers 0.13 s, and one at 8 kHz, the slowest that there are, 0.8 s.
constexpr double past_s = 1.0;

// The time that a sound has to hear the past, before what it needs of it is overwritten.
constexpr double hearing_s = 0.2;

constexpr std::size_t scratch_frames = 512;
constexpr int hearing_frames = 256;

/// A host may pass any rate on; only its order of magnitude matters here.
int frames_in(double seconds, double sample_rate_hz) {
    if (!(sample_rate_hz > 0.0)) return 1;  // NaN too
    return std::max(1, int(seconds * std::min(sample_rate_hz, Model::max_sample_rate_hz)));
}

/// One network that gets louder is the same wave twice, and its powers would add up to 3 dB more.
bool is_same_network(const Sound& a, const Sound& b) noexcept {
    if (!a.stream || !b.stream) return false;
    const Model &model_a = a.stream->model(), &model_b = b.stream->model();
    return model_a.image().data() == model_b.image().data() &&
           model_a.network_index(a.stream->settings().voicing.size) ==
               model_b.network_index(b.stream->settings().voicing.size);
}

/// Gains of the parameters are in range, and a stream that has been made has all else they need.
void set_gains(Sound& sound, double input_gain_db, double output_gain_db) noexcept {
    if (!sound.stream) return;
    const Settings& settings = sound.stream->settings();
    if (settings.input_gain_db != input_gain_db || settings.output_gain_db != output_gain_db)
        sound.stream->set_gains_db(input_gain_db, output_gain_db);
}

int past_frames(const Sound& sound, double sample_rate_hz) {
    const std::int64_t needed = sound.memory_frames() + frames_in(hearing_s, sample_rate_hz);
    return int(std::max<std::int64_t>(needed, frames_in(past_s, sample_rate_hz)));
}

}  // namespace

std::int64_t Sound::memory_frames() const noexcept {
    if (!stream) return 0;
    const Memory memory = stream->memory();
    return memory.lookback_frames.value_or(memory.settle_frames);
}

void Sound::hear(const Past& past) noexcept {
    if (!stream) return;
    const std::int64_t signal_begin = past.signal_begin(), end = past.end();
    if (heard_signal_begin != signal_begin || heard_end < past.begin()) {
        heard_signal_begin = signal_begin;
        heard_end = std::max(past.begin(), end - memory_frames());
        stream->reset(heard_end - signal_begin);
    }
    float scratch[Player::max_num_channels][hearing_frames];
    float* rows[Player::max_num_channels];
    for (int c = 0; c < stream->num_channels(); ++c) rows[c] = scratch[c];
    while (heard_end < end) {
        const auto n = std::min<std::int64_t>(end - heard_end, hearing_frames);
        if (!past.read(heard_end, rows, n)) {  // the audio came faster than this
            heard_end = -1;
            return;
        }
        stream->process(rows, rows, std::size_t(n));
        heard_end += n;
    }
}

Player::Player(Sound sound, double sample_rate_hz, int num_channels)
    : num_channels_(num_channels), fade_frames_(frames_in(fade_s, sample_rate_hz)),
      sound_(std::move(sound)),
      past_(std::make_shared<Past>(num_channels, past_frames(sound_, sample_rate_hz))),
      scratch_(num_channels, std::vector<float>(scratch_frames)), in_rows_(num_channels),
      out_rows_(num_channels) {
    for (auto& row : scratch_) scratch_rows_.push_back(row.data());
    for (int f = 0; f < fade_frames_; ++f) {
        const double part = (f + 1.0) / (fade_frames_ + 1.0);
        level_fade_.push_back(float(part));
        power_fade_.push_back(float(std::sin(std::numbers::pi / 2 * part)));
    }
}

Sound Player::change(Sound next) noexcept {
    if (is_fresh_) return std::exchange(sound_, std::move(next));
    has_next_ = true;
    return std::exchange(next_, std::move(next));
}

void Player::reset() noexcept {
    if (has_next_) std::swap(sound_, next_);
    has_next_ = false;
    fade_frames_left_ = 0;
    is_fresh_ = true;
}

void Player::process(const float* const* in, float* const* out, std::size_t frames,
                     double input_gain_db, double output_gain_db) noexcept {
    if (frames == 0) return;
    // What goes keeps its gains: the new ones may be for what comes.
    if (!has_next_) set_gains(sound_, input_gain_db, output_gain_db);
    if (is_fresh_) {
        if (sound_.stream) sound_.stream->reset();
        past_->begin_signal();
        is_fresh_ = false;
    } else if (has_next_ && fade_frames_left_ == 0) {
        take_next(input_gain_db, output_gain_db);
    }
    past_->record(in, std::int64_t(frames));  // before `out`, which may be the same

    std::size_t f = 0;
    const auto rows_from_f = [&] {
        for (int c = 0; c < num_channels_; ++c) {
            in_rows_[c] = in[c] + f;
            out_rows_[c] = out[c] + f;
        }
    };
    while (f < frames && fade_frames_left_ > 0) {
        const int n = int(std::min({frames - f, std::size_t(fade_frames_left_), scratch_frames}));
        rows_from_f();
        play_fading(in_rows_.data(), out_rows_.data(), n);
        f += n;
    }
    rows_from_f();
    play(sound_, in_rows_.data(), out_rows_.data(), frames - f);
}

/// Three places go round, so that nothing is freed here: what played before the last change lies in
/// `next_` until the one after.
void Player::take_next(double input_gain_db, double output_gain_db) noexcept {
    std::swap(previous_, next_);
    std::swap(previous_, sound_);
    has_next_ = false;
    fade_frames_left_ = fade_frames_;
    is_level_fade_ = is_same_network(previous_, sound_);
    if (!sound_.stream) return;
    set_gains(sound_, input_gain_db, output_gain_db);
    sound_.hear(*past_);
}

void Player::play(Sound& sound, const float* const* in, float* const* out,
                  std::size_t frames) noexcept {
    if (sound.kind == Sound::amp) return sound.stream->process(in, out, frames);
    for (int c = 0; c < num_channels_; ++c) {
        if (sound.kind == Sound::silence)
            std::fill_n(out[c], frames, 0.0f);
        else if (in[c] != out[c])
            std::copy_n(in[c], frames, out[c]);
    }
}

void Player::play_fading(const float* const* in, float* const* out, int frames) noexcept {
    play(previous_, in, scratch_rows_.data(), std::size_t(frames));
    play(sound_, in, out, std::size_t(frames));
    // Read from its end, a fade is that of the sound that goes.
    const std::vector<float>& fade = is_level_fade_ ? level_fade_ : power_fade_;
    const float* const coming = fade.data() + (fade_frames_ - fade_frames_left_);
    const float* const going = fade.data() + (fade_frames_left_ - 1);
    for (int c = 0; c < num_channels_; ++c)
        for (int f = 0; f < frames; ++f)
            out[c][f] = coming[f] * out[c][f] + going[-f] * scratch_[c][f];
    fade_frames_left_ -= frames;
}

}  // namespace neural_amp::plugin
