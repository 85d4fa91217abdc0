// SPDX-License-Identifier: MIT
// aarch64: 32 registers of 4 lanes.
#define KERNEL_ISA neon

namespace neural_amp::a2::neon {

template <int Channels>
struct Tuning;

template <>
struct Tuning<8> {
    static constexpr int lanes = 4, outputs = 4, vectors = 3;
};

template <>
struct Tuning<3> {
    static constexpr int lanes = 4, outputs = 3, vectors = 4;
};

constexpr int fma_chain_count = 24;

}  // namespace neural_amp::a2::neon

#include "network.inl"
