// SPDX-License-Identifier: MIT
// What a network is to all who play one: weights that make networks, networks that make sound.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string_view>

#include <neural_amp/neural_amp.h>

namespace neural_amp {

/// A signal's way through a network, with its past. One thread at a time.
class Network {
public:
    virtual ~Network() = default;

    /// Any number of frames of every channel: `in` has those that the weights take, `out` those
    /// that they give. `out[o] == in[i]` is allowed. How a signal is cut into blocks changes no bit
    /// of the output. [audio thread]
    virtual void process(const float* const* in, float* const* out, int frames) noexcept = 0;

    /// Back to the state after infinite silence, before frame `first_frame` of the signal. [audio
    /// thread]
    virtual void reset(std::int64_t first_frame) noexcept = 0;

    /// What it remembers, as `state_bytes()` bytes in a form that depends on the sound alone, and
    /// on nothing that cannot be heard any more: networks of the same weights with equal bytes
    /// sound the same for ever. `restore` takes what `save` of a network of the same weights gave;
    /// of other bytes it makes some sound, and no harm. [audio thread]
    virtual std::size_t state_bytes() const noexcept = 0;
    virtual void save(std::byte* state) const noexcept = 0;
    virtual void restore(const std::byte* state) noexcept = 0;
};

constexpr int max_side_by_side = 4;

/// The weights of one network: immutable, shared by its networks. [any thread]
class Weights {
public:
    virtual ~Weights() = default;

    /// A network before frame 0 in the state after infinite silence, which holds on to these
    /// weights. [not real-time]
    virtual std::unique_ptr<Network> make_network() const = 0;

    /// How many networks of these weights, up to `max_side_by_side`, take the least time for each
    /// if `process` plays them together: more than one where a network waits for itself.
    virtual int side_by_side() const noexcept { return 1; }

    /// Plays `frames` frames of each of `networks`, up to `side_by_side()` that these weights made.
    /// `in[n]` and `out[n]` are what `process` of network n takes, and all bits are those that it
    /// would give. No output lies where another network's input does. [audio thread]
    virtual void process(std::span<Network* const> networks, const float* const* const* in,
                         float* const* const* out, int frames) const noexcept {
        for (std::size_t n = 0; n < networks.size(); ++n)
            networks[n]->process(in[n], out[n], frames);
    }

    virtual Memory memory() const noexcept = 0;
    virtual Cost cost() const noexcept = 0;

    /// Floats of the past that a network keeps, networks inside included, where they may be many:
    /// what holds other networks sums them up, and refuses too many.
    virtual std::int64_t history_floats() const noexcept { return 0; }

    /// Channels of audio. Amps have one of each; networks inside others may have more.
    virtual int inputs() const noexcept { return 1; }
    virtual int outputs() const noexcept { return 1; }

    /// What comes out of each output under infinite silence.
    virtual std::span<const float> silence() const noexcept = 0;

    /// Channels inside.
    virtual int width() const noexcept = 0;

    /// What users call a network of this kind by its size: "lite", "16/8", "1x16".
    virtual std::string_view label() const noexcept = 0;

    /// What users call it if asked what it is: "A2 lite", "A1 standard WaveNet, 16/8 channels".
    virtual std::string_view description() const noexcept = 0;
};

}  // namespace neural_amp
