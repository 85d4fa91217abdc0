// SPDX-License-Identifier: MIT
// The parameters that a host sees and automates. All other settings ride in the state: pedalboard
// asks for 1,001 texts of each parameter, 3 ms, whenever it makes an instance.
#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <optional>
#include <string>
#include <string_view>

namespace neural_amp::plugin {

struct Parameter {
    const char16_t* title;  ///< with the units, pedalboard makes `input_gain_db` of it
    const char16_t* short_title;
    const char16_t* units;
    double min, max, default_value;

    /// Steps in 1 of the unit. A host hands on a float from 0 to 1, which is 6e-6 dB off; rounded
    /// to this grid, a gain is what was asked for, to the bit.
    static constexpr double steps_per_unit = 1e4;

    /// NaN becomes the default, here and below.
    double value(double normalised) const {
        if (std::isnan(normalised)) return default_value;
        const double plain = min + (max - min) * std::clamp(normalised, 0.0, 1.0);
        return std::round(plain * steps_per_unit) / steps_per_unit;
    }

    float normalised(double value) const {
        if (std::isnan(value)) value = default_value;
        return float((std::clamp(value, min, max) - min) / (max - min));
    }

    /// A number without units and without locale: "-6.02", "3.0".
    std::string text(double normalised) const {
        const long steps = std::lround(value(normalised) * steps_per_unit);
        const long whole_steps = long(steps_per_unit);
        std::string decimals = std::to_string(whole_steps + std::labs(steps) % whole_steps);
        decimals.erase(std::max<std::size_t>(decimals.find_last_not_of('0') + 1, 2));
        std::string text = steps < 0 ? "-" : "";
        return text.append(std::to_string(std::labs(steps) / whole_steps))
            .append(1, '.')
            .append(decimals, 1);
    }

    /// Units may follow the number.
    std::optional<float> normalised_of(std::string_view text) const {
        text.remove_prefix(std::min(text.find_first_not_of(" +"), text.size()));
        double value = 0.0;
        const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
        if (end.ec != std::errc() || std::isnan(value)) return std::nullopt;
        return normalised(value);
    }
};

enum ParameterIndex : std::size_t { input_gain, output_gain };

inline constexpr std::array<Parameter, 2> parameters = {{
    {u"Input Gain", u"Input", u"dB", -50.0, 50.0, 0.0},
    {u"Output Gain", u"Output", u"dB", -50.0, 50.0, 0.0},
}};

}  // namespace neural_amp::plugin
