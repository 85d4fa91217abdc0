// SPDX-License-Identifier: MIT
// The vector vocabulary: a handful of words per lane count, by compiler extension, no intrinsics.
//
// `fma` fuses where the ISA can, because kernel objects are compiled with -ffp-contract=fast; no
// expression in the kernels adds two products, so GCC and Clang fuse alike.
#pragma once

#define NEURAL_AMP_INLINE inline __attribute__((always_inline))
#define INLINE_LAMBDA __attribute__((always_inline))

#ifdef __aarch64__
#define KEEP_IN_REGISTER(vector) asm volatile("" : "+w"(vector))
#define HIDE(value) asm("" : "+w"(value))
#else
#define KEEP_IN_REGISTER(vector) asm volatile("" : "+v"(vector))
#define HIDE(value) asm("" : "+v"(value))
#endif

namespace neural_amp::simd::KERNEL_ISA {

/// `Lanes` frames of one channel.
template <int Lanes>
struct V {
    typedef float Packed __attribute__((vector_size(Lanes * sizeof(float))));
    typedef float Unaligned
        __attribute__((vector_size(Lanes * sizeof(float)), aligned(4), may_alias));

    typedef int Bits __attribute__((vector_size(Lanes * sizeof(int))));

    static constexpr int lanes = Lanes;
    Packed v;

    static NEURAL_AMP_INLINE V load(const float* p) { return {*(const Unaligned*)p}; }
    NEURAL_AMP_INLINE void store(float* p) const { *(Unaligned*)p = v; }
    static NEURAL_AMP_INLINE V splat(float value) { return {value - Packed{}}; }

    /// As they lie in memory.
    static NEURAL_AMP_INLINE V of_bits(Bits bits) { return {(Packed)bits}; }
    NEURAL_AMP_INLINE Bits bits() const { return (Bits)v; }
};

template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> add(V<Lanes> a, V<Lanes> b) {
    return {a.v + b.v};
}

template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> sub(V<Lanes> a, V<Lanes> b) {
    return {a.v - b.v};
}

template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> mul(V<Lanes> a, V<Lanes> b) {
    return {a.v * b.v};
}

template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> div(V<Lanes> a, V<Lanes> b) {
    return {a.v / b.v};
}

/// a * b + c
template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> fma(V<Lanes> a, V<Lanes> b, V<Lanes> c) {
    if constexpr (Lanes == 1)  // which GCC 11 does not fuse as a vector
        return {typename V<1>::Packed{a.v[0] * b.v[0] + c.v[0]}};
    else
        return {a.v * b.v + c.v};
}

template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> fma(float a, V<Lanes> b, V<Lanes> c) {
    if constexpr (Lanes == 1)  // which GCC 11 does not fuse as a vector
        return {typename V<1>::Packed{a * b.v[0] + c.v[0]}};
    else
        return {a * b.v + c.v};
}

/// min(a, limit) and max(a, limit); NaN stays NaN. Of a limit that it knows, GCC 12 makes a
/// comparison and a blend in place of one instruction: three times the latency.
template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> at_most(V<Lanes> a, float limit) {
    HIDE(limit);
    const auto l = V<Lanes>::splat(limit).v;
    return {l < a.v ? l : a.v};
}

template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> at_least(V<Lanes> a, float limit) {
    HIDE(limit);
    const auto l = V<Lanes>::splat(limit).v;
    return {l > a.v ? l : a.v};
}

template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> absolute(V<Lanes> a) {
    return V<Lanes>::of_bits(a.bits() & 0x7fffffff);
}

/// `a`, which has no sign of its own, with that of `sign`.
template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> with_sign_of(V<Lanes> sign, V<Lanes> a) {
    return V<Lanes>::of_bits(a.bits() | (sign.bits() & ~0x7fffffff));
}

/// max(a, slope * a), which is LeakyReLU for a slope below one; NaN stays NaN.
template <int Lanes>
NEURAL_AMP_INLINE V<Lanes> leaky_relu(V<Lanes> a, float slope) {
    const auto scaled = a.v * slope;
    return {a.v > scaled ? a.v : scaled};
}

NEURAL_AMP_INLINE float sum_of(V<8> a) {
    const auto s = a.v;
    return ((s[0] + s[4]) + (s[2] + s[6])) + ((s[1] + s[5]) + (s[3] + s[7]));
}

template <int Value>
struct Constant {
    NEURAL_AMP_INLINE constexpr operator int() const { return Value; }
};

/// body(First) ... body(Count - 1) with constant arguments: what keeps arrays of `V` in registers
/// on every compiler. GCC 12 leaves them in memory under a plain loop, at 2 to 3 times the cost.
template <int Count, int First = 0, class Body>
NEURAL_AMP_INLINE void unroll(const Body& body) {
    if constexpr (First < Count) {
        body(Constant<First>{});
        unroll<Count, First + 1>(body);
    }
}

}  // namespace neural_amp::simd::KERNEL_ISA
