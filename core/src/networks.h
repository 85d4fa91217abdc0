// SPDX-License-Identifier: MIT
// The kinds of networks that this build plays.
#pragma once

#include <cstdint>
#include <memory>
#include <span>

#include "image.h"
#include "network.h"

namespace neural_amp {

/// What a network must know that its record does not say.
struct Place {
    double sample_rate_hz;

    /// What comes in under silence, for each input: zero for an amp; inside another network, what
    /// the one before it makes of silence.
    std::span<const float> silence;

    /// Multiply-adds that networks may still take while they are loaded, all of an image together;
    /// null: as many as they like.
    std::int64_t* settling_left = nullptr;
};

/// One kind of network, in a folder of its own.
struct Room {
    std::uint32_t tag;  ///< of its records in a model image; never used for another kind
    const char* name;   ///< what users call networks of this kind: "A2"

    /// Throws ModelError for a record that is none of this kind: what its config may hold, how many
    /// weights that takes, which networks it may hold, and whether it has as many inputs as its
    /// place. What it keeps of the record it copies. [not real-time]
    std::shared_ptr<const Weights> (*load)(const Record& record, const Place& place);
};

/// All of them. [any thread]
std::span<const Room* const> rooms();

/// The room of the record's tag, which loads it; a room does so with the networks that it holds.
/// Throws ModelError if there is none. [not real-time]
const Room& room_of(const Record& record);

/// Throws a ModelError, in words of `found` and `accepted`, unless `place` has so many inputs.
void check_inputs(const Place& place, std::size_t accepted);

}  // namespace neural_amp
