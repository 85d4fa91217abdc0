// SPDX-License-Identifier: MIT
// LSTMs behind the interface that streams use. The config of a record is four u32: layers, units,
// inputs, outputs.
#pragma once

#include "../networks.h"

namespace neural_amp::lstm {

extern const Room room;

}  // namespace neural_amp::lstm
