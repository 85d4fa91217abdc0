// SPDX-License-Identifier: MIT
// For tests that are compiled once per ISA.
#pragma once

/// Whether this CPU has what this file is compiled for.
inline bool cpu_can_run_this() {
#if defined(__AVX512F__)
    return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
           __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512bw");
#elif defined(__AVX2__)
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
#else
    return true;
#endif
}
