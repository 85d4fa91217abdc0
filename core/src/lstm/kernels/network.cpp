// SPDX-License-Identifier: MIT
// Some frames of some signals through a whole network. Compiled once per ISA.
#ifndef KERNEL_ISA
#error "KERNEL_ISA names the ISA: see add_kernels in core/CMakeLists.txt."
#endif

#include "kernels.h"

#include "unit.h"

namespace neural_amp::lstm {

/// Units in a vector, at most.
template <simd::Isa>
constexpr int widest = 4;
template <>
constexpr int widest<simd::Isa::avx2> = 8;
template <>
constexpr int widest<simd::Isa::avx512> = 16;

namespace KERNEL_ISA {
namespace {

/// A frame of a layer.
struct Step {
    const float* weights;
    const float* x;
    int inputs;
    const float* h;
    float* next_h;
    float* c;
};

/// Two sums for each gate, of even and of odd columns: one would wait for itself.
template <int Lanes>
struct Sums {
    V<Lanes> even[gates], odd[gates];

    NEURAL_AMP_INLINE void pin() {
#ifndef NOPIN
        unroll<gates>([&](auto gate) INLINE_LAMBDA {
            KEEP_IN_REGISTER(even[gate].v);
            KEEP_IN_REGISTER(odd[gate].v);
        });
#endif
    }
};

template <int Lanes>
NEURAL_AMP_INLINE const float* add_columns(Sums<Lanes>& sums, const float* column, int width,
                                           const float* values, int count) {
    sums.pin();
    int i = 0;
    for (; i + 1 < count; i += 2, column += 2 * gates * width)
        unroll<gates>([&](auto gate) INLINE_LAMBDA {
            const float* weights = column + gate * width;
            sums.even[gate] = fma(values[i], V<Lanes>::load(weights), sums.even[gate]);
            sums.odd[gate] =
                fma(values[i + 1], V<Lanes>::load(weights + gates * width), sums.odd[gate]);
        });
    sums.pin();
    if (i < count) {
        unroll<gates>([&](auto gate) INLINE_LAMBDA {
            sums.even[gate] =
                fma(values[i], V<Lanes>::load(column + gate * width), sums.even[gate]);
        });
        column += gates * width;
    }
    return column;
}

template <int Lanes>
NEURAL_AMP_INLINE void sum_gates(const Step& step, int width, int first, V<Lanes> (&gate)[gates]) {
    Sums<Lanes> sums;
    const float* column = step.weights + first;
    unroll<gates>([&](auto g) INLINE_LAMBDA {
        sums.even[g] = V<Lanes>::load(column + g * width);
        sums.odd[g] = V<Lanes>::splat(0.0f);
    });
    column = add_columns(sums, column + gates * width, width, step.x, step.inputs);
    add_columns(sums, column, width, step.h, width);
    unroll<gates>([&](auto g) INLINE_LAMBDA {
        gate[g] = add(sums.even[g], sums.odd[g]);
    });
}

template <int Lanes, int Count>
NEURAL_AMP_INLINE void play_group(const Step* steps, int width, int first) {
    V<Lanes> gate[Count][gates], c[Count], h[Count];
    unroll<Count>([&](auto n) INLINE_LAMBDA {
        sum_gates(steps[n], width, first, gate[n]);
        c[n] = V<Lanes>::load(steps[n].c + first);
    });
    play_units<Lanes, Count>(gate, c, h);
    unroll<Count>([&](auto n) INLINE_LAMBDA {
        h[n].store(steps[n].next_h + first);
        c[n].store(steps[n].c + first);
    });
}

template <int Count>
NEURAL_AMP_INLINE void play(const Step* steps, int width) {
    constexpr int lanes = widest<simd::Isa::KERNEL_ISA>;
    int first = 0;
    for (; first + lanes <= width; first += lanes) play_group<lanes, Count>(steps, width, first);
    if constexpr (lanes > unit_multiple)
        if (first < width) play_group<unit_multiple, Count>(steps, width, first);
}

NEURAL_AMP_INLINE float head(const float* weights, const float* h, int width) {
    V<8> sum = V<8>::splat(0.0f);
    for (int u = 0; u < width; u += 8) sum = fma(V<8>::load(weights + u), V<8>::load(h + u), sum);
    return sum_of(sum);
}

/// In each step a layer plays a frame, and the one after it the frame before: none of them waits
/// for another, nor one signal for the other.
void process(const NetworkWeights& weights, const Signal* signals, int signal_count, int frames) {
    const int layers = weights.layers, width = weights.width, inputs = weights.inputs;
    constexpr int ww = 2;
    for (int step = 0; step < frames + layers - 1; ++step) {
        const int last = step < layers ? step : layers - 1;
        const int first = step < frames ? 0 : step - frames + 1;
        Step steps[max_layers * 4];
        int count = 0;
        float column[4][max_channels];
        for (int l = last; l >= first; --l)
            for (int s = 0; s < signal_count; ++s) {
                const Signal& signal = signals[s];
                const int f = step - l;
                float* state = signal.state + l * parts_of_state * width;
                float* const h[] = {state, state + 2 * width};
                const float* x = signal.in[0] + f;
                if (l > 0)
                    x = state - parts_of_state * width + (f + 1) % 2 * 2 * width;
                else if (inputs > 1) {
                    for (int i = 0; i < inputs; ++i) column[s][i] = signal.in[i][f];
                    x = column[s];
                }
                steps[count++] = {weights.layer[l],        x,        l == 0 ? inputs : width, h[f % 2],
                                  h[(f + 1) % 2], state + width};
            }
        int n = 0;
        for (; n + ww <= count; n += ww) play<ww>(steps + n, width);
        for (; n < count; ++n) play<1>(steps + n, width);
        if (last == layers - 1)
            for (int s = 0; s < signal_count; ++s)
                for (int o = 0; o < weights.outputs; ++o)
                    signals[s].out[o][step - last] =
                        weights.head_bias[o] +
                        head(weights.head + o * width, steps[s].next_h, width);
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

}  // namespace KERNEL_ISA
}  // namespace neural_amp::lstm
