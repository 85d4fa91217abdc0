// SPDX-License-Identifier: MIT
// Some frames of some signals through a whole network. Compiled once per ISA.
#ifndef KERNEL_ISA
#error "KERNEL_ISA names the ISA: see add_kernels in core/CMakeLists.txt."
#endif

#include "kernels.h"

#include "sums.h"
#include "units.h"

namespace neural_amp::lstm::KERNEL_ISA {
namespace {

/// A layer of one signal, before its next frame.
struct Cell {
    const float* weights;
    int inputs;
    const float* x;
    float *h, *next_h, *c;

    NEURAL_AMP_INLINE void say() {
        float* said = next_h;
        next_h = h;
        h = said;
    }
};

template <int Lanes, int Count>
NEURAL_AMP_INLINE void play_vectors(const Cell* cells, int width, int first,
                                    const float (&sums)[Count][gates * limits::max_lstm_units]) {
    V<Lanes> gate[Count][gates], c[Count], h[Count];
    unroll<Count>([&](auto n) INLINE_LAMBDA {
        unroll<gates>([&](auto g) INLINE_LAMBDA {
            gate[n][g] = V<Lanes>::load(sums[n] + g * width + first);
        });
        c[n] = V<Lanes>::load(cells[n].c + first);
    });
    play_units<Lanes, Count>(gate, c, h);
    unroll<Count>([&](auto n) INLINE_LAMBDA {
        h[n].store(cells[n].next_h + first);
        c[n].store(cells[n].c + first);
    });
}

template <int Count>
NEURAL_AMP_INLINE void sum_gates(const Cell* cells, int width,
                                 float (&sums)[Count][gates * limits::max_lstm_units]) {
    if constexpr (Count == 2 && OwnTile::rows_of_two > 0)
        if (cells[0].weights == cells[1].weights) {
            const Columns columns[] = {{cells[0].x, cells[0].h}, {cells[1].x, cells[1].h}};
            float* to[] = {sums[0], sums[1]};
            return sum_gates<Count>(cells[0].weights, cells[0].inputs, width, columns, to);
        }
    for (int n = 0; n < Count; ++n) {
        const Columns columns[] = {{cells[n].x, cells[n].h}};
        float* to[] = {sums[n]};
        sum_gates<1>(cells[n].weights, cells[n].inputs, width, columns, to);
    }
}

/// A frame of each of `Count` cells that do not hear each other.
template <int Count>
NEURAL_AMP_INLINE void play(Cell* cells, int width) {
    alignas(64) float sums[Count][gates * limits::max_lstm_units];
    sum_gates<Count>(cells, width, sums);
    constexpr int lanes = OwnTile::lanes;
    int first = 0;
    for (; first + lanes <= width; first += lanes)
        play_vectors<lanes, Count>(cells, width, first, sums);
    if constexpr (lanes > unit_multiple)
        if (first < width) play_vectors<unit_multiple, Count>(cells, width, first, sums);
    for (int n = 0; n < Count; ++n) cells[n].say();
}

NEURAL_AMP_INLINE float dot(const float* a, const float* b, int width) {
    V<8> sum = V<8>::splat(0.0f);
    for (int u = 0; u < width; u += 8) sum = fma(V<8>::load(a + u), V<8>::load(b + u), sum);
    return sum_of(sum);
}

/// In every step a layer plays one frame, and the layer after it the one before: no layer waits for
/// another, nor a signal for the other, and the CPU plays two of them at a time.
void process(const NetworkWeights& weights, const Signal* signals, int signal_count, int frames) {
    const int layers = weights.layers, width = weights.width, inputs = weights.inputs;
    Cell cells[limits::max_lstm_layers * max_signals];  // of the last layer first
    float column[max_signals][limits::max_channels_of_audio];
    Cell* const first_layer = cells + (layers - 1) * signal_count;
    for (int l = 0; l < layers; ++l)
        for (int s = 0; s < signal_count; ++s) {
            float* state = signals[s].state + l * parts_of_state * width;
            first_layer[s - l * signal_count] = {weights.layer[l],  l == 0 ? inputs : width,
                                                 column[s],         state,
                                                 state + 2 * width, state + width};
        }
    for (int step = 0; step < frames + layers - 1; ++step) {
        Cell* cell = step < layers ? first_layer - step * signal_count : cells;
        Cell* end = first_layer + signal_count;
        if (step >= frames)
            end -= (step - frames + 1) * signal_count;
        else if (inputs == 1)
            for (int s = 0; s < signal_count; ++s) first_layer[s].x = signals[s].in[0] + step;
        else
            for (int s = 0; s < signal_count; ++s)
                for (int i = 0; i < inputs; ++i) column[s][i] = signals[s].in[i][step];
        for (Cell* above = cells; above < first_layer; ++above) above->x = above[signal_count].h;
        for (; cell + 1 < end; cell += 2) play<2>(cell, width);
        if (cell < end) play<1>(cell, width);
        const int f = step - (layers - 1);
        if (f < 0) continue;
        for (int s = 0; s < signal_count; ++s)
            for (int o = 0; o < weights.outputs; ++o)
                signals[s].out[o][f] =
                    weights.head_bias[o] + dot(weights.head + o * width, cells[s].h, width);
    }
    if (frames % 2 == 0) return;
    for (int s = 0; s < signal_count; ++s)
        for (int l = 0; l < layers; ++l) {
            float* h = signals[s].state + l * parts_of_state * width;
            for (int u = 0; u < width; ++u) h[u] = h[2 * width + u];
        }
}

}  // namespace

extern const Kernels kernels = {process};

}  // namespace neural_amp::lstm::KERNEL_ISA
