// SPDX-License-Identifier: MIT
// What the effect does, without the interface that it does it through: a model and its settings,
// changed on any thread, played on another.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>
#include <thread>

#include <neural_amp/effect_parameters.h>
#include <neural_amp/effect_state.h>
#include <neural_amp/neural_amp.h>

#include "player.h"

namespace neural_amp::plugin {

/// Without a model, audio passes unchanged. At a rate that the engine does not take comes silence:
/// the bare guitar at full level would pass for the amp.
class Processor {
public:
    Processor();

    /// Model and settings, as a host kept them. Throws StateError, ModelError or
    /// std::invalid_argument, and then plays on as before and keeps the reason for `state`. While
    /// audio runs, the new sound fades in over 5 ms, and hears the past here if audio runs on
    /// another thread, which need not wait for that then. [any thread, not real-time]
    void set_state(std::span<const std::byte> bytes);

    /// With the reason for which the last one was refused, if nobody has asked since. [any thread,
    /// not real-time]
    std::vector<std::byte> state();

    /// From 0 to 1; NaN is the default. [any thread]
    void set_parameter(std::size_t index, double normalised) noexcept;
    double parameter(std::size_t index) const noexcept { return normalised_[index]; }

    /// While no audio runs, these two; all of these [any thread, not real-time].
    void set_layout(double sample_rate_hz, int num_channels);

    /// Audio is forgotten when going from inactive to active, and only then: hosts say `true` again
    /// in the midst of a stream, also while `process` runs.
    void set_active(bool active);

    bool is_active() const;
    double sample_rate_hz() const;
    int num_channels() const;

    /// Of what is to be played next, which is made for it if need be.
    int latency_frames();
    int tail_frames();

    /// Runs `num_channels` channels; `out[c] == in[c]` is allowed. Gives false, and does nothing,
    /// if this is another number than that of the layout. Never waits: what another thread is just
    /// handing over is heard from the next block on. One thread at a time. [audio thread]
    bool process(const float* const* in, float* const* out, int num_channels,
                 std::size_t frames) noexcept;

private:
    void bring_up_to_date();
    Sound new_sound(const Model* model, const Settings& settings) const;
    void expect(const Sound& sound) noexcept;
    void take_mail() noexcept;

    // What is to be played.
    mutable std::mutex wanted_;
    std::shared_ptr<const Model> model_;
    Voicing voicing_;
    Refusal refusal_;
    double sample_rate_hz_ = 48000.0;
    int num_channels_ = 2;
    int latency_frames_ = 0, tail_frames_ = 0;
    std::shared_ptr<const Past> past_;  ///< of the player that is there, or on its way
    bool is_active_ = false;
    bool is_out_of_date_ = false;  ///< the above needs another player
    bool has_spent_ = false;       ///< the player may have more streams than it plays

    std::array<std::atomic<float>, effect_parameters.size()> normalised_;
    std::atomic<std::thread::id> audio_thread_;  ///< of the last block

    /// What is on its way to the audio thread; and then what came back, until the next is sent.
    struct Mail {
        std::unique_ptr<Player> player;
        Sound sound;
        bool has_player = false;
        bool has_sound = false;
    };

    // `process` tries the lock, and everyone else holds it for the exchange of a pointer.
    std::mutex mail_mutex_;
    Mail mail_;

    // The audio thread's, while audio runs.
    std::unique_ptr<Player> player_;
    std::array<double, effect_parameters.size()> gains_db_{};
};

}  // namespace neural_amp::plugin
