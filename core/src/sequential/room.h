// SPDX-License-Identifier: MIT
// Networks one after the other: an amp and its cabinet. A record has no config and no weights; its
// children are the networks in the order of the signal.
#pragma once

#include "../networks.h"

namespace neural_amp::sequential {

extern const Room room;

}  // namespace neural_amp::sequential
