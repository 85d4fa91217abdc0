// SPDX-License-Identifier: MIT
// neural_amp: Neural Amp Modeler networks as streams of audio. This header is the manual.
//
//     neural_amp::Model model(image, image_bytes);          // [not real-time]
//     neural_amp::Stream stream(model, 44100.0, 2, {});     // [not real-time]
//     stream.process(in, out, frames);                      // [audio thread]
//
// Words: a frame is one instant of audio. Latency counts frames at the stream's own rate. Gains are
// in dB, levels in dBu, loudness in dB re full scale RMS. Threads: [any thread] is safe from
// several at once, [audio thread] never allocates, locks, throws or logs, [not real-time] may do
// all of these.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <stdexcept>
#include <string_view>
#include <vector>

#include <neural_amp/settings.h>

namespace neural_amp {

/// A model image that cannot be used. The message says what was found and what is accepted.
class ModelError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// How far back what comes out depends on what went in. The only source for lookbacks, tails,
/// overlaps and prewarms.
struct Memory {
    /// No frame before these can change a bit of the current output; for most networks they are
    /// just the frames that can. nullopt: all since reset.
    std::optional<std::int64_t> lookback_frames;

    /// What the reference plays of silence before it starts. Where the lookback has no end, this is
    /// a good guess at what can still be heard, and no more than a guess.
    std::int64_t settle_frames;

    bool operator==(const Memory&) const = default;
};

/// What a network does for a frame.
struct Cost {
    std::int64_t multiply_adds;
    std::int64_t activations;

    bool operator==(const Cost&) const = default;
};

/// One of the networks in a model.
struct NetworkInfo {
    double max_value;  ///< plays for a `size` below this; the last one for all others too
    std::string_view architecture;  ///< the kind of network: "A2", "LSTM"; these live as long as
    std::string_view label;         ///< the model; by its size: "lite", "16/8", "1x16"
    std::string_view description;   ///< in full: "A1 standard WaveNet, 16/8 channels"
    int width;                      ///< channels inside, or units
    std::size_t weight_count;
    std::optional<double> loudness_db;  ///< of the trainer's standard input; nullopt if unknown
    Memory memory;
    Cost cost;
};

/// Weights and what is known about them. Immutable: copies share everything and may be used by any
/// number of streams and threads. [any thread]
class Model {
public:
    static constexpr double min_sample_rate_hz = 8000.0;
    static constexpr double max_sample_rate_hz = 384000.0;

    /// Reads a model image, trusting nothing in it. The bytes are copied. Throws ModelError.
    /// [not real-time]
    explicit Model(std::span<const std::byte> image);

    /// The image that this model was read from.
    std::span<const std::byte> image() const noexcept;

    double sample_rate_hz() const noexcept;
    std::optional<double> input_level_dbu() const noexcept;
    std::optional<double> output_level_dbu() const noexcept;

    /// UTF-8 JSON that the core carries along and does not read.
    std::string_view metadata() const noexcept;

    const std::vector<NetworkInfo>& networks() const noexcept;

    /// The network that plays for a size: the first of all for 0, the last for 1 and NaN. Between
    /// them the reference's rule: the first with `size < max_value`, else the last.
    int network_index(double size) const noexcept;

private:
    friend class Stream;
    friend class Bench;
    struct Contents;
    std::shared_ptr<const Contents> contents_;
};

struct Gains {
    double input_db;
    double output_db;
};

/// The gains that `settings` mean for `model`, everything added up. Input:
///
///     input_gain_db
///     + interface_level_dbu - input_level_dbu     if an interface level is set
///
/// and output:
///
///     output_gain_db
///     + target_loudness_db - loudness_db          if normalized; the loudness of the size that
///     plays
///     + output_level_dbu - interface_level_dbu    if calibrated
///
/// Throws std::invalid_argument for a number out of range, and where a level or loudness that the
/// settings need is unknown. [any thread]
Gains gains(const Model& model, const Settings& settings);

/// A model at work on audio of any rate, each audio channel for itself. Movable (and of no use
/// then); one thread at a time.
class Stream {
public:
    static constexpr int max_num_channels = 64;

    /// Makes all memory that the stream will ever need. Throws std::invalid_argument for a rate
    /// outside Model::min_sample_rate_hz..max_sample_rate_hz, a channel count outside
    /// 1..max_num_channels, and what `gains` throws. [not real-time]
    Stream(Model model, double sample_rate_hz, int num_channels, const Settings& settings);
    ~Stream();
    Stream(Stream&&) noexcept;
    Stream& operator=(Stream&&) noexcept;

    /// Runs `frames` frames, any number, of every channel: `in[c]` and `out[c]` point to channel c.
    /// `out[c] == in[c]` is allowed; `out[c]` must not overlap any other channel. How a signal is
    /// cut into blocks changes no bit of the output. Denormals are flushed inside; the caller's
    /// floating-point mode is restored. [audio thread]
    void process(const float* const* in, float* const* out, std::size_t frames) noexcept;

    /// Back to the state after infinite silence; gains jump to their targets. The next frame of
    /// input is frame `first_frame` of a signal: a stream that starts there, a finite lookback
    /// ahead of where its output is wanted, gives the bits of one that ran from frame 0. [audio
    /// thread]
    void reset(std::int64_t first_frame = 0) noexcept;

    /// New gains, reached in a linear ramp of 5 ms at the model's rate. Throws
    /// std::invalid_argument for a gain out of range, and then changes nothing. Not while `process`
    /// runs. [audio thread, for gains in range]
    void set_gains_db(double input_gain_db, double output_gain_db);

    const Model& model() const noexcept;        ///< [any thread]
    const Settings& settings() const noexcept;  ///< not while set_gains_db runs [any thread]
    int num_channels() const noexcept;          ///< [any thread]

    /// Frames by which the output lags the input: 0 at the model's own rate. [any thread]
    int latency_frames() const noexcept;

    /// The output after infinite silence, output gain included. Not while `set_gains_db` runs. [any
    /// thread]
    float silence() const noexcept;

    /// In frames of the stream, latency included. Not more than is needed, but for the rounding of
    /// rates. [any thread]
    Memory memory() const noexcept;

    /// What the stream remembers, as `state_bytes()` bytes: all channels, gains on their way, the
    /// place in the signal where it counts for a conversion; not the settings. It depends on the
    /// sound alone, not on how it was cut into blocks, and on nothing that cannot be heard any
    /// more: streams of the same model, rate, channels and settings with equal bytes sound the
    /// same for ever. So a stream that started late, `settle_frames` ahead, say, is known to be
    /// right where its bytes are those of one that ran from frame 0, and can be played again from
    /// those where they are not.
    ///
    /// `restore` takes what `save` of such a stream gave; other bytes make some sound, and no
    /// harm. Neither while `process` runs. [audio thread]
    std::size_t state_bytes() const noexcept;
    void save(std::byte* bytes) const noexcept;
    void restore(const std::byte* bytes) noexcept;

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// The kernels in use: "baseline", "avx2", "avx512" or "neon". The widest that this CPU has, unless
/// the environment variable PEDALBOARD_NAM_ISA names another. Throws std::invalid_argument, with
/// the list of those available, if it names none of them. [any thread]
const char* isa();

/// The names that PEDALBOARD_NAM_ISA may take on this machine, the widest first. [any thread]
std::vector<const char*> available_isas();

}  // namespace neural_amp
