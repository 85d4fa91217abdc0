// SPDX-License-Identifier: MIT
// What a network remembers, as floats one after the other: of every ring what can still be heard,
// row by row, the oldest frame first. Where the rings stand and what lies behind that is left out.
#pragma once

#include <cstddef>

#include "history.h"

namespace neural_amp::a2 {

/// 202,932 at 8 channels, 76,112 at 3.
std::size_t state_bytes(int channels);

/// [audio thread]
void save(const History& history, int channels, std::byte* state);
void restore(History& history, int channels, const std::byte* state);

}  // namespace neural_amp::a2
