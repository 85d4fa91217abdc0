// SPDX-License-Identifier: MIT
// Floats on a cache line, as vectors that straddle two cost double; or on a page.
#pragma once

#include <algorithm>
#include <cstddef>
#include <memory>
#include <new>

namespace neural_amp {

constexpr std::align_val_t cache_line{64}, page{4096};

struct DeleteFloats {
    std::align_val_t alignment = cache_line;
    void operator()(float* floats) const noexcept { ::operator delete[](floats, alignment); }
};

using Floats = std::unique_ptr<float[], DeleteFloats>;

/// Zeros.
inline Floats make_floats(std::size_t count, std::align_val_t alignment = cache_line) {
    return Floats(new (alignment) float[count]{}, {alignment});
}

inline Floats copy_floats(const float* floats, std::size_t count) {
    Floats copy = make_floats(count);
    std::copy_n(floats, count, copy.get());
    return copy;
}

}  // namespace neural_amp
