// SPDX-License-Identifier: MIT
// What the effect does, without the interface that it does it through: a model and its settings,
// changed on any thread, played on another.
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <mutex>

#include <neural_amp/neural_amp.h>

#include "player.h"
#include "state.h"

namespace neural_amp::plugin {

/// Without a model, audio passes unchanged. At a rate that the engine does not take comes silence:
/// the bare guitar at full level would pass for the amp.
class Processor {
public:
    static constexpr int max_num_channels = 8;

    Processor();

    /// Model and settings, as a host kept them. Throws StateError, ModelError or
    /// std::invalid_argument, and then plays on as before and keeps the reason for `state`. While
    /// audio runs, the new sound fades in over 5 ms. [any thread, not real-time]
    void set_state(std::span<const std::byte> bytes);
    std::vector<std::byte> state() const;

    /// [any thread]
    void set_parameter(std::size_t index, double normalised) noexcept;
    double parameter(std::size_t index) const noexcept { return normalised_[index]; }

    /// While no audio runs, all of these. [not real-time]
    void set_layout(double sample_rate_hz, int num_channels);
    double sample_rate_hz() const;
    int num_channels() const;

    /// Audio is forgotten when going from inactive to active, and only then: hosts say `true` again
    /// in the midst of a stream, also while `process` runs.
    void set_active(bool active);
    bool is_active() const;
    int latency_frames();

    /// Runs `num_channels` channels; `out[c] == in[c]` is allowed. Gives false, and does nothing,
    /// if this is another number than that of the layout. Never waits: what another thread is just
    /// handing over is heard from the next block on. One thread at a time. [audio thread]
    bool process(const float* const* in, float* const* out, int num_channels,
                 std::size_t frames) noexcept;

private:
    enum class Stale { nothing, sound, layout };

    void bring_up_to_date();
    void send(Sound sound);
    void take_mail() noexcept;
    Sound new_sound() const;
    double gain_db(ParameterIndex gain) const noexcept;

    // What is to be played.
    mutable std::mutex wish_;
    std::shared_ptr<const Model> model_;
    Settings settings_;  ///< without the gains
    Refusal refusal_;
    double sample_rate_hz_ = 48000.0;
    int num_channels_ = 2;
    int latency_frames_ = 0;
    bool is_active_ = false;
    Stale stale_ = Stale::nothing;  ///< what has been handed over differs from the above in this

    std::array<std::atomic<float>, parameters.size()> normalised_;

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

    std::unique_ptr<Player> player_;  ///< the audio thread's, while audio runs
};

}  // namespace neural_amp::plugin
