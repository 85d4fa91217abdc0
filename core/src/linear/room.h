// SPDX-License-Identifier: MIT
// Filters behind the interface that streams use: cabinets, mostly. The config of a record is a
// Shape (shape.h); its weights are the taps, that of the newest frame first, then the bias if there
// is one.
#pragma once

#include "../networks.h"

namespace neural_amp::linear {

extern const Room room;

}  // namespace neural_amp::linear
