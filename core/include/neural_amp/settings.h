// SPDX-License-Identifier: MIT
// What a stream plays besides its model, stated once: another setting is a member of Voicing, a
// line of visit_voicing, and the DSP that acts on it. The effect's state and the bindings follow.
#pragma once

#include <optional>

namespace neural_amp {

enum class OutputMode { raw, normalized, calibrated };

/// The words for them, in their order.
inline constexpr const char* output_mode_words[] = {"raw", "normalized", "calibrated"};

/// All that makes a network sound different, but for the gains: a stream is made for it, and
/// another one for another. Members are double, bool, OutputMode or std::optional<double>, whose
/// default is none.
struct Voicing {
    double size = 1.0;  ///< see Model::network_index
    OutputMode output_mode = OutputMode::raw;
    double target_loudness_db = -18.0;  ///< for OutputMode::normalized

    /// The level that 0 dBFS stands for at the interface, if the input is to be calibrated.
    std::optional<double> interface_level_dbu;

    bool operator==(const Voicing&) const = default;
};

inline constexpr double min_gain_db = -50.0;
inline constexpr double max_gain_db = 50.0;

struct Settings {
    Voicing voicing;
    double input_gain_db = 0.0;   ///< min_gain_db..max_gain_db, and so is the other
    double output_gain_db = 0.0;  ///< both may change while a stream plays

    bool operator==(const Settings&) const = default;
};

/// What a number may be.
struct Range {
    double low, high;
};

/// Calls `visit(name, member, range)` for each member of a Voicing, const or not. The names, of at
/// most 24 letters, are literals, and those that users know. They stand in states, so they never
/// change. `gains` refuses numbers out of range; the range of a bool or an OutputMode means
/// nothing.
template <class SomeVoicing, class Visit>
void visit_voicing(SomeVoicing&& voicing, Visit&& visit) {
    visit("size", voicing.size, Range{0.0, 1.0});
    visit("output_mode", voicing.output_mode, Range{});
    visit("target_loudness_db", voicing.target_loudness_db, Range{-60.0, 0.0});
    visit("interface_level_dbu", voicing.interface_level_dbu, Range{-60.0, 60.0});
}

/// The same for all of the settings.
template <class SomeSettings, class Visit>
void visit_settings(SomeSettings&& settings, Visit&& visit) {
    visit_voicing(settings.voicing, visit);
    visit("input_gain_db", settings.input_gain_db, Range{min_gain_db, max_gain_db});
    visit("output_gain_db", settings.output_gain_db, Range{min_gain_db, max_gain_db});
}

}  // namespace neural_amp
