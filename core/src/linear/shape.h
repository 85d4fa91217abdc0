// SPDX-License-Identifier: MIT
// How large a filter is, and how it is cut up to be fast.
//
// The first taps are multiplied one by one. The rest of a long filter is cut into partitions of 64
// taps, and the signal into blocks of 64 frames: when a block is complete, what all partitions make
// of what they hear is summed as spectra (see transform.h), transformed back once, and added to the
// next 64 frames. So nothing is late, and every 64 frames cost the same.
//
// Blocks begin at multiples of 64 frames of the signal, wherever a stream starts, because a frame's
// rounding depends on the blocks that it is summed from.
#pragma once

#include <algorithm>
#include <cstdint>

#include "../network_limits.h"

namespace neural_amp::linear {

constexpr int block_frames = 64;

/// Filters of so many taps or fewer have no partitions, which would save nothing: 64 frames take
/// 0.24 us one by one and 0.27 us with partitions, and on AVX2 0.33 and 0.32 us (EPYC Zen 4).
constexpr int max_direct_taps = 192;

/// As the config of a record has it.
struct Shape {
    std::uint32_t inputs, outputs;
    std::uint32_t taps;
    std::uint32_t bias;  ///< 0 or 1

    /// Output f is input f, filtered. Other inputs are dropped, and other outputs are zero.
    constexpr int filters() const { return int(std::min(inputs, outputs)); }

    constexpr int direct_taps() const {
        return int(taps) <= max_direct_taps ? int(taps) : block_frames;
    }
    constexpr int partitions() const {
        return (int(taps) - direct_taps() + block_frames - 1) / block_frames;
    }

    /// Frames before the next one that still count for some frame to come, where `place` frames of
    /// a block have gone. A partition hears two blocks at once: all frames of both are in the
    /// rounding of what it makes.
    constexpr int heard_frames(int place) const {
        if (partitions() == 0) return std::max(int(taps) - 1, 0);
        return (partitions() + 1) * block_frames + place;
    }
    constexpr int lookback_frames() const { return heard_frames(block_frames - 1); }

    /// Of one filter and frame.
    constexpr std::int64_t multiply_adds() const {
        constexpr int complex = 4;  // real ones, in one of complex numbers
        // As in transform.h: 64 is 8 times 8, there and back, and back without real parts.
        constexpr int transforms = 4 * 8 * block_frames * complex - 8 * block_frames * 2;
        if (partitions() == 0) return taps;
        return direct_taps() + partitions() * complex + transforms / block_frames;
    }
};
static_assert(sizeof(Shape) == 16);

}  // namespace neural_amp::linear
