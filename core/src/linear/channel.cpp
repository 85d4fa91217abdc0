// SPDX-License-Identifier: MIT
#include "channel.h"

#include <algorithm>
#include <cstring>

#include "../flush_to_zero.h"

namespace neural_amp::linear {
namespace {

constexpr int whole_blocks(int frames) {
    return (frames + block_frames - 1) / block_frames * block_frames;
}

/// And what the last vector has beyond it.
constexpr int padded_block_frames = block_frames + max_lanes;

/// Partitions. Sums of sums round less than one long sum: a million taps of noise are -128 dB from
/// the formula, and were -110 dB.
constexpr int summed_at_once = 64;

}  // namespace

Channel::Channel(const Filter& filter)
    : filter_(filter), past_frames_(whole_blocks(filter.shape.direct_taps())),
      slots_(filter.shape.partitions() ? filter.shape.partitions() + 1 : 0),
      window_(make_floats(std::size_t(past_frames_ + padded_block_frames))),
      tail_(make_floats(padded_block_frames)),
      blocks_(make_floats(std::size_t(slots_) * block_frames)),
      spectra_(make_floats(std::size_t(slots_) * spectrum_floats)) {}

void Channel::take(const float* in, float silence, int place, int frames) noexcept {
    float* next = &window_[std::size_t(past_frames_ + place)];
    for (int f = 0; f < frames; ++f) next[f] = in[f] - silence;
}

void Channel::give(float* out, float offset, int place, int frames) noexcept {
    alignas(64) float whole_vectors[padded_block_frames];
    filter_.kernels.direct(filter_.direct_taps.data(), int(filter_.direct_taps.size()),
                           &window_[std::size_t(past_frames_ + place)], &tail_[std::size_t(place)],
                           offset, whole_vectors, frames);
    std::copy_n(whole_vectors, frames, out);
}

void Channel::complete_block() noexcept {
    const float* const complete = &window_[std::size_t(past_frames_)];
    if (slots_) {
        const int before = newest_slot_;
        newest_slot_ = after(before);
        std::copy_n(complete, block_frames, block(newest_slot_));
        find_spectrum(before, newest_slot_);
        find_tail();
    }
    std::copy_n(&window_[block_frames], past_frames_, &window_[0]);
}

void Channel::find_spectrum(int older_slot, int newer_slot) noexcept {
    filter_.kernels.forward(filter_.transform, block(older_slot), block(newer_slot),
                            spectrum(newer_slot));
}

void Channel::find_tail() noexcept {
    alignas(64) float sum[spectrum_floats] = {};
    const int partitions = slots_ - 1, oldest_slot = after(after(newest_slot_));
    for (int p = 0; p < partitions; p += summed_at_once)
        filter_.kernels.multiply(filter_.partitions.get() + std::size_t(p) * spectrum_floats,
                                 std::min(summed_at_once, partitions - p), spectra_.get(), slots_,
                                 (oldest_slot + p) % slots_, sum);
    filter_.kernels.back(filter_.transform, sum, tail_.get());
}

void Channel::clear() noexcept {
    std::fill_n(window_.get(), past_frames_ + padded_block_frames, 0.0f);
    std::fill_n(tail_.get(), padded_block_frames, 0.0f);
    std::fill_n(blocks_.get(), std::size_t(slots_) * block_frames, 0.0f);
    std::fill_n(spectra_.get(), std::size_t(slots_) * spectrum_floats, 0.0f);
}

/// Calls `body(run, frames)` for the runs in which the frames that are heard lie, the oldest first.
template <class Body>
void Channel::for_each_run(int place, Body&& body) const noexcept {
    if (slots_) {
        for (int s = 0, slot = newest_slot_; s < slots_; ++s) {
            slot = after(slot);
            body(block(slot), block_frames);
        }
        body(&window_[std::size_t(past_frames_)], place);
    } else {
        const int heard = filter_.shape.heard_frames(place);
        body(&window_[std::size_t(past_frames_ + place - heard)], heard);
    }
}

std::size_t Channel::state_bytes() const noexcept {
    return std::size_t(filter_.shape.lookback_frames()) * sizeof(float);
}

void Channel::save(int place, std::byte* state) const noexcept {
    const std::byte* const end = state + state_bytes();
    for_each_run(place, [&](const float* run, int frames) {
        std::memcpy(state, run, frames * sizeof(float));
        state += frames * sizeof(float);
    });
    std::memset(state, 0, std::size_t(end - state));
}

void Channel::restore(int place, const std::byte* state) noexcept {
    for_each_run(place, [&](float* run, int frames) {
        std::memcpy(run, state, frames * sizeof(float));
        state += frames * sizeof(float);
    });
    if (slots_ == 0) return;
    const FlushToZero flush_to_zero;  // as in a stream
    for (int s = 1, slot = after(newest_slot_); s < slots_; ++s, slot = after(slot))
        find_spectrum(slot, after(slot));
    find_tail();
    std::copy_n(block(newest_slot_), past_frames_, window_.get());
}

}  // namespace neural_amp::linear
