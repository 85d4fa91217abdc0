// SPDX-License-Identifier: MIT
// The audio thread's side of the effect: plays a sound, and goes over to another without a click.
#pragma once

#include <cstdint>
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

    std::int64_t heard_end = -1;           ///< frames of the past before this one, if not negative
    std::int64_t heard_signal_begin = -1;  ///< of the signal that they belong to

    int latency_frames() const noexcept { return stream ? stream->latency_frames() : 0; }

    /// How much of the past a sound that is new has to hear, and how long it rings on. [any thread]
    std::int64_t memory_frames() const noexcept;

    /// Plays to the stream what came so far, as much as it remembers and the past has, so that it
    /// goes on as if it had played all the time: 0.13 s of audio for A2, but only what is new if it
    /// has heard the rest. Where memory has no end, that is a good guess: what the reference lets
    /// such a network settle. [any thread]
    void hear(const Past& past) noexcept;
};

/// One thread at a time.
class Player {
public:
    static constexpr int max_num_channels = 8;

    /// Makes all memory, for a past of a second, or more if `sound` remembers more.
    /// [not real-time]
    Player(Sound sound, double sample_rate_hz, int num_channels);

    /// The next sound, one that has not played yet. Before the first frame it is there at once;
    /// after that it fades in over 5 ms, and is, to the bit, what it would be had it played all the
    /// time. Powers add up to one in the fade, as the sounds are different; where only the level
    /// is, amplitudes do. Gives back what is to be freed off the audio thread, like all that
    /// `change` swaps out. [audio thread]
    Sound change(Sound next) noexcept;

    /// Forgets all audio, and what faded out. [audio thread]
    void reset() noexcept;

    /// The first frame, or the first after `reset`, has these gains from the start; later they are
    /// reached in a ramp. What fades out keeps the gains that it had. A new sound hears first what
    /// it has not heard of the past. [audio thread]
    void process(const float* const* in, float* const* out, std::size_t frames,
                 double input_gain_db, double output_gain_db) noexcept;

    int num_channels() const noexcept { return num_channels_; }

    /// What was played, for the next sound to hear. It may outlive the player. [any thread]
    std::shared_ptr<const Past> past() const noexcept { return past_; }

private:
    void take_next(double input_gain_db, double output_gain_db) noexcept;
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
    std::shared_ptr<Past> past_;
    std::vector<std::vector<float>> scratch_;
    std::vector<float*> scratch_rows_;
    std::vector<const float*> in_rows_;
    std::vector<float*> out_rows_;
};

}  // namespace neural_amp::plugin
