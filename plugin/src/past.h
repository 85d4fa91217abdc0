// SPDX-License-Identifier: MIT
// What a player has been given to play, so that a new stream can hear it too, on another thread.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstdint>
#include <vector>

namespace neural_amp::plugin {

/// The last frames of every channel, in a ring. One thread writes, any number read; nobody waits.
/// A frame keeps its number for good.
class Past {
public:
    Past(int num_channels, int capacity_frames)
        : num_channels_(num_channels), capacity_frames_(capacity_frames),
          samples_(std::size_t(num_channels) * std::size_t(capacity_frames)) {}

    /// The next frame is the first of a signal. [audio thread]
    void begin_signal() noexcept { signal_begin_ = end_.load(std::memory_order_relaxed); }

    /// [audio thread]
    void record(const float* const* in, std::int64_t frames) noexcept {
        const std::int64_t begin = end_.load(std::memory_order_relaxed), end = begin + frames;
        // Readers see that a frame goes no later than what takes its place.
        written_end_.store(end, std::memory_order_relaxed);
        std::atomic_thread_fence(std::memory_order_release);
        for (std::int64_t f = std::max<std::int64_t>(0, frames - capacity_frames_); f < frames;) {
            const std::int64_t n = std::min(frames - f, to_edge(begin + f));
            for (int c = 0; c < num_channels_; ++c) {
                std::atomic<float>* const slots = samples_.data() + slot(c, begin + f);
                for (std::int64_t i = 0; i < n; ++i)
                    slots[i].store(in[c][f + i], std::memory_order_relaxed);
            }
            f += n;
        }
        end_.store(end, std::memory_order_release);
    }

    /// The first frame of the signal that plays. [any thread]
    std::int64_t signal_begin() const noexcept { return signal_begin_; }

    /// The first frame that is still here, and the one after the last. [any thread]
    std::int64_t begin() const noexcept { return std::max(signal_begin(), oldest()); }
    std::int64_t end() const noexcept { return end_.load(std::memory_order_acquire); }

    /// Frames [begin, begin + frames), all before `end`, into `out`. False if they are overwritten
    /// by now, or partly. [any thread]
    bool read(std::int64_t begin, float* const* out, std::int64_t frames) const noexcept {
        for (std::int64_t f = 0; f < frames;) {
            const std::int64_t n = std::min(frames - f, to_edge(begin + f));
            for (int c = 0; c < num_channels_; ++c) {
                const std::atomic<float>* const slots = samples_.data() + slot(c, begin + f);
                for (std::int64_t i = 0; i < n; ++i)
                    out[c][f + i] = slots[i].load(std::memory_order_relaxed);
            }
            f += n;
        }
        std::atomic_thread_fence(std::memory_order_acquire);
        return begin >= oldest();
    }

private:
    std::int64_t oldest() const noexcept {
        return written_end_.load(std::memory_order_relaxed) - capacity_frames_;
    }
    std::int64_t slot(int channel, std::int64_t frame) const noexcept {
        return channel * capacity_frames_ + frame % capacity_frames_;
    }
    std::int64_t to_edge(std::int64_t frame) const noexcept {
        return capacity_frames_ - frame % capacity_frames_;
    }

    int num_channels_;
    std::int64_t capacity_frames_;
    std::vector<std::atomic<float>> samples_;
    std::atomic<std::int64_t> signal_begin_ = 0;
    std::atomic<std::int64_t> written_end_ = 0;  ///< `end_`, or what it is going to be
    std::atomic<std::int64_t> end_ = 0;
};

}  // namespace neural_amp::plugin
