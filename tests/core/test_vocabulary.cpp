// SPDX-License-Identifier: MIT
// Every word of simd/vector.h against plain scalar code, at every lane count, on this file's ISA.
//
// The file is compiled once per ISA with the flags of that ISA's kernels.
#define KERNEL_ISA vocabulary_test

#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>

#include "check.h"
#include "cpu_can_run_this.h"
#include "simd/dot.h"
#include "simd/vector.h"

namespace {

using namespace neural_amp::simd::vocabulary_test;

constexpr float inf = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();
constexpr float max = std::numeric_limits<float>::max();
constexpr float min = std::numeric_limits<float>::min();
constexpr float denormal = std::numeric_limits<float>::denorm_min();

constexpr float special_values[] = {0.0f, -0.0f, 1.0f, -1.0f, inf,      -inf,     nan,
                                    max,  -max,  min,  -min,  denormal, -denormal};
constexpr int special_count = sizeof(special_values) / sizeof(float);

std::mt19937 random_bits(1);

/// Half of them special; the others of all magnitudes, so that sums cancel and products overflow.
float random_value() {
    if (random_bits() % 2) return special_values[random_bits() % special_count];
    const float mantissa = std::uniform_real_distribution<float>(-1.0f, 1.0f)(random_bits);
    return std::ldexp(mantissa, int(random_bits() % 100) - 50);
}

/// One NaN is as good as another; of all else, the bits count.
bool same(float a, float b) {
    return (std::isnan(a) && std::isnan(b)) || std::memcmp(&a, &b, sizeof(float)) == 0;
}

#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
constexpr bool isa_fuses = true;
#else
constexpr bool isa_fuses = false;
#endif

float fused(float a, float b, float c) { return std::fma(a, b, c); }

float not_fused(float a, float b, float c) {
    volatile float product = a * b;  // rounded, whatever the compiler may do to the rest
    return product + c;
}

float scalar_leaky_relu(float a, float slope) { return a > 0.0f ? a : slope * a; }

template <int Lanes>
struct Values {
    float values[Lanes + 1];

    Values() {
        for (float& value : values) value = random_value();
    }
    /// One float past the start, where no vector is aligned.
    const float* begin() const { return values + 1; }
    V<Lanes> vector() const { return V<Lanes>::load(begin()); }
    float operator[](int lane) const { return begin()[lane]; }
};

template <int Lanes, class Expected>
void check_lanes(const char* word, V<Lanes> found, Expected expected) {
    float values[Lanes + 3];
    for (float& value : values) value = 123.0f;
    found.store(values + 1);
    CHECK(values[0] == 123.0f && values[Lanes + 1] == 123.0f,
          "%s, %d lanes: store wrote outside its lanes", word, Lanes);
    for (int lane = 0; lane < Lanes; ++lane)
        CHECK(same(values[lane + 1], expected(lane)), "%s, lane %d of %d: found %a, expected %a",
              word, lane, Lanes, values[lane + 1], expected(lane));
}

/// A function of its own: where `mul` of the same values is near, GCC multiplies once for both.
template <int Lanes, class A>
__attribute__((noinline)) void fma_alone(const A& a, const V<Lanes>& b, const V<Lanes>& c,
                                         V<Lanes>& result) {
    result = fma(a, b, c);
}

template <int Lanes>
void test_words() {
    static_assert(V<Lanes>::lanes == Lanes);
    static_assert(sizeof(V<Lanes>) == Lanes * sizeof(float));
    for (int round = 0; round < 2000; ++round) {
        const Values<Lanes> x, y;
        const float s = random_value();
        const float slope = 0.01f;
        check_lanes("load", x.vector(), [&](int lane) {
            return x[lane];
        });
        check_lanes("splat", V<Lanes>::splat(s), [&](int) {
            return s;
        });
        check_lanes("add", add(x.vector(), y.vector()), [&](int lane) {
            return x[lane] + y[lane];
        });
        V<Lanes> sum;
        fma_alone(s, x.vector(), y.vector(), sum);
        check_lanes("fma", sum, [&](int lane) {
            return (isa_fuses ? fused : not_fused)(s, x[lane], y[lane]);
        });
        fma_alone(x.vector(), y.vector(), V<Lanes>::splat(s), sum);
        check_lanes("fma of vectors", sum, [&](int lane) {
            return (isa_fuses ? fused : not_fused)(x[lane], y[lane], s);
        });
        check_lanes("div", div(x.vector(), y.vector()), [&](int lane) {
            return x[lane] / y[lane];
        });
        check_lanes("at_most", at_most(x.vector(), s), [&](int lane) {
            return x[lane] > s ? s : x[lane];
        });
        check_lanes("at_least", at_least(x.vector(), s), [&](int lane) {
            return x[lane] < s ? s : x[lane];
        });
        check_lanes("absolute", absolute(x.vector()), [&](int lane) {
            return std::abs(x[lane]);
        });
        check_lanes("with_sign_of", with_sign_of(x.vector(), absolute(y.vector())), [&](int lane) {
            return std::copysign(y[lane], x[lane]);
        });
        check_lanes("leaky_relu", leaky_relu(x.vector(), slope), [&](int lane) {
            return scalar_leaky_relu(x[lane], slope);
        });
        if constexpr (Lanes == 4) {  // the one size that is a register on every ISA
            auto kept = x.vector();
            KEEP_IN_REGISTER(kept.v);
            check_lanes("KEEP_IN_REGISTER", kept, [&](int lane) {
                return x[lane];
            });
        }
    }
}

void test_unroll() {
    int calls = 0;
    unroll<5>([&](auto i) {
        static_assert(i < 5);
        CHECK(i == calls, "unroll: call %d has index %d", calls, int(i));
        ++calls;
    });
    CHECK(calls == 5, "unroll: %d calls", calls);
    unroll<0>([&](auto) {
        CHECK(false, "unroll<0> called its body");
    });
}

/// Integers, whose sums are exact in any order.
void test_dot() {
    for (int count = 0; count <= 160; count += 16) {
        float a[161], b[161];
        double expected = 0.0;
        for (int i = 0; i < count; ++i) {
            a[i + 1] = float(int(random_bits() % 201) - 100);
            b[i + 1] = float(int(random_bits() % 201) - 100);
            expected += double(a[i + 1]) * b[i + 1];
        }
        const float found = dot(a + 1, b + 1, count);
        CHECK(found == float(expected), "dot of %d: found %g, expected %g", count, found, expected);
    }
}

}  // namespace

int main() {
    if (!cpu_can_run_this()) return 77;  // ctest calls this "skipped"
    test_words<1>();
    test_words<4>();
    test_words<8>();
    test_words<16>();
    test_unroll();
    test_dot();
    return failures != 0;
}
