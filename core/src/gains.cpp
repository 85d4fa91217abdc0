// SPDX-License-Identifier: MIT
// From settings to the two gains that a stream applies.
#include <string>

#include <neural_amp/neural_amp.h>

#include "number.h"

namespace neural_amp {
namespace {

void check_range(const char* name, double value, double low, double high) {
    if (value >= low && value <= high) return;  // NaN is not
    throw std::invalid_argument(std::string(name) + " is " + number(value) + "; accepted are " +
                                number(low) + " to " + number(high));
}

/// The level that a setting needs and the model may not know.
double needed(std::optional<double> level, const char* setting, const char* field) {
    if (level) return *level;
    throw std::invalid_argument(std::string(setting) + " needs " + field +
                                ", which this model does not state");
}

}  // namespace

Gains gains(const Model& model, const Settings& settings) {
    const Voicing& voicing = settings.voicing;
    check_range("size", voicing.size, 0.0, 1.0);
    check_range("input_gain_db", settings.input_gain_db, min_gain_db, max_gain_db);
    check_range("output_gain_db", settings.output_gain_db, min_gain_db, max_gain_db);
    check_range("target_loudness_db", voicing.target_loudness_db, -60.0, 0.0);
    const auto interface = voicing.interface_level_dbu;
    if (interface) check_range("interface_level_dbu", *interface, -60.0, 60.0);

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
