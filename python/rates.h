// SPDX-License-Identifier: MIT
#pragma once

#include <nanobind/nanobind.h>

/// ToModelRate and FromModelRate.
void bind_rates(nanobind::module_& m);
