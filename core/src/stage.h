// SPDX-License-Identifier: MIT
// One step of a stream's signal path. A stream is a list of them, and knows of itself what they
// add up to.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include <neural_amp/neural_amp.h>

namespace neural_amp {

/// A step for one audio channel. One thread at a time; nothing here allocates, locks or throws.
class Stage {
public:
    virtual ~Stage() = default;

    /// Takes the `frames` frames that come while `host_frames` go by at the stream's rate, and
    /// gives back how many it wrote. `in == out` is allowed, unless the stage converts rates. How a
    /// signal is cut into blocks changes no bit of the output. [audio thread]
    virtual int process(const float* in, float* out, int frames, int host_frames) noexcept = 0;

    /// The same step of several channels, of which this is one: as `process` of each, bit for bit.
    /// [audio thread]
    virtual int process_all(std::span<Stage* const> stages, const float* const* in,
                            float* const* out, int frames, int host_frames) const noexcept {
        int made = 0;
        for (std::size_t c = 0; c < stages.size(); ++c)
            made = stages[c]->process(in[c], out[c], frames, host_frames);
        return made;
    }

    /// Back to the state after an infinite time of `constant`, before frame `first_frame` of the
    /// stream's signal. [audio thread]
    virtual void reset(std::int64_t first_frame, float constant) noexcept = 0;

    /// What comes out for ever when `constant` has gone in for ever.
    virtual float silence(float constant) const noexcept = 0;

    /// How far back the input counts for an output that counts as far back as `output`: each in
    /// frames where it is, before the one of the present.
    virtual Memory memory(Memory output) const noexcept = 0;

    /// Frames of the stream by which what comes out lags what goes in.
    virtual int latency_frames() const noexcept = 0;

    /// As those of a Network: what it remembers of the sound, its place in the signal included
    /// where it counts, its settings not. [audio thread]
    virtual std::size_t state_bytes() const noexcept = 0;
    virtual void save(std::byte* state) const noexcept = 0;
    virtual void restore(const std::byte* state) noexcept = 0;
};

}  // namespace neural_amp
