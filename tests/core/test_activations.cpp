// SPDX-License-Identifier: MIT
// Every activation against double arithmetic, on this file's ISA: on a grid of float32; with the
// argument "all", those of exponentials on all of it.
//
// The file is compiled once per ISA with the flags of that ISA's kernels.
#define KERNEL_ISA activations_test

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <limits>
#include <string_view>

#include "check.h"
#include "cpu_can_run_this.h"
#include "flush_to_zero.h"
#include "simd/activations.h"

namespace {

namespace simd = neural_amp::simd::activations_test;
using simd::V;

constexpr double inf = std::numeric_limits<double>::infinity();

float float_of(std::uint32_t bits) {
    float value;
    std::memcpy(&value, &bits, sizeof value);
    return value;
}

std::uint32_t bits_of(float value) {
    std::uint32_t bits;
    std::memcpy(&bits, &value, sizeof bits);
    return bits;
}

/// How far `found` is from `expected`, in the distance of float32 to each other at that size.
/// A denormal may be flushed, where that is asked for.
double ulps(float found, double expected, bool flushed) {
    if (std::isnan(found) || std::isnan(expected))
        return std::isnan(found) && std::isnan(expected) ? 0.0 : inf;
    if (std::isinf(float(expected))) return found == float(expected) ? 0.0 : inf;
    constexpr double smallest = std::numeric_limits<float>::min();
    if (flushed && found == 0.0f && std::abs(expected) < smallest) return 0.0;
    int exponent;
    std::frexp(std::max(std::abs(expected), smallest), &exponent);
    return std::abs(found - expected) / std::ldexp(1.0, exponent - 24);
}

double sigmoid(double x) { return 1.0 / (1.0 + std::exp(-x)); }

double fast_tanh(double x) {
    const double a = std::abs(x), s = x * x;
    if (std::isinf(x)) return std::copysign(0.821226666969744f / 0.814642734961073f, x);
    return x *
           (2.45550750702956f + 2.45550750702956f * a +
            (0.893229853513558f + 0.821226666969744f * a) * s) /
           (2.44506634652299f + (2.44506634652299f + s) * std::abs(x + 0.814642734961073f * x * a));
}

struct Activation {
    const char* name;
    double max_ulps;
    bool odd;
    double (*expected)(double);
};

constexpr float slope = 0.3f, low = -2.0f, high = 1.5f, low_slope = 0.01f, high_slope = 3.0f;

constexpr Activation activations[] = {
    {"tanh", 2.5, true,
     [](double x) {
         return std::tanh(x);
     }},
    {"sigmoid", 2.5, false, sigmoid},
    {"silu", 2.5, false,
     [](double x) {
         return x == -inf ? 0.0 : x * sigmoid(x);
     }},
    {"soft_sign", 2.5, true,
     [](double x) {
         return std::isinf(x) ? std::copysign(1.0, x) : x / (1.0 + std::abs(x));
     }},
    {"hard_swish", 2.5, false,
     [](double x) {
         return x == -inf ? 0.0 : x * std::min(std::max(x + 3.0, 0.0), 6.0) / 6.0;
     }},
    {"fast_tanh", 8.0, true, fast_tanh},
    {"hard_tanh", 0.0, true,
     [](double x) {
         return x < -1.0 ? -1.0 : x > 1.0 ? 1.0 : x;
     }},
    {"relu", 0.0, false,
     [](double x) {
         return x < 0.0 ? 0.0 : x;
     }},
    {"leaky", 0.5, false,
     [](double x) {
         return x > 0.0 ? x : slope * x;
     }},
    {"leaky by 3", 0.5, false,
     [](double x) {
         return x > 0.0 ? x : 3.0 * x;
     }},
    {"leaky by -3", 0.5, false,
     [](double x) {
         return x > 0.0 ? x : -3.0 * x;
     }},
    {"leaky_hard_tanh", 2.5, false,
     [](double x) {
         return x < low    ? (x - low) * low_slope + low
                : x > high ? (x - high) * high_slope + high
                           : x;
     }},
};
constexpr int exponential_count = 3;  // the first ones
constexpr int count = sizeof activations / sizeof(Activation);

template <int Lanes>
V<Lanes> found(int activation, V<Lanes> x) {
    switch (activation) {
    case 0: return simd::tanh(x);
    case 1: return simd::sigmoid(x);
    case 2: return simd::silu(x);
    case 3: return simd::soft_sign(x);
    case 4: return simd::hard_swish(x);
    case 5: return simd::fast_tanh(x);
    case 6: return simd::hard_tanh(x);
    case 7: return simd::relu(x);
    case 8: return simd::leaky(x, slope);
    case 9: return simd::leaky(x, 3.0f);
    case 10: return simd::leaky(x, -3.0f);
    default: return simd::leaky_hard_tanh(x, low, high, low_slope, high_slope);
    }
}

constexpr int max_lanes = 16;

template <int Lanes>
void play(int activation, const float* x, float* y) {
    for (int lane = 0; lane < max_lanes; lane += Lanes)
        found(activation, V<Lanes>::load(x + lane)).store(y + lane);
}

constexpr std::uint32_t nan_bits = 0x7f800001u;

/// Sixteen positive numbers `step` float32 apart, and their opposites.
struct Numbers {
    float x[2][max_lanes];

