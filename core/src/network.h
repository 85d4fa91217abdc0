// SPDX-License-Identifier: MIT
// What a stream asks of an architecture: weights that make networks, networks that make sound.
#pragma once

#include <memory>

namespace neural_amp {

/// One mono signal's way through a network, with its past.
class Network {
public:
    virtual ~Network() = default;

    /// Any number of frames; `in == out` is allowed. [audio thread]
    virtual void process(const float* in, float* out, int frames) noexcept = 0;

    /// Back to the state after infinite silence. [audio thread]
    virtual void reset() noexcept = 0;
};

/// The weights of one network: immutable, shared by its networks. [any thread]
class NetworkWeights {
public:
    virtual ~NetworkWeights() = default;

    /// A network in the state after infinite silence, which holds on to these weights.
    /// [not real-time]
    virtual std::unique_ptr<Network> make_network() const = 0;

    virtual int receptive_field_frames() const noexcept = 0;

    /// What comes out under infinite silence.
    virtual float silence() const noexcept = 0;
};

}  // namespace neural_amp
