// SPDX-License-Identifier: MIT
// A2 networks behind the interface that streams use. The config of a record is a u32: the width.
#pragma once

#include "../networks.h"

namespace neural_amp::a2 {

extern const Room room;

}  // namespace neural_amp::a2
