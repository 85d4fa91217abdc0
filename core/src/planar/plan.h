// SPDX-License-Identifier: MIT
// A network of convolutions as a list of steps, each of which makes some rows of audio from others.
// Rows are planar, [channel][frame], and lie in one arena: see history.h. A plan is made once, at
// load (builder.h), and is plain data to the kernels.
#pragma once

#include <cstddef>

namespace neural_amp::planar {

/// The longest block that the kernels take at once, as in a2/.
constexpr int max_block_frames = 128;

/// The widest vector of any ISA, in frames: blocks are computed in whole vectors, and the frames
/// past the end of a block are written but never read.
constexpr int max_lanes = 16;

/// Rows that are made and read together. Those that are read in the past too are rings, mirrored
/// at the end like those of a2/; the others are a block, and the next one overwrites them.
struct Signal {
    int rows;
    int lookback_frames;  ///< before its next frame, what can still be heard of it
    int ring_frames;      ///< 0 for a block
    int row_stride;       ///< from row to row, in floats
    std::size_t offset;   ///< of row 0 from the start of the arena, in floats
};

constexpr int none = -1;

/// Rows of a signal, from one on; where they lie is written beside, for the kernels.
struct Rows {
    int signal = none;
    int row = 0;
    int ring_frames = 0;  ///< as in `Signal`, like the two below
    int row_stride = 0;
    std::size_t offset = 0;  ///< of the first of these rows
};

enum class ActivationKind {
    tanh = 1,
    hardtanh,
    fasttanh,
    relu,
    leaky_relu,  ///< one slope, or one for each row
    sigmoid,
    silu,
    hardswish,
    leaky_hardtanh,  ///< min, max, and the slopes beyond them
    softsign,
};
constexpr int activation_kinds = 10;

/// Where a step finds the function that it applies to rows one by one.
struct PlacedActivation {
    ActivationKind kind;
    int parameters;  ///< the first one's index in `Plan::parameters`
    int parameter_count;
};

/// Rows of a signal, now or in the past, that outputs are made of: a tap of a convolution is one
/// for each group.
struct Run {
    Rows first;
    int rows;
    int lookback_frames;
};

/// Outputs that are summed together, in registers. Its weights are the bias of each output, then
/// for every row of every run a weight for each output.
struct Tile {
    int first_output;
    int outputs;
    int runs_begin, runs_end;  ///< of the step's
    std::size_t weights;       ///< in `Plan::weights`
};

enum class Combination {
    copy,             ///< a
    sum,              ///< a + b
    product,          ///< a b
    product_and_sum,  ///< a b + c
    blend,            ///< b (a - c) + c: c where b is 0, a where it is 1
};

/// What makes `rows` rows of `out`:
///
/// - a matrix: bias + residual + weights times the rows of its runs; then the activation, if it
///   has one, of what that gives;
/// - an activation of the rows `a`;
/// - a combination of the rows `a`, `b` and `c`.
///
/// What an activation makes is added to the rows of `head` too, if there are any; a step that
/// begins the head assigns instead. `out` may be the residual, or any rows of the last two kinds.
struct Step {
    enum class Kind { matrix, activation, combination } kind;
    Rows out;
    int rows;

    int runs_begin = 0, runs_end = 0;    ///< in `Plan::runs`
    int tiles_begin = 0, tiles_end = 0;  ///< in `Plan::tiles`
    Rows residual = {};

    int activation = none;  ///< in `Plan::activations`
    Rows head = {};
    bool begins_head = false;

    Combination combination = Combination::copy;
    Rows a = {}, b = {}, c = {};
};

/// All that the kernels know of a network. Borrowed from a `Builder`'s result.
struct Plan {
    const Signal* signals;
    int signal_count;
    const Step* steps;
    int step_count;
    const Tile* tiles;
    const Run* runs;
    const PlacedActivation* activations;
    const float* parameters;
    const float* weights;
    Rows input;  ///< what the caller writes, one block at a time
};

}  // namespace neural_amp::planar
