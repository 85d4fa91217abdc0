// SPDX-License-Identifier: MIT
// What a network remembers, and the room it works in: one arena.
//
//     | block | block | ... | ring | mirror | ring | mirror | ...       each with all of its rows
//
// A mirror repeats the first frames of its ring behind the last one, so that a block is always read
// and written as one run of frames, without a wrap inside. Blocks come first, together: they fit
// the L1 cache.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "../aligned_floats.h"
#include "plan.h"

namespace neural_amp::planar {

/// A mirror covers a block, and the rest of the last vector.
constexpr int mirror_frames = max_block_frames + max_lanes;

/// Gives every signal its place in an arena, and says how many floats that takes.
std::size_t place(std::span<Signal> signals);

/// A run as a step finds it in a block.
struct Window {
    const float* x;  ///< its first row, at the first frame of the block
    int rows;
    int row_stride;
};

/// The past of one network, to the kernels.
struct Past {
    float* arena;
    int* position;        ///< where each signal takes its next frame
    int mirrored_frames;  ///< how much of every mirror is kept up: the largest block so far
    Window* windows;      ///< room for those of one step
};

/// An arena on a page, and the past in it. One thread at a time.
class History {
public:
    /// Blank: `fill` it. `signals` are borrowed, and placed. [not real-time]
    History(std::span<const Signal> signals, std::size_t arena_floats, int max_runs);

    Past& past() { return past_; }

    /// Row 0 of a signal at its next frame. [audio thread]
    float* at(int signal) const {
        return past_.arena + signals_[signal].offset + past_.position[signal];
    }

    /// Puts every ring into the state after an infinite time of these frames: one value for every
    /// row of every signal. [audio thread]
    void fill(const float* frames);

    /// Of every ring what can still be heard, row by row, the oldest frame first: a form that does
    /// not depend on where the rings stand. [audio thread]
    std::size_t state_bytes() const;
    void save(std::byte* state) const;
    void restore(const std::byte* state);

private:
    template <class Body>
    void for_each_run(int signal, int row, Body&& body) const;
    void place_rings();

    std::span<const Signal> signals_;
    std::vector<int> position_;
    std::vector<Window> windows_;
    Floats arena_;
    Past past_;
};

}  // namespace neural_amp::planar
