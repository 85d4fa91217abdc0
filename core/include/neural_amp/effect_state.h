// SPDX-License-Identifier: MIT
// The state of the effect as a host keeps it: one flat, versioned, checksummed, little-endian byte
// string with all settings and the model. Version 2 is written:
//
//     0   "NAMSTATE"
//     8   u32 version = 2
//     12  u32 CRC-32 of bytes 16 to where the model image starts; that has a checksum of its own
//     16  u64 bytes in all
//     24  f32 input gain, f32 output gain, from 0 to 1 as the host's parameters have them
//     32  u32 kind of refusal: 0 none, 1 a setting, 2 the state or the model in it
//     36  u32 bytes of the refusal, at most 4096
//     40  u32 number of settings
//     44  u32 zero
//     48  u64 bytes of the model image, 0 if there is no model
//     56  the settings that are not at their default, in any order, each
//             char name[24], filled with zeros: a name of visit_voicing
//             f64 value: a number; 0 or 1; or the place of a word in its list
//         the refusal: why the state that was set last is not this one, UTF-8
//         the model image
//
// So a setting that a later release adds changes neither this layout nor what older states mean;
// and where it is not at its default, this release refuses the state, as it would sound different.
//
// Version 1, of release 0.1.0, is read for good. It has the fields of its time:
//
//     0   as above, with version = 1
//     24  f64 size
//     32  f64 target_loudness_db
//     40  f64 interface_level_dbu, NaN if none
//     48  u32 output_mode, as in version 2
//     52  f32 input gain, f32 output gain
//     60  u32 kind of refusal
//     64  u32 bytes of the refusal
//     68  u32 zero
//     72  u64 bytes of the model image
//     80  the refusal
//         the model image
//
// A host can only be told that a state was refused, not why; so the effect says it in the next
// state that it gives. In a state that is set, a refusal is skipped.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <vector>

#include <neural_amp/effect_parameters.h>
#include <neural_amp/settings.h>

namespace neural_amp {

/// A state that cannot be read. The message says what was found and what is accepted.
class StateError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

struct Refusal {
    enum Kind : std::uint32_t { none, setting, state };
    Kind kind = none;
    std::string reason;  ///< all but its first 4096 bytes are cut off in a state
};

struct EffectState {
    Voicing voicing;
    std::array<float, effect_parameters.size()> normalised = {
        effect_parameters[input_gain].normalised(effect_parameters[input_gain].default_value),
        effect_parameters[output_gain].normalised(effect_parameters[output_gain].default_value)};
    Refusal refusal;
    std::span<const std::byte> image;  ///< borrowed; empty if there is no model

    /// With the gains that the parameters stand for.
    Settings settings() const noexcept;
};

/// More than any state has: 16 sizes and 1 MiB of metadata are 2 MB.
constexpr std::size_t max_effect_state_bytes = std::size_t(16) << 20;

/// Trusts nothing. Does not look at the model image, nor whether the settings are in range and suit
/// it: `gains` does. Throws StateError. What comes back borrows from `bytes`.
/// [any thread, not real-time]
EffectState read_effect_state(std::span<const std::byte> bytes);

/// [any thread, not real-time]
std::vector<std::byte> write_effect_state(const EffectState& state);

}  // namespace neural_amp
