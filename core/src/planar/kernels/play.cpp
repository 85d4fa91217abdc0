// SPDX-License-Identifier: MIT
// One block through all steps of a plan. Compiled once per ISA.
#ifndef KERNEL_ISA
#error "KERNEL_ISA names the ISA: see add_kernels in core/CMakeLists.txt."
#endif

#include "activations.h"
#include "kernels.h"
#include "matrix.h"
#include "tiles.h"

namespace neural_amp::planar::KERNEL_ISA {
namespace {

/// A plan at work on one block.
struct Block {
    const Plan& plan;
    Past& past;
    int frames;
    int vectors;

    NEURAL_AMP_INLINE float* at(const Rows& rows) const {
        return past.arena + rows.offset + past.position[rows.signal];
    }
};

/// Copies whole vectors; what is copied too much lands in frames that nobody reads.
void copy_frames(const Signal& signal, float* to, const float* from, int frames) {
    for (int r = 0; r < signal.rows; ++r, to += signal.row_stride, from += signal.row_stride)
        for (int f = 0; f < frames; f += Vec::lanes) Vec::load(from + f).store(to + f);
}

/// Mirror on demand: of the block just written, brings what ran over the ring's end to its start,
/// and what lies at its start to the mirror, no wider than the largest block so far can read.
/// Blocks elsewhere in the ring, nearly all, copy nothing.
NEURAL_AMP_INLINE void mirror(const Block& block, const Rows& rows) {
    if (rows.ring_frames == 0) return;
    const Signal& signal = block.plan.signals[rows.signal];
    float* ring = block.past.arena + signal.offset;
    const int position = block.past.position[rows.signal];
    if (const int over = position + block.frames - rows.ring_frames; __builtin_expect(over > 0, 0))
        copy_frames(signal, ring, ring + rows.ring_frames, over);
    if (const int open = block.past.mirrored_frames - position; __builtin_expect(open > 0, 0))
        copy_frames(signal, ring + rows.ring_frames + position, ring + position,
                    block.frames < open ? block.frames : open);
}

void widen_mirrors(const Plan& plan, Past& past, int frames) {
    for (int s = 0; s < plan.signal_count; ++s) {
        const Signal& signal = plan.signals[s];
        if (signal.ring_frames == 0) continue;
        float* ring = past.arena + signal.offset;
        copy_frames(signal, ring + signal.ring_frames, ring, frames);
    }
    past.mirrored_frames = frames;
}

NEURAL_AMP_INLINE ActivationRows activation_rows(const Block& block, const Step& step,
                                                 const Rows& from) {
    const PlacedActivation& activation = block.plan.activations[step.activation];
    const bool head = step.head.signal != none;
    return {block.plan.parameters + activation.parameters,
            activation.parameter_count,
            block.at(from),
            from.row_stride,
            block.at(step.out),
            step.out.row_stride,
            head ? block.at(step.head) : nullptr,
            head ? step.head.row_stride : 0,
            step.begins_head};
}

NEURAL_AMP_INLINE Activate activation_of(const Block& block, const Step& step) {
    return activations[int(block.plan.activations[step.activation].kind) - 1];
}

template <int... Outputs>
struct TileList {
    static constexpr void (*of[])(const Matrix&, const Tile&, int) = {tiles<Outputs>...};
};

template <int Count, int... Outputs>
struct TilesUpTo : TilesUpTo<Count - 1, Count, Outputs...> {};

template <int... Outputs>
struct TilesUpTo<0, Outputs...> : TileList<Outputs...> {};

NEURAL_AMP_INLINE void play_matrix(const Block& block, const Step& step) {
    const Plan& plan = block.plan;
    Window* window = block.past.windows;
    for (int r = step.runs_begin; r < step.runs_end; ++r, ++window) {
        const Run& run = plan.runs[r];
        int frame = block.past.position[run.first.signal] - run.lookback_frames;
        frame += frame < 0 ? run.first.ring_frames : 0;
        *window = {block.past.arena + run.first.offset + frame, run.rows, run.first.row_stride};
    }
    Matrix matrix;
    matrix.windows = block.past.windows;
    matrix.weights = plan.weights;
    matrix.residual = step.residual.signal != none ? block.at(step.residual) : nullptr;
    matrix.residual_stride = step.residual.signal != none ? step.residual.row_stride : 0;
    matrix.out = block.at(step.out);
    matrix.out_stride = step.out.row_stride;
    matrix.activate = nullptr;
    if (step.activation != none) {
        matrix.activate = activation_of(block, step);
        matrix.activation = activation_rows(block, step, step.out);
    }
    for (int t = step.tiles_begin; t < step.tiles_end; ++t) {
        const Tile& tile = plan.tiles[t];
        TilesUpTo<Shape::max_outputs>::of[tile.outputs - 1](matrix, tile, block.vectors);
    }
}

template <class Body>
NEURAL_AMP_INLINE void for_each_vector(const Block& block, const Step& step, const Body& body) {
    float* out = block.at(step.out);
    const long stride = step.out.row_stride;
    for (int r = 0; r < step.rows; ++r)
        for (int v = 0; v < block.vectors; ++v)
            body(r, v * Vec::lanes).store(out + r * stride + v * Vec::lanes);
}

void play_combination(const Block& block, const Step& step) {
    struct Input {
        const float* x;
        long stride;
        NEURAL_AMP_INLINE Vec load(int r, int f) const { return Vec::load(x + r * stride + f); }
    };
    const auto input = [&](const Rows& rows) -> Input {
        if (rows.signal == none) return {nullptr, 0};
        return {block.at(rows), rows.row_stride};
    };
    const Input a = input(step.a), b = input(step.b), c = input(step.c);
    switch (step.combination) {
    case Combination::copy:
        return for_each_vector(block, step, [&](int r, int f) INLINE_LAMBDA {
            return a.load(r, f);
        });
    case Combination::sum:
        return for_each_vector(block, step, [&](int r, int f) INLINE_LAMBDA {
            return add(a.load(r, f), b.load(r, f));
        });
    case Combination::product:
        return for_each_vector(block, step, [&](int r, int f) INLINE_LAMBDA {
            return mul(a.load(r, f), b.load(r, f));
        });
    case Combination::product_and_sum:
        return for_each_vector(block, step, [&](int r, int f) INLINE_LAMBDA {
            return fma(a.load(r, f), b.load(r, f), c.load(r, f));
        });
    case Combination::blend:
        return for_each_vector(block, step, [&](int r, int f) INLINE_LAMBDA {
            const Vec other = c.load(r, f);
            return fma(b.load(r, f), sub(a.load(r, f), other), other);
        });
    }
}

void play(const Plan& plan, Past& past, int frames) {
    const Block block{plan, past, frames, (frames + Vec::lanes - 1) / Vec::lanes};
    mirror(block, plan.input);
    if (frames > past.mirrored_frames) widen_mirrors(plan, past, block.vectors * Vec::lanes);
    for (const Step *step = plan.steps, *end = step + plan.step_count; step != end; ++step) {
        switch (step->kind) {
        case Step::Kind::matrix: play_matrix(block, *step); break;
        case Step::Kind::activation:
            activation_of(block, *step)(activation_rows(block, *step, step->a), 0, step->rows, 0,
                                        block.vectors);
            break;
        case Step::Kind::combination: play_combination(block, *step); break;
        }
        mirror(block, step->out);
        mirror(block, step->head);
    }
    for (int s = 0; s < plan.signal_count; ++s) {
        const int ring_frames = plan.signals[s].ring_frames;
        if (ring_frames == 0) continue;
        const int next = past.position[s] + frames;
        past.position[s] = next >= ring_frames ? next - ring_frames : next;
    }
}

}  // namespace

extern const Kernels kernels = {Shape::max_outputs, play};

}  // namespace neural_amp::planar::KERNEL_ISA
