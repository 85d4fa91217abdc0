// SPDX-License-Identifier: MIT
#include "dispatch.h"

#include <cstdlib>
#include <stdexcept>
#include <string>

#include <neural_amp/neural_amp.h>

#include "kernels.h"

namespace neural_amp {
namespace simd {
namespace {

bool cpu_has(Isa isa) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    const bool avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (isa == Isa::avx2) return avx2;
    if (isa == Isa::avx512)
        return avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
               __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
#endif
    return isa == Isa::baseline || isa == Isa::neon;
}

Isa choose() {
    const auto available = available_isas();
    const char* wanted = std::getenv("PEDALBOARD_NAM_ISA");
    if (wanted == nullptr || *wanted == '\0') return available.front();

    std::string names;
    for (const Isa isa : available) {
        if (std::string(wanted) == name(isa)) return isa;
        names += (names.empty() ? "" : ", ") + std::string(name(isa));
    }
    throw std::invalid_argument("PEDALBOARD_NAM_ISA is \"" + std::string(wanted) +
                                "\"; available on this machine: " + names);
}

}  // namespace

Isa isa() {
    static const Isa chosen = choose();
    return chosen;
}

std::vector<Isa> available_isas() {
    std::vector<Isa> available;
#define ADD_IF_AVAILABLE(isa)                                                                      \
    if (cpu_has(Isa::isa)) available.push_back(Isa::isa);
    NEURAL_AMP_ISAS(ADD_IF_AVAILABLE)
#undef ADD_IF_AVAILABLE
    return available;
}

const char* name(Isa isa) {
#define RETURN_NAME(candidate)                                                                     \
    if (isa == Isa::candidate) return #candidate;
    NEURAL_AMP_ISAS(RETURN_NAME)
#undef RETURN_NAME
    __builtin_unreachable();
}

const Kernels& kernels() {
    NEURAL_AMP_ISAS(NEURAL_AMP_RETURN_KERNELS)
    __builtin_unreachable();
}

}  // namespace simd

const char* isa() { return simd::name(simd::isa()); }

std::vector<const char*> available_isas() {
    std::vector<const char*> names;
    for (const simd::Isa isa : simd::available_isas()) names.push_back(simd::name(isa));
    return names;
}

}  // namespace neural_amp
