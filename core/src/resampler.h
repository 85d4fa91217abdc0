// SPDX-License-Identifier: MIT
// Conversion of one signal between two rates, by a polyphase windowed sinc in rational steps.
//
// Output frame m lies at input position m * from / to. Positions are integers over `to`, so hours
// of audio drift by nothing. The filter passes 0.45 of the lower rate and stops from 0.5 on, below
// -100 dB, so that neither images nor aliases survive; linear phase, no delay of its own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

namespace neural_amp {

/// A position in the input: `part / to` past input frame `frame`.
struct Position {
    std::int64_t frame;
    std::int64_t part;
};

/// from / to in lowest terms. Rates count in steps of 1 mHz.
struct RateRatio {
    std::int64_t from;
    std::int64_t to;
    RateRatio(double from_hz, double to_hz);

    /// Where output frame `output` lies.
    Position position(std::int64_t output) const noexcept;

    /// The first output frame that lies at input frame `input` or after it.
    std::int64_t first_output(std::int64_t input) const noexcept;
};

/// The filter, one row of `2 * half_frames` weights for each position between two input frames.
struct ResamplerTable {
    RateRatio ratio;
    int half_frames;    ///< input frames that an output frame reaches to either side
    std::int64_t rows;  ///< `ratio.to`, or fewer: then some positions lie between two rows
    std::vector<float> weights;

    int taps() const { return 2 * half_frames; }
    const float* row(std::int64_t r) const { return weights.data() + r * taps(); }
};

/// Makes a table, or finds the one made before. [not real-time]
std::shared_ptr<const ResamplerTable> resampler_table(double from_hz, double to_hz);

/// Takes input as it comes and gives output as it is asked for.
class Resampler {
public:
    /// At most `max_waiting_frames` of input wait for a pull at any time, beside what the filter
    /// reaches back for. [not real-time]
    Resampler(std::shared_ptr<const ResamplerTable> table, int max_waiting_frames);

    /// The next pull gives output frame `first_output`, the next push takes input frame
    /// `first_input`; the input before it was `past`. [audio thread]
    void reset(std::int64_t first_output, std::int64_t first_input, float past) noexcept;

    void push(const float* in, int frames) noexcept;

    /// The input must reach `half_frames` past every frame.
    void pull(float* out, int frames) noexcept;

    /// The input that the next pulls read, as far as it is there, and zeros. `restore_input` comes
    /// after a `reset` to where the resampler stood then. [audio thread]
    std::size_t input_bytes() const noexcept { return input_.size() * sizeof(float); }
    void save_input(std::byte* bytes) const noexcept;
    void restore_input(const std::byte* bytes) noexcept;

private:
    std::shared_ptr<const ResamplerTable> table_;
    float (*dot_)(const float*, const float*, int);
    std::vector<float> input_;
    std::int64_t filled_ = 0;  ///< frames in `input_`
    std::int64_t begin_ = 0;   ///< the first of them that the next output frame reads
    std::int64_t part_ = 0;    ///< the next output frame's position past an input frame, over `to`
};

}  // namespace neural_amp
