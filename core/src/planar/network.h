// SPDX-License-Identifier: MIT
// Networks that play a plan, behind the interface that streams use.
#pragma once

#include <memory>
#include <string>

#include "../networks.h"
#include "builder.h"

namespace neural_amp::planar {

/// How many outputs a tile may have with the kernels in use: what a Builder wants to know.
int max_outputs();

/// What a room makes of a record.
struct Blueprint {
    OwnedPlan plan;
    std::shared_ptr<const Weights> child;  ///< plays first, into `plan.condition`; or null
    std::int64_t lookback_frames;          ///< the child's left out
    Cost cost;                             ///< with the child's
    int inputs;
    int outputs;
    int width;
    std::string label;
    std::string description;
};

/// Throws a ModelError if it takes too much room, or its weights are not finite. [not real-time]
std::shared_ptr<const Weights> make_weights(Blueprint blueprint, const Place& place);

}  // namespace neural_amp::planar
