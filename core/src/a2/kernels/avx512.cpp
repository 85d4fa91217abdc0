// SPDX-License-Identifier: MIT
// x86-64 with AVX-512 F, VL, BW and DQ: 32 registers. At 8 channels 8 outputs x 1 vector of 16
// lanes, each weight broadcast inside the multiply-add: 95 % of the peak, where 2 vectors reach 91
// %. At 3 channels 8 lanes: vectors of 16 straddle a cache line at every tap, and reach 50 % where
// these reach 80 %.
#define KERNEL_ISA avx512

namespace neural_amp::a2::avx512 {

template <int Channels>
struct Tuning;

template <>
struct Tuning<8> {
    static constexpr int lanes = 16, outputs = 8, vectors = 1;
};

template <>
struct Tuning<3> {
    static constexpr int lanes = 8, outputs = 3, vectors = 4;
};

constexpr int fma_chain_count = 12;

}  // namespace neural_amp::a2::avx512

#include "network.inl"
