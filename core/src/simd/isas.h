// SPDX-License-Identifier: MIT
// The instruction sets that kernels are compiled for: this list and the one in CMakeLists.txt.
//
// A room with kernels (this one too) has one source of them, compiled once per ISA
// with KERNEL_ISA defined as its name. Each object exports one table, `<room>::<isa>::kernels`.
#pragma once

/// Those of one target, the widest first.
#define NEURAL_AMP_ISAS_OF_X86_64(each) each(avx512) each(avx2) each(baseline)
#define NEURAL_AMP_ISAS_OF_AARCH64(each) each(neon)

#if defined(__aarch64__)
#define NEURAL_AMP_ISAS NEURAL_AMP_ISAS_OF_AARCH64
#else
#define NEURAL_AMP_ISAS NEURAL_AMP_ISAS_OF_X86_64
#endif

/// `NEURAL_AMP_ISAS(NEURAL_AMP_DECLARE_KERNELS)` in a room, after its `struct Kernels`.
#define NEURAL_AMP_DECLARE_KERNELS(isa)                                                            \
    namespace isa {                                                                                \
    extern const Kernels kernels;                                                                  \
    }

namespace neural_amp::simd {

#define NEURAL_AMP_ENUMERATOR(isa) isa,
/// Those of every target, for what is tuned by hand: `Tiles<Isa::KERNEL_ISA, 8>`.
enum class Isa {
    NEURAL_AMP_ISAS_OF_X86_64(NEURAL_AMP_ENUMERATOR)
        NEURAL_AMP_ISAS_OF_AARCH64(NEURAL_AMP_ENUMERATOR)
};
#undef NEURAL_AMP_ENUMERATOR

}  // namespace neural_amp::simd
