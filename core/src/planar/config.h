// SPDX-License-Identifier: MIT
// Reads the config of a record of convolutions: u32 after u32, none of them trusted.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "builder.h"

namespace neural_amp::planar {

class Config {
public:
    /// `network` is what errors call the network: "a WaveNet".
    Config(const char* network, std::span<const std::byte> bytes)
        : network_(network), rest_(bytes) {}

    /// The next number. Throws a ModelError, in words of `name`, unless it is from `low` to `high`.
    int number(const char* name, int low, int high);

    Activation activation();

    /// Throws a ModelError if anything is left.
    void end() const;

private:
    std::uint32_t word();

    const char* network_;
    std::span<const std::byte> rest_;
};

/// Throws a ModelError, in words of `network`, unless an activation of `rows` rows can have these
/// parameters.
void check_slopes(const char* network, const Activation& activation, int rows);

/// Throws a ModelError, in words of `network` and `name`, unless the groups divide rows and
/// outputs.
void check_groups(const char* network, const char* name, const Convolution& convolution);

/// What convolutions take, all in all; dead ones are left out of the multiply-adds.
struct Totals {
    std::int64_t weights = 0;
    std::int64_t multiply_adds = 0;
    std::int64_t lookback_frames = 0;
    std::int64_t history_floats = 0;

    void count(const Convolution& convolution, bool dead = false);

    /// Throws a ModelError, in words of `network`, unless they are within the limits and take as
    /// many weights as there are.
    void check(const char* network, std::size_t weights_found) const;
};

}  // namespace neural_amp::planar
