// SPDX-License-Identifier: MIT
// Where every layer keeps its past: rings in one arena, mirrored at the end as far as reads need
// it.
//
// Row c of the arena is channel c. A row holds the ring of each layer's input, then the ring of the
// head's input, so the same offset finds the same frame in every channel:
//
//     row c:  | ring 0 | mirror | ring 1 | mirror | ... | ring 22 | mirror | head ring | mirror |
//
// A mirror repeats the first frames of its ring behind the last one, so that a block is always
// read and written as one run of frames, without a wrap inside.
#pragma once

#include "architecture.h"

namespace neural_amp::a2 {

/// The longest block a kernel takes at once. 256 is as fast, 32 costs 5 to 25 %, 512 loses the L1
/// cache (EPYC Zen 4).
constexpr int max_block_frames = 128;

/// The widest vector of any ISA, in frames: blocks are computed in whole vectors, and the frames
/// past the end of a block are written but never read.
constexpr int max_lanes = 16;

constexpr int ring_count = layer_count + 1;
constexpr int head_ring = layer_count;

/// A mirror covers a block, the head's window over it, and the rest of the last vector.
constexpr int mirror_frames = max_block_frames + head_taps + 2 * max_lanes;
static_assert(mirror_frames % max_lanes == 0);

consteval int ring_lookback(int r) { return r == head_ring ? head_taps - 1 : lookback_frames(r); }

/// Lookback and one block, at least; a few blocks for the short ones, so that they wrap seldom.
consteval int ring_frames_of(int r) {
    const int needed = ring_lookback(r) + mirror_frames;
    const int frames = needed > 2 * max_block_frames ? needed : 2 * max_block_frames;
    return (frames + max_lanes - 1) / max_lanes * max_lanes;
}

struct Layout {
    int lookback_frames[ring_count];  ///< before its next frame, what can still be heard of a ring
    int ring_frames[ring_count];
    int ring_offset[ring_count];  ///< from the start of a row, in frames
    int row_stride;               ///< from row to row, in floats
};

consteval Layout make_layout() {
    Layout layout{};
    int offset = 0;
    for (int r = 0; r < ring_count; ++r) {
        layout.lookback_frames[r] = ring_lookback(r);
        layout.ring_frames[r] = ring_frames_of(r);
        layout.ring_offset[r] = offset;
        offset += layout.ring_frames[r] + mirror_frames;
    }
    // An odd number of cache lines: the same frame of 8 channels falls into 8 different L1 sets.
    constexpr int line = 64 / sizeof(float);
    const int lines = (offset + line - 1) / line;
    layout.row_stride = (lines | 1) * line;
    return layout;
}

constexpr Layout layout = make_layout();
static_assert(8 * layout.row_stride * sizeof(float) < 500'000, "half a megabyte for each stream");

/// The past of one network. Plain data: the kernels of every ISA share it.
struct History {
    float* arena;              ///< `Channels * layout.row_stride` floats, on a cache line; borrowed
    int position[ring_count];  ///< where each ring takes its next frame
    int mirrored_frames;       ///< how much of every mirror is kept up: the largest block so far
};

}  // namespace neural_amp::a2
