// SPDX-License-Identifier: MIT
#include "state.h"

#include <algorithm>
#include <cstring>

namespace neural_amp::a2 {
namespace {

/// The network's input is mono.
int rows_of(int r, int channels) { return r == 0 ? 1 : channels; }

float* ring_row(const History& history, int r, int row) {
    return history.arena + row * layout.row_stride + layout.ring_offset[r];
}

/// Calls `body(run, bytes)` for the two runs, the older first, in which the frames before a ring's
/// position lie; the first is empty unless they go round the ring's end.
template <class Body>
void for_each_run(const History& history, int r, int row, Body&& body) {
    float* ring = ring_row(history, r, row);
    const int frames = layout.lookback_frames[r], position = history.position[r];
    const int before_end = std::max(0, frames - position);
    body(ring + layout.ring_frames[r] - before_end, before_end * sizeof(float));
    body(ring + position - (frames - before_end), (frames - before_end) * sizeof(float));
}

}  // namespace

std::size_t state_bytes(int channels) {
    std::size_t floats = 0;
    for (int r = 0; r < ring_count; ++r) floats += rows_of(r, channels) * layout.lookback_frames[r];
    return floats * sizeof(float);
}

void save(const History& history, int channels, std::byte* state) {
    for (int r = 0; r < ring_count; ++r)
        for (int row = 0; row < rows_of(r, channels); ++row)
            for_each_run(history, r, row, [&](const float* run, std::size_t bytes) {
                std::memcpy(state, run, bytes);
                state += bytes;
            });
}

void restore(History& history, int channels, const std::byte* state) {
    for (int r = 0; r < ring_count; ++r)
        for (int row = 0; row < rows_of(r, channels); ++row) {
            for_each_run(history, r, row, [&](float* run, std::size_t bytes) {
                std::memcpy(run, state, bytes);
                state += bytes;
            });
            float* ring = ring_row(history, r, row);
            std::copy_n(ring, mirror_frames, ring + layout.ring_frames[r]);
        }
}

}  // namespace neural_amp::a2
