// SPDX-License-Identifier: MIT
// One channel of audio on its way through a filter.
#pragma once

#include <cstddef>

#include "filter.h"

namespace neural_amp::linear {

/// The frames of a block come in any number of parts. How many have come, `place`, is for the
/// caller to know.
class Channel {
public:
    /// Makes all memory, before a block in infinite silence. [not real-time]
    explicit Channel(const Filter& filter);

    /// Takes the next frames of this block, as distances from `silence`. [audio thread]
    void take(const float* in, float silence, int place, int frames) noexcept;

    /// Gives what the filter makes of them, plus `offset`. [audio thread]
    void give(float* out, float offset, int place, int frames) noexcept;

    /// After the last frame of a block. [audio thread]
    void complete_block() noexcept;

    /// Back to infinite silence. [audio thread]
    void clear() noexcept;

    /// `lookback_frames` of the shape: those that are still heard, the oldest first, and zeros.
    /// [audio thread]
    std::size_t state_bytes() const noexcept;
    void save(int place, std::byte* state) const noexcept;
    void restore(int place, const std::byte* state) noexcept;

private:
    template <class Body>
    void for_each_run(int place, Body&& body) const noexcept;
    float* block(int slot) const noexcept { return &blocks_[std::size_t(slot) * block_frames]; }
    float* spectrum(int slot) const noexcept {
        return &spectra_[std::size_t(slot) * spectrum_floats];
    }
    int after(int slot) const noexcept { return slot + 1 == slots_ ? 0 : slot + 1; }
    void find_spectrum(int older_slot, int newer_slot) noexcept;
    void find_tail() noexcept;

    const Filter& filter_;
    int past_frames_;      ///< in the window, whole blocks
    int slots_;            ///< one more than partitions, or none
    int newest_slot_ = 0;  ///< of the last block that is complete
    Floats window_;        ///< the past that is multiplied tap by tap, and this block
    Floats tail_;          ///< what the partitions add to this block
    Floats blocks_;        ///< ring of complete blocks
    Floats spectra_;       ///< ring of their spectra, each with the block before it
};

}  // namespace neural_amp::linear
