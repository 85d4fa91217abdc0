// SPDX-License-Identifier: MIT
// Settings as Python has them: a dict, by name, of numbers, truths, words, and None.
#pragma once

#include <nanobind/nanobind.h>

#include <neural_amp/settings.h>

using SettingsDict = nanobind::typed<nanobind::dict, nanobind::str, nanobind::any>;

/// Throws a TypeError for a name that is missing or unknown, and a ValueError for a value of the
/// wrong kind. Ranges are the engine's business.
neural_amp::Settings settings_of(const nanobind::dict& by_name);

SettingsDict dict_of(const neural_amp::Settings& settings);

/// `Settings`.
void bind_settings(nanobind::module_& m);
