// SPDX-License-Identifier: MIT
// From settings to the two gains that a stream applies.
#include <string>

#include <neural_amp/neural_amp.h>

#include "number.h"

namespace neural_amp {
namespace {

void check(const char* name, double value, Range range) {
    if (value >= range.low && value <= range.high) return;  // NaN is not
    throw std::invalid_argument(std::string(name) + " is " + number(value) + "; accepted are " +
                                number(range.low) + " to " + number(range.high));
}

void check(const char* name, std::optional<double> value, Range range) {
    if (value) check(name, *value, range);
}

void check(const char*, OutputMode, Range) {}
[[maybe_unused]] void check(const char*, bool, Range) {}

/// The level that a setting needs and the model may not know.
double needed(std::optional<double> level, const char* setting, const char* field) {
    if (level) return *level;
    throw std::invalid_argument(std::string(setting) + " needs " + field +
                                ", which this model does not state");
}

}  // namespace

Gains gains(const Model& model, const Settings& settings) {
    const Voicing& voicing = settings.voicing;
    visit_settings(settings, [](const char* name, const auto& member, Range range) {
        check(name, member, range);
    });

    const auto interface = voicing.interface_level_dbu;
    Gains gains{settings.input_gain_db, settings.output_gain_db};
    if (interface)
        gains.input_db +=
            *interface - needed(model.input_level_dbu(), "interface_level_dbu", "input_level_dbu");
    switch (voicing.output_mode) {
    case OutputMode::raw: break;
    case OutputMode::normalized: {
        const NetworkInfo& network = model.networks()[model.network_index(voicing.size)];
        gains.output_db +=
            voicing.target_loudness_db -
            needed(network.loudness_db, "output_mode \"normalized\"", "its loudness");
        break;
    }
    case OutputMode::calibrated:
        if (!interface)
            throw std::invalid_argument("output_mode \"calibrated\" needs interface_level_dbu");
        gains.output_db +=
            needed(model.output_level_dbu(), "output_mode \"calibrated\"", "output_level_dbu") -
            *interface;
    }
    return gains;
}

}  // namespace neural_amp
