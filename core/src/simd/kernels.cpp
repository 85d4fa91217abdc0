// SPDX-License-Identifier: MIT
// Compiled once per ISA.
#ifndef KERNEL_ISA
#error "KERNEL_ISA names the ISA: see add_kernels in core/CMakeLists.txt."
#endif

#include "kernels.h"

#include "dot.h"
#include "fma_peak.h"

namespace neural_amp::simd::KERNEL_ISA {

extern const Kernels kernels = {
    dot,
    {fma_chains, FmaChains<Isa::KERNEL_ISA>::count* FmaChains<Isa::KERNEL_ISA>::lanes},
};

}  // namespace neural_amp::simd::KERNEL_ISA
