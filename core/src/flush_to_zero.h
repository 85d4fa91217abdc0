// SPDX-License-Identifier: MIT
#pragma once

#include <cstdint>

#if defined(__x86_64__)
#include <xmmintrin.h>
#endif

namespace neural_amp {

/// Denormals are zero while this lives: a decaying note would otherwise slow a core down 100-fold.
class FlushToZero {
public:
#if defined(__x86_64__)
    FlushToZero() noexcept : before_(_mm_getcsr()) {
        _mm_setcsr(before_ | flush_results | flush_operands);
    }
    ~FlushToZero() { _mm_setcsr(before_); }

private:
    static constexpr unsigned flush_results = 0x8000, flush_operands = 0x0040;
    unsigned before_;
#elif defined(__aarch64__)
    FlushToZero() noexcept {
        asm volatile("mrs %0, fpcr" : "=r"(before_));
        asm volatile("msr fpcr, %0" : : "r"(before_ | flush));
    }
    ~FlushToZero() { asm volatile("msr fpcr, %0" : : "r"(before_)); }

private:
    static constexpr std::uint64_t flush = 1 << 24;
    std::uint64_t before_;
#else
#error "Say how this CPU flushes denormals."
#endif

public:
    FlushToZero(const FlushToZero&) = delete;
    FlushToZero& operator=(const FlushToZero&) = delete;
};

}  // namespace neural_amp
