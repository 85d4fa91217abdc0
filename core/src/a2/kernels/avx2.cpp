// SPDX-License-Identifier: MIT
// x86-64 with AVX2 and FMA: 16 registers of 8 lanes. 4 outputs x 2 vectors and 3 x 3 leave room for
// what they are multiplied by.
#define KERNEL_ISA avx2

namespace neural_amp::a2::avx2 {

template <int Channels>
struct Tuning;

template <>
struct Tuning<8> {
    static constexpr int lanes = 8, outputs = 4, vectors = 2;
};

template <>
struct Tuning<3> {
    static constexpr int lanes = 8, outputs = 3, vectors = 3;
};

constexpr int fma_chain_count = 12;

}  // namespace neural_amp::a2::avx2

#include "network.inl"
