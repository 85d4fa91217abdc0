// SPDX-License-Identifier: MIT
// A2 networks behind the interface that streams use.
#pragma once

#include <memory>
#include <span>

#include "../network.h"

namespace neural_amp::a2 {

/// True for the widths that exist: 3 and 8.
bool is_width(int channels);

/// Floats that `load` takes for this width.
std::size_t weight_count_of(int channels);

/// `weights` in the order of a `.nam` file. [not real-time]
std::shared_ptr<const NetworkWeights> load(int channels, std::span<const float> weights);

}  // namespace neural_amp::a2
