// SPDX-License-Identifier: MIT
// Floats on a cache line: vectors that straddle two cost double.
#pragma once

#include <cstddef>
#include <memory>
#include <new>

namespace neural_amp::linear {

constexpr std::align_val_t cache_line{64};

struct DeleteFloats {
    void operator()(float* floats) const noexcept { ::operator delete[](floats, cache_line); }
};

using Floats = std::unique_ptr<float[], DeleteFloats>;

/// Zeros.
inline Floats make_floats(std::size_t count) { return Floats(new (cache_line) float[count]{}); }

}  // namespace neural_amp::linear
