// SPDX-License-Identifier: MIT
// The state of the effect as a host keeps it: one flat, versioned, checksummed, little-endian byte
// string with all settings and the model.
//
//     0   "NAMSTATE"
//     8   u32 version = 1
//     12  u32 CRC-32 of bytes 16 to where the model image starts; that has a checksum of its own
//     16  u64 bytes in all
//     24  f64 size, 0 to 1
//     32  f64 target_loudness_db
//     40  f64 interface_level_dbu, NaN if none
//     48  u32 output_mode: 0 raw, 1 normalized, 2 calibrated
//     52  f32 input gain, f32 output gain, from 0 to 1 as the host's parameters have them
//     60  u32 kind of refusal: 0 none, 1 a setting, 2 the state or the model in it
//     64  u32 bytes of the refusal, at most 4096
//     68  u32 zero
//     72  u64 bytes of the model image, 0 if there is no model
//     80  the refusal: why the state that was set last is not this one, UTF-8
//         the model image
//
// A host can only be told that a state was refused, not why; so the effect says it in the next
// state that it gives. In a state that is set, a refusal is skipped.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include <neural_amp/neural_amp.h>

#include "parameters.h"

namespace neural_amp::plugin {

/// A state that cannot be read. The message says what was found and what is accepted.
class StateError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct Refusal {
    enum Kind : std::uint32_t { none, setting, state };
    Kind kind = none;
    std::string reason;
};

struct State {
    Settings settings;  ///< without the gains, which are parameters
    std::array<float, parameters.size()> normalised = {parameters[input_gain].normalised(0.0),
                                                       parameters[output_gain].normalised(0.0)};
    std::span<const std::byte> image;  ///< borrowed; empty if there is no model
};

/// More than any state has: 16 sizes and 1 MiB of metadata are 2 MB.
constexpr std::size_t max_state_bytes = std::size_t(16) << 20;

/// Checks all but the model image and whether the settings suit it. Throws StateError.
/// [not real-time]
State read_state(std::span<const std::byte> bytes);

std::vector<std::byte> write_state(const State& state, const Refusal& refusal);

}  // namespace neural_amp::plugin
