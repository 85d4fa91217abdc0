// SPDX-License-Identifier: MIT
// WaveNets of any shape behind the interface that streams use. shape.h says what the config of a
// record is; its one child, if it has one, makes the condition.
#pragma once

#include "../networks.h"

namespace neural_amp::wavenet {

extern const Room room;

}  // namespace neural_amp::wavenet
