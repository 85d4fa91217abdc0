// SPDX-License-Identifier: MIT
// Makes plans: signals first, then the steps between them, in the order in which they run.
// [not real-time]
#pragma once

#include <cstdint>
#include <initializer_list>
#include <vector>

#include "plan.h"

namespace neural_amp::planar {

struct Activation {
    ActivationKind kind;
    std::vector<float> parameters;
};

/// A causal convolution in the order of a `.nam` file: weights [out][in of the group][tap], tap 0
/// the oldest, then a bias for every output. Without outputs, it is not there.
struct Convolution {
    int inputs = 0;
    int outputs = 0;
    int taps = 1;
    int dilation = 1;
    int groups = 1;
    bool has_bias = false;
    const float* weights = nullptr;  ///< borrowed

    explicit operator bool() const { return outputs > 0; }
    const float* bias() const { return has_bias ? weights + multiply_adds() : nullptr; }
    std::int64_t multiply_adds() const { return std::int64_t(outputs) * (inputs / groups) * taps; }
    std::int64_t weight_count() const { return multiply_adds() + (has_bias ? outputs : 0); }
    std::int64_t lookback_frames() const { return std::int64_t(taps - 1) * dilation; }
};

/// What a step activates, or adds to the head, of what it makes.
struct Finish {
    const Activation* activation = nullptr;
    Rows head = {};
    bool begins_head = false;
};

/// A plan and all that it borrows.
struct OwnedPlan {
    std::vector<Signal> signals;
    std::vector<Step> steps;
    std::vector<Tile> tiles;
    std::vector<Run> runs;
    std::vector<PlacedActivation> activations;
    std::vector<float> parameters;
    std::vector<float> weights;
    Rows input;
    int output = 0;        ///< the signal that holds a block of output
    int condition = none;  ///< the one in which a child leaves its output, if there is a child
    std::size_t arena_floats = 0;
    int max_runs = 0;

    /// Of what it holds now; changes of it are not seen.
    Plan plan() const;

    /// Gives every signal its place in the arena.
    void place();

    /// The same without a past: with a constant coming in, what it plays is what the whole plays
    /// after an infinite time of that.
    OwnedPlan without_past() const;
};

class Builder {
public:
    /// `max_outputs` as in `Kernels`.
    explicit Builder(int max_outputs) : max_outputs_(max_outputs) {}

    int signal(int rows);

    /// A block for as long as the next steps take: one for each `slot`, with the rows that most
    /// want of it.
    int scratch(int slot, int rows);

    /// One summand of a matrix: a convolution of rows. Its own bias is added as well.
    struct Term {
        int signal;
        Convolution convolution;
    };

    /// out = residual + sum of terms, all of as many outputs; then the finish.
    void matrix(int out, std::initializer_list<Term> terms, Rows residual = {}, Finish finish = {});

    /// to = activation of `rows` rows of `from`.
    void activate(Rows to, Rows from, int rows, const Finish& finish);

    void combine(Combination combination, Rows out, int rows, Rows a, Rows b = {}, Rows c = {});

    /// Places the signals.
    OwnedPlan finish(int input, int output, int condition);

private:
    int place_activation(const Activation* activation);
    void finish_step(Step& step, const Finish& finish);
    void add_tiles(std::initializer_list<Term> terms, int begin, int end, Tile tile);
    void add_weights(std::initializer_list<Term> terms, int first, int outputs);

    int max_outputs_;
    OwnedPlan plan_;
    std::vector<int> scratch_;
};

}  // namespace neural_amp::planar
