// SPDX-License-Identifier: MIT
// The two gains as a host of the effect sees and automates them: floats from 0 to 1, and a grid of
// values behind them. All other settings ride in the effect's state: pedalboard asks for 1,001
// texts of each parameter, 3 ms, whenever it makes an instance.
//
// All of this [any thread]; what gives a string is [not real-time].
#pragma once

#include <array>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <neural_amp/settings.h>

namespace neural_amp {

struct EffectParameter {
    double min, max, default_value;

    /// Steps in 1 of the unit. A float from 0 to 1 is 6e-6 dB off; rounded to this grid, a gain is
    /// what was asked for, to the bit.
    static constexpr double steps_per_unit = 1e4;

    /// The nearest value that the parameter can have. NaN becomes the default, here and below.
    double on_grid(double value) const noexcept;

    /// The value that a host means. Always on the grid.
    double value(double normalised) const noexcept;

    /// What a host has for a value, or for the nearest that is in range.
    float normalised(double value) const noexcept;

    /// A number without units and without locale: "-6.02", "3.0".
    std::string text(double normalised) const;

    /// Units may follow the number. nullopt if it does not begin with one.
    std::optional<float> normalised_of(std::string_view text) const noexcept;
};

enum EffectParameterIndex : std::size_t { input_gain, output_gain };

inline constexpr std::array<EffectParameter, 2> effect_parameters = {{
    {min_gain_db, max_gain_db, 0.0},
    {min_gain_db, max_gain_db, 0.0},
}};

}  // namespace neural_amp
