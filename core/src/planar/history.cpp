// SPDX-License-Identifier: MIT
#include "history.h"

#include <algorithm>
#include <cstring>

namespace neural_amp::planar {
namespace {

int round_up(int frames) { return (frames + max_lanes - 1) / max_lanes * max_lanes; }

/// An odd number of cache lines: the same frame of 8 rows falls into 8 different L1 sets.
int stride_for(int frames) {
    constexpr int line = 64 / sizeof(float);
    return ((frames + line - 1) / line | 1) * line;
}

}  // namespace

std::size_t place(std::span<Signal> signals) {
    std::size_t offset = 0;
    const auto put = [&](Signal& signal, int frames) {
        signal.row_stride = stride_for(frames);
        signal.offset = offset;
        offset += std::size_t(signal.rows) * signal.row_stride;
    };
    for (Signal& signal : signals)
        if (signal.lookback_frames == 0) {
            signal.ring_frames = 0;
            put(signal, max_block_frames + max_lanes);
        }
    for (Signal& signal : signals)
        if (signal.lookback_frames > 0) {
            // A few blocks for the short ones, so that they wrap seldom.
            signal.ring_frames =
                std::max(round_up(signal.lookback_frames + mirror_frames), 2 * max_block_frames);
            put(signal, signal.ring_frames + mirror_frames);
        }
    return offset;
}

History::History(std::span<const Signal> signals, std::size_t arena_floats, int max_runs)
    : signals_(signals), position_(signals.size()), windows_(max_runs),
      arena_(make_floats(arena_floats, page)) {
    past_ = {arena_.get(), position_.data(), 0, windows_.data()};
}

/// Staggered, so that the rings do not all wrap in the same block.
void History::place_rings() {
    for (std::size_t s = 0; s < signals_.size(); ++s)
        if (const int frames = signals_[s].ring_frames; frames > 0)
            position_[s] = int(s) * max_lanes % frames;
}

void History::fill(const float* frames) {
    place_rings();
    for (const Signal& signal : signals_) {
        for (int r = 0; r < signal.rows && signal.ring_frames > 0; ++r)
            std::fill_n(past_.arena + signal.offset + std::size_t(r) * signal.row_stride,
                        signal.ring_frames + mirror_frames, frames[r]);
        frames += signal.rows;
    }
}

/// Calls `body(run, bytes)` for the two runs, the older first, in which the frames before a ring's
/// position lie; the first is empty unless they go round the ring's end.
template <class Body>
void History::for_each_run(int s, int row, Body&& body) const {
    const Signal& signal = signals_[s];
    float* ring = past_.arena + signal.offset + std::size_t(row) * signal.row_stride;
    const int frames = signal.lookback_frames, position = position_[s];
    const int before_end = std::max(0, frames - position);
    body(ring + signal.ring_frames - before_end, before_end * sizeof(float));
    body(ring + position - (frames - before_end), (frames - before_end) * sizeof(float));
}

std::size_t History::state_bytes() const {
    std::size_t floats = 0;
    for (const Signal& signal : signals_)
        floats += std::size_t(signal.rows) * signal.lookback_frames;
    return floats * sizeof(float);
}

void History::save(std::byte* state) const {
    for (int s = 0; s < int(signals_.size()); ++s)
        for (int r = 0; r < signals_[s].rows && signals_[s].ring_frames > 0; ++r)
            for_each_run(s, r, [&](const float* run, std::size_t bytes) {
                std::memcpy(state, run, bytes);
                state += bytes;
            });
}

void History::restore(const std::byte* state) {
    place_rings();
    for (int s = 0; s < int(signals_.size()); ++s)
        for (int r = 0; r < signals_[s].rows && signals_[s].ring_frames > 0; ++r) {
            for_each_run(s, r, [&](float* run, std::size_t bytes) {
                std::memcpy(run, state, bytes);
                state += bytes;
            });
            float* ring =
                past_.arena + signals_[s].offset + std::size_t(r) * signals_[s].row_stride;
            std::copy_n(ring, mirror_frames, ring + signals_[s].ring_frames);
        }
}

}  // namespace neural_amp::planar
