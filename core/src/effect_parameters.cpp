// SPDX-License-Identifier: MIT
#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>

#include <neural_amp/effect_parameters.h>

namespace neural_amp {

double EffectParameter::on_grid(double value) const noexcept {
    if (std::isnan(value)) return default_value;
    return std::round(std::clamp(value, min, max) * steps_per_unit) / steps_per_unit;
}

double EffectParameter::value(double normalised) const noexcept {
    return on_grid(min + (max - min) * normalised);
}

float EffectParameter::normalised(double value) const noexcept {
    if (std::isnan(value)) value = default_value;
    return float((std::clamp(value, min, max) - min) / (max - min));
}

std::string EffectParameter::text(double normalised) const {
    const long steps = std::lround(value(normalised) * steps_per_unit);
    const long whole_steps = long(steps_per_unit);
    std::string decimals = std::to_string(whole_steps + std::labs(steps) % whole_steps);
    decimals.erase(std::max<std::size_t>(decimals.find_last_not_of('0') + 1, 2));
    std::string text = steps < 0 ? "-" : "";
    return text.append(std::to_string(std::labs(steps) / whole_steps))
        .append(1, '.')
        .append(decimals, 1);
}

std::optional<float> EffectParameter::normalised_of(std::string_view text) const noexcept {
    text.remove_prefix(std::min(text.find_first_not_of(" +"), text.size()));
    double value = 0.0;
    const auto end = std::from_chars(text.data(), text.data() + text.size(), value);
    if (end.ec != std::errc() || std::isnan(value)) return std::nullopt;
    return normalised(value);
}

}  // namespace neural_amp
