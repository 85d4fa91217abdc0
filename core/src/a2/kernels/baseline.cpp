// SPDX-License-Identifier: MIT
// x86-64 as every compiler targets it (SSE2): 16 registers of 4 lanes, no fused multiply-add.
#define KERNEL_ISA baseline

namespace neural_amp::a2::baseline {

template <int Channels>
struct Tuning;

template <>
struct Tuning<8> {
    static constexpr int lanes = 4, outputs = 4, vectors = 2;
};

template <>
struct Tuning<3> {
    static constexpr int lanes = 4, outputs = 3, vectors = 4;
};

constexpr int fma_chain_count = 13;

}  // namespace neural_amp::a2::baseline

#include "network.inl"
