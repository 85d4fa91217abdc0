// SPDX-License-Identifier: MIT
// From a WaveNet to the steps that play it.
#pragma once

#include "../planar/builder.h"
#include "shape.h"

namespace neural_amp::wavenet {

/// `shape` with its weights; `head_scale` is theirs too. [not real-time]
planar::OwnedPlan make_plan(const Shape& shape, float head_scale, bool conditioned);

}  // namespace neural_amp::wavenet
