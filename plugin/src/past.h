// SPDX-License-Identifier: MIT
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>
#include <vector>

namespace neural_amp::plugin {

/// The last frames of every channel that came in, so that a new stream can hear them too.
class Past {
public:
    Past() = default;
    Past(int num_channels, std::size_t capacity_frames)
        : channels_(num_channels, std::vector<float>(capacity_frames)),
          capacity_frames_(std::int64_t(capacity_frames)) {}

    Past(const Past&) = delete;
    Past& operator=(const Past&) = delete;
    Past(Past&& other) noexcept { *this = std::move(other); }
    /// The other one is empty then, and holds nothing.
    Past& operator=(Past&& other) noexcept {
        channels_ = std::exchange(other.channels_, {});
        capacity_frames_ = std::exchange(other.capacity_frames_, 0);
        first_ = std::exchange(other.first_, 0);
        end_ = std::exchange(other.end_, 0);
        return *this;
    }

    std::int64_t capacity_frames() const noexcept { return capacity_frames_; }

    void clear() noexcept { first_ = end_ = 0; }

    /// Takes all that a smaller one holds, and goes on from there. [audio thread]
    void continue_from(const Past& other) noexcept {
        first_ = other.begin();
        end_ = other.end();
        for (std::int64_t f = first_; f < end_;) {
            const std::int64_t n = std::min(other.contiguous(f), to_edge(f));
            for (std::size_t c = 0; c < channels_.size(); ++c)
                std::copy_n(other.channel(c, f), n, channels_[c].data() + slot(f));
            f += n;
        }
    }

    /// [audio thread]
    void record(const float* const* in, std::int64_t frames) noexcept {
        for (std::int64_t f = std::max<std::int64_t>(0, frames - capacity_frames_); f < frames;) {
            const std::int64_t n = std::min(frames - f, to_edge(end_ + f));
            for (std::size_t c = 0; c < channels_.size(); ++c)
                std::copy_n(in[c] + f, n, channels_[c].data() + slot(end_ + f));
            f += n;
        }
        end_ += frames;
    }

    /// Frames [begin, end) are still here; frame 0 is the first one after `clear`.
    std::int64_t begin() const noexcept { return std::max(first_, end_ - capacity_frames_); }
    std::int64_t end() const noexcept { return end_; }

    /// Frames from `frame` on that lie next to each other, and where they are.
    std::int64_t contiguous(std::int64_t frame) const noexcept {
        return std::min(end_ - frame, to_edge(frame));
    }
    const float* channel(std::size_t c, std::int64_t frame) const noexcept {
        return channels_[c].data() + slot(frame);
    }

private:
    std::int64_t slot(std::int64_t frame) const noexcept { return frame % capacity_frames_; }
    std::int64_t to_edge(std::int64_t frame) const noexcept {
        return capacity_frames_ - slot(frame);
    }

    std::vector<std::vector<float>> channels_;
    std::int64_t capacity_frames_ = 0;
    std::int64_t first_ = 0;
    std::int64_t end_ = 0;
};

}  // namespace neural_amp::plugin
