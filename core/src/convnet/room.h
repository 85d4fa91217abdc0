// SPDX-License-Identifier: MIT
// ConvNets behind the interface that streams use. The config of a record is u32 after u32: inputs,
// outputs, channels, groups, batchnorm (0 or 1), an activation as planar/config.h reads it, blocks,
// and a dilation for each.
#pragma once

#include "../networks.h"

namespace neural_amp::convnet {

extern const Room room;

}  // namespace neural_amp::convnet
