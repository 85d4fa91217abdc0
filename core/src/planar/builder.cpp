// SPDX-License-Identifier: MIT
#include "builder.h"

#include <algorithm>
#include <cassert>
#include <utility>

#include "history.h"

namespace neural_amp::planar {

Plan OwnedPlan::plan() const {
    return {signals.data(), int(signals.size()), steps.data(),      int(steps.size()), tiles.data(),
            runs.data(),    activations.data(),  parameters.data(), weights.data(),    input};
}

OwnedPlan OwnedPlan::without_past() const {
    OwnedPlan still = *this;
    for (Signal& signal : still.signals) signal.lookback_frames = 0;
    for (Run& run : still.runs) run.lookback_frames = 0;
    still.place();
    return still;
}

void OwnedPlan::place() {
    arena_floats = planar::place(signals);
    const auto place = [&](Rows& rows) {
        if (rows.signal == none) return;
        const Signal& signal = signals[rows.signal];
        rows.ring_frames = signal.ring_frames;
        rows.row_stride = signal.row_stride;
        rows.offset = signal.offset + std::size_t(rows.row) * signal.row_stride;
    };
    place(input);
    for (Run& run : runs) place(run.first);
    for (Step& step : steps)
        for (Rows* rows : {&step.out, &step.residual, &step.head, &step.a, &step.b, &step.c})
            place(*rows);
}

int Builder::signal(int rows) {
    plan_.signals.push_back({rows, 0, 0, 0, 0});
    return int(plan_.signals.size()) - 1;
}

int Builder::scratch(int slot, int rows) {
    if (slot >= int(scratch_.size())) scratch_.resize(slot + 1, none);
    if (scratch_[slot] == none) scratch_[slot] = signal(rows);
    Signal& block = plan_.signals[scratch_[slot]];
    block.rows = std::max(block.rows, rows);
    return scratch_[slot];
}

int Builder::place_activation(const Activation* activation) {
    plan_.activations.push_back(
        {activation->kind, int(plan_.parameters.size()), int(activation->parameters.size())});
    plan_.parameters.insert(plan_.parameters.end(), activation->parameters.begin(),
                            activation->parameters.end());
    return int(plan_.activations.size()) - 1;
}

/// Of the sums of rows [first, first + outputs), which lie in one group of every term.
void Builder::add_weights(std::initializer_list<Term> terms, int first, int outputs) {
    for (int o = first; o < first + outputs; ++o) {
        float bias = 0.0f;
        for (const Term& term : terms)
            if (const float* b = term.convolution.bias()) bias += b[o];
        plan_.weights.push_back(bias);
    }
    for (const Term& term : terms) {
        const Convolution& c = term.convolution;
        const int rows = c.inputs / c.groups;
        for (int k = 0; k < c.taps; ++k)
            for (int i = 0; i < rows; ++i)
                for (int o = first; o < first + outputs; ++o)
                    plan_.weights.push_back(c.weights[(std::size_t(o) * rows + i) * c.taps + k]);
    }
}

/// Nearly equal ones of rows [begin, end), which lie in one group of every term and have the runs
/// of `tile`.
void Builder::add_tiles(std::initializer_list<Term> terms, int begin, int end, Tile tile) {
    const int outputs = end - begin, tiles = (outputs + max_outputs_ - 1) / max_outputs_;
    for (int t = 0; t < tiles; ++t) {
        tile.first_output = begin + outputs * t / tiles;
        tile.outputs = begin + outputs * (t + 1) / tiles - tile.first_output;
        tile.weights = plan_.weights.size();
        add_weights(terms, tile.first_output, tile.outputs);
        plan_.tiles.push_back(tile);
    }
}

void Builder::matrix(int out, std::initializer_list<Term> terms, Rows residual, Finish finish) {
    const int outputs = terms.begin()->convolution.outputs;
    Step step{Step::Kind::matrix, {out, 0}, outputs};
    step.residual = residual;
    step.runs_begin = int(plan_.runs.size());
    step.tiles_begin = int(plan_.tiles.size());
    for (int begin = 0, end; begin < outputs; begin = end) {
        end = outputs;
        const int first_run = int(plan_.runs.size()) - step.runs_begin;
        for (const Term& term : terms) {
            const Convolution& c = term.convolution;
            Signal& signal = plan_.signals[term.signal];
            assert(c.outputs == outputs && c.inputs <= signal.rows);
            const int of_group = c.outputs / c.groups, group = begin / of_group;
            const int rows = c.inputs / c.groups;
            end = std::min(end, (group + 1) * of_group);
            for (int k = 0; k < c.taps; ++k) {
                const int lookback_frames = (c.taps - 1 - k) * c.dilation;
                signal.lookback_frames = std::max(signal.lookback_frames, lookback_frames);
                plan_.runs.push_back({{term.signal, group * rows}, rows, lookback_frames});
            }
        }
        const int runs = int(plan_.runs.size()) - step.runs_begin;
        add_tiles(terms, begin, end, {0, 0, first_run, runs, 0});
    }
    step.runs_end = int(plan_.runs.size());
    step.tiles_end = int(plan_.tiles.size());
    plan_.max_runs = std::max(plan_.max_runs, step.runs_end - step.runs_begin);
    finish_step(step, finish);
    plan_.steps.push_back(step);
}

/// In the tiles of a matrix, while their rows are hot.
void Builder::finish_step(Step& step, const Finish& finish) {
    if (!finish.activation) return;
    step.activation = place_activation(finish.activation);
    step.head = finish.head;
    step.begins_head = finish.begins_head;
}

void Builder::activate(Rows to, Rows from, int rows, const Finish& finish) {
    Step step{Step::Kind::activation, to, rows};
    step.a = from;
    finish_step(step, finish);
    plan_.steps.push_back(step);
}

void Builder::combine(Combination combination, Rows out, int rows, Rows a, Rows b, Rows c) {
    Step step{Step::Kind::combination, out, rows};
    step.combination = combination;
    step.a = a;
    step.b = b;
    step.c = c;
    plan_.steps.push_back(step);
}

OwnedPlan Builder::finish(int input, int output, int condition) {
    plan_.input.signal = input;
    plan_.output = output;
    plan_.condition = condition;
    plan_.place();
    return std::move(plan_);
}

}  // namespace neural_amp::planar
