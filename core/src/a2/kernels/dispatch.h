// SPDX-License-Identifier: MIT
#pragma once

#include <vector>

#include "kernels.h"

namespace neural_amp::a2 {

/// The kernels of the widest ISA that this CPU has, or of the one that PEDALBOARD_NAM_ISA names;
/// chosen once per process. Throws std::invalid_argument if that one is not available, and throws
/// it again on every call. [any thread]
const Kernels& kernels();

/// All that this CPU can run, widest first.
std::vector<const Kernels*> available_kernels();

}  // namespace neural_amp::a2
