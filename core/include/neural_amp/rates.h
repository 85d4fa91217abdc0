// SPDX-License-Identifier: MIT
// What a Stream does about rates, for those who resample once for many amps. Bit for bit, all from
// frame 0 on,
//
//     Stream(model, host rate)  =  ToModelRate -> Stream(model, its own rate) -> FromModelRate
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

namespace neural_amp {

class Resampler;
struct Rates;

/// One audio channel on its way from the host's rate to the model's. Movable (and of no use then);
/// one thread at a time.
class ToModelRate {
public:
    /// Throws std::invalid_argument for a rate outside
    /// Model::min_sample_rate_hz..max_sample_rate_hz. [not real-time]
    ToModelRate(double host_hz, double model_hz);
    ~ToModelRate();
    ToModelRate(ToModelRate&&) noexcept;
    ToModelRate& operator=(ToModelRate&&) noexcept;

    /// Frames at the model's rate that the next `frames` frames of the host make. [audio thread]
    std::size_t model_frames(std::size_t frames) const noexcept;

    /// Reads `frames` frames, any number, and writes `model_frames(frames)`. [audio thread]
    void process(const float* in, float* out, std::size_t frames) noexcept;

    /// Back to silence, before frame `first_frame` of the host's signal. [audio thread]
    void reset(std::int64_t first_frame = 0) noexcept;

    /// Host frames by which what comes out lags what goes in. [any thread]
    int latency_frames() const noexcept;

    /// What it remembers, its place in the signal included, as `state_bytes()` bytes: none at the
    /// model's own rate. `restore` takes what `save` of a converter of the same rates gave; other
    /// bytes do no harm. [audio thread]
    std::size_t state_bytes() const noexcept;
    void save(std::byte* state) const noexcept;
    void restore(const std::byte* state) noexcept;

private:
    std::shared_ptr<const Rates> rates_;
    std::unique_ptr<Resampler> resampler_;
    std::int64_t next_frame_;
};

/// And on its way back, in step with a ToModelRate of the same rates.
class FromModelRate {
public:
    /// `silence` is what the model gives for silence: Stream::silence. Throws as ToModelRate does.
    /// [not real-time]
    FromModelRate(double host_hz, double model_hz, float silence);
    ~FromModelRate();
    FromModelRate(FromModelRate&&) noexcept;
    FromModelRate& operator=(FromModelRate&&) noexcept;

    /// As ToModelRate::model_frames, for the next `frames` to be written. [audio thread]
    std::size_t model_frames(std::size_t frames) const noexcept;

    /// Reads `model_frames(frames)` frames and writes `frames`, any number. [audio thread]
    void process(const float* in, float* out, std::size_t frames) noexcept;

    /// Back to `silence`, before frame `first_frame` of the host's signal. [audio thread]
    void reset(float silence, std::int64_t first_frame = 0) noexcept;

    /// Host frames by which what comes out lags what went into the ToModelRate. [any thread]
    int latency_frames() const noexcept;

    /// As those of a ToModelRate. [audio thread]
    std::size_t state_bytes() const noexcept;
    void save(std::byte* state) const noexcept;
    void restore(const std::byte* state) noexcept;

private:
    std::shared_ptr<const Rates> rates_;
    std::unique_ptr<Resampler> resampler_;
    std::int64_t next_frame_;
};

}  // namespace neural_amp
