// SPDX-License-Identifier: MIT
// Which ISA is in use, for all rooms alike.
#pragma once

#include <vector>

#include "isas.h"

namespace neural_amp::simd {

/// The widest ISA that this CPU has, or the one that PEDALBOARD_NAM_ISA names; chosen once per
/// process. Throws std::invalid_argument if that one is not available, and throws it again on every
/// call. [any thread]
Isa isa();

/// All that this CPU can run, widest first.
std::vector<Isa> available_isas();

const char* name(Isa isa);

}  // namespace neural_amp::simd

/// `NEURAL_AMP_ISAS(NEURAL_AMP_RETURN_KERNELS)` is the body of a room's `const Kernels& kernels()`:
/// gives back the table of the ISA in use, and throws what `simd::isa` throws.
#define NEURAL_AMP_RETURN_KERNELS(candidate)                                                       \
    if (::neural_amp::simd::isa() == ::neural_amp::simd::Isa::candidate) return candidate::kernels;