    Numbers(std::uint32_t first, std::uint32_t step) {
        for (int lane = 0; lane < max_lanes; ++lane) {
            x[0][lane] = float_of(std::min(first + lane * step, nan_bits));
            x[1][lane] = -x[0][lane];
        }
    }
};

/// From zero to infinity and the NaN after it; more of them from 2^-8 to 2^8, where most happens.
template <class Body>
void for_all_numbers(std::uint32_t step, const Body& body) {
    const std::uint32_t begin = bits_of(0x1p-8f), end = bits_of(0x1p8f);
    for (std::uint32_t first = 0, fine; first <= nan_bits; first += max_lanes * fine) {
        fine = first >= begin && first < end ? 1 + step / 50 : step;
        body(Numbers(first, fine));
    }
}

void test(int activation, std::uint32_t step, bool flushed) {
    const Activation& a = activations[activation];
    double worst = 0.0;
    float worst_x = 0.0f;
    for_all_numbers(step, [&](const Numbers& numbers) {
        float y[2][max_lanes];
        for (int sign = 0; sign < 2; ++sign) {
            play<max_lanes>(activation, numbers.x[sign], y[sign]);
            if (a.odd && sign == 1) break;
            for (int lane = 0; lane < max_lanes; ++lane) {
                const float x = numbers.x[sign][lane];
                const double error = ulps(y[sign][lane], a.expected(x), flushed);
                if (error > worst) {
                    worst = error;
                    worst_x = x;
                }
            }
        }
        if (!a.odd) return;
        for (int lane = 0; lane < max_lanes; ++lane)
            CHECK(std::isnan(y[0][lane]) || bits_of(y[1][lane]) == (bits_of(y[0][lane]) ^ 1u << 31),
                  "%s of -+%a", a.name, numbers.x[0][lane]);
    });
    std::printf("%s%s: %.3f ulp at %a (%g)\n", a.name, flushed ? ", flushed" : "", worst, worst_x,
                worst_x);
    CHECK(worst <= a.max_ulps, "%s: accepted are %g ulp", a.name, a.max_ulps);
}

/// A vector of any number of lanes gives the same bits; what those are, `hash` says.
std::uint32_t test_lanes(std::uint32_t step) {
    std::uint32_t hash = 0;
    for_all_numbers(step, [&](const Numbers& numbers) {
        for (int activation = 0; activation < count; ++activation)
            for (const auto& x : numbers.x) {
                float of_16[max_lanes], of_fewer[max_lanes];
                const auto check = [&](int lanes) {
                    for (int lane = 0; lane < max_lanes; ++lane)
                        CHECK(bits_of(of_16[lane]) == bits_of(of_fewer[lane]) ||
                                  std::isnan(of_16[lane]),
                              "%s of %a in %d lanes", activations[activation].name, x[lane], lanes);
                };
                play<16>(activation, x, of_16);
                play<8>(activation, x, of_fewer);
                check(8);
                play<4>(activation, x, of_fewer);
                check(4);
                play<1>(activation, x, of_fewer);
                check(1);
                for (const float y : of_16)  // one NaN is as good as another
                    hash = hash * 16777619u ^ (std::isnan(y) ? 1u : bits_of(y));
            }
    });
    return hash;
}

void test_saturation() {
    float x[max_lanes] = {9.02f, 10.0f, 11.0f, 1e30f, float(inf)}, y[max_lanes];
    play<max_lanes>(0, x, y);
    for (int lane = 0; lane < 5; ++lane) CHECK(y[lane] == 1.0f, "tanh(%g)", x[lane]);
    x[0] = 20.0f;
    play<max_lanes>(1, x, y);
    CHECK(y[0] == 1.0f && y[4] == 1.0f, "sigmoid is %a and %a", y[0], y[4]);
    for (float& value : x) value = -value;
    play<max_lanes>(1, x, y);
    CHECK(y[3] == 0.0f && y[4] == 0.0f, "sigmoid is %a and %a", y[3], y[4]);
}

#if defined(__FMA__) || defined(__ARM_FEATURE_FMA)
constexpr std::uint32_t expected_hash = 0x906ffd2b;  // AVX2 and AVX-512, whatever the compiler
#else
constexpr std::uint32_t expected_hash = 0x5c88ea57;
#endif

}  // namespace

int main(int argument_count, char** arguments) {
    if (!cpu_can_run_this()) return 77;  // ctest calls this "skipped"
    const bool all = argument_count > 1 && std::string_view(arguments[1]) == "all";
    if (all) {
        for (int activation = 0; activation < exponential_count; ++activation)
            test(activation, 1, false);
        return failures != 0;
    }
    for (int activation = 0; activation < count; ++activation) test(activation, 5003, false);
    const std::uint32_t hash = test_lanes(5003);
    CHECK(hash == expected_hash, "bits: %#x", hash);
    test_saturation();
    {
        const neural_amp::FlushToZero flush_to_zero;
        for (int activation = 0; activation < count; ++activation) test(activation, 5003, true);
    }
    return failures != 0;
}
