// SPDX-License-Identifier: MIT
#include "dispatch.h"

#include <cstdlib>
#include <stdexcept>
#include <string>

namespace neural_amp::a2 {

std::vector<const Kernels*> available_kernels() {
    std::vector<const Kernels*> available;
#if defined(__x86_64__)
    __builtin_cpu_init();
    const bool has_avx2 = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    if (has_avx2 && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") &&
        __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq"))
        available.push_back(&avx512::kernels);
    if (has_avx2) available.push_back(&avx2::kernels);
#endif
#if defined(__aarch64__)
    available.push_back(&neon::kernels);
#else
    available.push_back(&baseline::kernels);
#endif
    return available;
}

namespace {

const Kernels& choose() {
    const auto available = available_kernels();
    const char* wanted = std::getenv("PEDALBOARD_NAM_ISA");
    if (wanted == nullptr || *wanted == '\0') return *available.front();

    std::string names;
    for (const Kernels* kernels : available) {
        if (std::string(wanted) == kernels->isa) return *kernels;
        names += (names.empty() ? "" : ", ") + std::string(kernels->isa);
    }
    throw std::invalid_argument("PEDALBOARD_NAM_ISA is \"" + std::string(wanted) +
                                "\"; available on this machine: " + names);
}

}  // namespace

const Kernels& kernels() {
    static const Kernels& chosen = choose();
    return chosen;
}

}  // namespace neural_amp::a2
