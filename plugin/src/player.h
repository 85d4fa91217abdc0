// SPDX-License-Identifier: MIT
// The audio thread's side of the effect: plays a sound, and goes over to another without a click.
#pragma once

#include <memory>
#include <vector>

#include <neural_amp/neural_amp.h>

#include "past.h"

namespace neural_amp::plugin {

/// What can be heard: an amp, the dry signal, or nothing.
struct Sound {
    enum Kind { dry, silence, amp };
    Kind kind = dry;
    std::unique_ptr<Stream> stream;  ///< of `amp`
    Past past = {};                  ///< if it hears more than a player records, room for that

    /// [not real-time]
    static Sound of(Stream stream, double sample_rate_hz);

    int latency_frames() const noexcept { return stream ? stream->latency_frames() : 0; }
};

/// One thread at a time.
class Player {
public:
    /// Makes all memory. [not real-time]
    Player(Sound sound, double sample_rate_hz, int num_channels);

    /// The next sound. Before the first frame it is there at once; after that it fades in over 5
    /// ms, and is, to the bit, what it would be had it played all the time. Powers add up to one in
    /// the fade, as the sounds are different; where only the level is, amplitudes do. Only a sound
    /// that hears more than 0.3 s, of a model below 21 kHz, has to do without the frames before.
    /// Gives back what is to be freed off the audio thread, like all that `change` swaps out.
    /// [audio thread]
    Sound change(Sound next) noexcept;

    /// Forgets all audio, and what faded out. [audio thread]
    void reset() noexcept;

    /// The first frame, or the first after `reset`, has these gains from the start; later they are
    /// reached in a ramp. What fades out keeps the gains that it had. The block after `change` also
    /// replays the past to the new sound, 0.13 s of audio for A2. [audio thread]
    void process(const float* const* in, float* const* out, std::size_t frames,
                 double input_gain_db, double output_gain_db) noexcept;

    int num_channels() const noexcept { return num_channels_; }

private:
    void record_for(Sound& sound) noexcept;
    void take_next(double input_gain_db, double output_gain_db) noexcept;
    void replay_past(Stream& stream) noexcept;
    void play(Sound& sound, const float* const* in, float* const* out, std::size_t frames) noexcept;
    void play_fading(const float* const* in, float* const* out, int frames) noexcept;

    int num_channels_;
    int fade_frames_;
    std::vector<float> power_fade_, level_fade_;  ///< gains of the sound that comes in
    Sound sound_;
    Sound next_;      ///< if `has_next_`
    Sound previous_;  ///< heard for `fade_frames_left_` more
    bool has_next_ = false;
    bool is_fresh_ = true;  ///< nothing has been heard yet
    int fade_frames_left_ = 0;
    bool is_level_fade_ = false;
    Past past_;
    std::vector<std::vector<float>> scratch_;
    std::vector<float*> scratch_rows_;
    std::vector<const float*> in_rows_;
    std::vector<float*> out_rows_;
};

}  // namespace neural_amp::plugin
