// SPDX-License-Identifier: MIT
#pragma once

#include <nanobind/nanobind.h>

/// The effect's state, and the grid of its gains.
void bind_effect_state(nanobind::module_& m);
