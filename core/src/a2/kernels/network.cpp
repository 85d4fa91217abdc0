// SPDX-License-Identifier: MIT
// One block through the whole network. Compiled once per ISA.
#ifndef KERNEL_ISA
#error "KERNEL_ISA names the ISA: see add_kernels in core/CMakeLists.txt."
#endif

#include "head.h"
#include "kernels.h"
#include "layer.h"

namespace neural_amp::a2::KERNEL_ISA {
namespace {

struct Lookbacks {
    int frames[layer_count][max_taps];
};

constexpr Lookbacks lookbacks = [] {
    Lookbacks table{};
    for (int l = 0; l < layer_count; ++l)
        for (int k = 0; k < taps[l]; ++k) table.frames[l][k] = (taps[l] - 1 - k) * dilations[l];
    return table;
}();

/// Copies whole vectors; what is copied too much lands in frames that nobody reads.
template <int Channels, int RowCount>
NEURAL_AMP_INLINE void copy_frames(float* to, const float* from, int frames) {
    using Vec = V<Tile<Channels>::lanes>;
    for (int f = 0; f < frames; f += Vec::lanes)
        for (int c = 0; c < RowCount; ++c)
            Vec::load(from + c * layout.row_stride + f).store(to + c * layout.row_stride + f);
}

/// Mirror on demand: of the block just written, brings what ran over the ring's end to its start,
/// and what lies at its start to the mirror, no wider than the largest block so far can read.
/// Blocks elsewhere in the ring, nearly all, copy nothing.
template <int Channels, int RowCount = Channels>
NEURAL_AMP_INLINE void mirror(const History& history, int r, int frames) {
    float* ring = history.arena + layout.ring_offset[r];
    const int ring_frames = layout.ring_frames[r];
    const int position = history.position[r];
    if (const int over = position + frames - ring_frames; __builtin_expect(over > 0, 0))
        copy_frames<Channels, RowCount>(ring, ring + ring_frames, over);
    if (const int open = history.mirrored_frames - position; __builtin_expect(open > 0, 0))
        copy_frames<Channels, RowCount>(ring + ring_frames + position, ring + position,
                                        frames < open ? frames : open);
}

template <int Channels>
__attribute__((noinline)) void widen_mirrors(History& history, int frames) {
    history.mirrored_frames = frames;
    for (int r = 0; r < ring_count; ++r) {
        float* ring = history.arena + layout.ring_offset[r];
        copy_frames<Channels, Channels>(ring + layout.ring_frames[r], ring, frames);
    }
}

template <int Channels, int Taps, Place place>
NEURAL_AMP_INLINE void run_layer(const PackedWeights<Channels>& weights, History& history,
                                 const float* input, int l, int frames) {
    constexpr int lanes = Tile<Channels>::lanes;
    Rows<Taps> rows;
    rows.x = history.arena + layout.ring_offset[l];
    const int position = history.position[l];
    const int ring_frames = layout.ring_frames[l];
    for (int k = 0; k < Taps; ++k) {
        const int tap = position - lookbacks.frames[l][k];
        rows.tap[k] = tap + (tap < 0 ? ring_frames : 0);
    }
    rows.input = input;
    rows.head = history.arena + layout.ring_offset[head_ring] + history.position[head_ring];
    rows.next = history.arena + layout.ring_offset[l + 1] + history.position[l + 1];
    layer<Channels, Taps, place>(weights, weights.layers[l], rows, (frames + lanes - 1) / lanes);
    if constexpr (place != Place::last) mirror<Channels>(history, l + 1, frames);
}

template <int Channels>
NEURAL_AMP_INLINE void run_layer(const PackedWeights<Channels>& weights, History& history,
                                 const float* input, int l, int frames) {
    if (l == 0)
        run_layer<Channels, 6, Place::first>(weights, history, input, l, frames);
    else if (l == layer_count - 1)
        run_layer<Channels, 6, Place::last>(weights, history, input, l, frames);
    else if (taps[l] == 6)
        run_layer<Channels, 6, Place::inner>(weights, history, input, l, frames);
    else
        run_layer<Channels, 15, Place::inner>(weights, history, input, l, frames);
}

template <int Channels>
void process_block(const PackedWeights<Channels>& weights, History& history, const float* in,
                   float* out, int frames) {
    constexpr int lanes = Tile<Channels>::lanes;
    const int reach = (frames + head_taps - 1 + lanes - 1) / lanes * lanes;
    if (reach > history.mirrored_frames) widen_mirrors<Channels>(history, reach);

    float* input = history.arena + layout.ring_offset[0] + history.position[0];
    for (int f = 0; f < frames; ++f) input[f] = in[f];
    mirror<Channels, 1>(history, 0, frames);
    for (int l = 0; l < layer_count; ++l) run_layer<Channels>(weights, history, input, l, frames);
    mirror<Channels>(history, head_ring, frames);

    int window = history.position[head_ring] - (head_taps - 1);
    window += window < 0 ? layout.ring_frames[head_ring] : 0;
    alignas(64) float whole_vectors[max_block_frames + max_lanes];
    head<Channels>(weights, history.arena + layout.ring_offset[head_ring] + window, whole_vectors,
                   (frames + lanes - 1) / lanes);
    for (int f = 0; f < frames; ++f) out[f] = whole_vectors[f];

    for (int r = 0; r < ring_count; ++r) {
        const int next = history.position[r] + frames;
        history.position[r] = next >= layout.ring_frames[r] ? next - layout.ring_frames[r] : next;
    }
}

/// Fills ring `r` and its mirror with `frame`, one value per row.
template <int Channels>
void fill_ring(History& history, int r, const float (&frame)[Channels]) {
    using Vec = V<Tile<Channels>::lanes>;
    for (int c = 0; c < Channels; ++c) {
        float* ring = history.arena + c * layout.row_stride + layout.ring_offset[r];
        const Vec value = Vec::splat(frame[c]);
        for (int f = 0; f < layout.ring_frames[r] + mirror_frames; f += Vec::lanes)
            value.store(ring + f);
    }
}

/// Prewarm in closed form: under silence every ring is constant, so one frame a layer gives them
/// all, bit for bit what a receptive field of it leaves behind.
template <int Channels>
void find_silence(const PackedWeights<Channels>& weights, History& history, float in,
                  float (*silence)[Channels]) {
    for (int c = 0; c < Channels; ++c) silence[0][c] = in;
    fill_ring<Channels>(history, 0, silence[0]);
    const float* input = history.arena + layout.ring_offset[0];
    for (int l = 0; l < layer_count; ++l) {
        run_layer<Channels>(weights, history, input, l, 1);
        const int r = l + 1;
        const float* frame = history.arena + layout.ring_offset[r] + history.position[r];
        for (int c = 0; c < Channels; ++c) silence[r][c] = frame[c * layout.row_stride];
        if (r != head_ring) fill_ring<Channels>(history, r, silence[r]);
    }
    fill_ring<Channels>(history, head_ring, silence[head_ring]);
}

template <int Channels>
void restore_silence(History& history, const float (*silence)[Channels]) {
    for (int r = 0; r < ring_count; ++r) fill_ring<Channels>(history, r, silence[r]);
}

}  // namespace

extern const Kernels kernels = {
    {process_block<3>, find_silence<3>, restore_silence<3>},
    {process_block<8>, find_silence<8>, restore_silence<8>},
};

}  // namespace neural_amp::a2::KERNEL_ISA
