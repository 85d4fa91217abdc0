// SPDX-License-Identifier: MIT
// Audio as numpy has it: arrays of shape (channels, frames).
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <array>
#include <memory>
#include <stdexcept>

#include <neural_amp/neural_amp.h>

namespace nb = nanobind;

using InputArray = nb::ndarray<const float, nb::ndim<2>, nb::device::cpu>;
using OutputArray = nb::ndarray<float, nb::ndim<2>, nb::device::cpu>;
using NewArray = nb::ndarray<nb::numpy, float, nb::ndim<2>>;

/// Pointers to the rows of an array whose frames lie next to each other: one for each of its
/// channels, of which there are no more than a stream can have.
template <class Float, class Array>
std::array<Float*, neural_amp::Stream::max_num_channels> rows(const Array& array) {
    if (array.shape(1) > 1 && array.stride(1) != 1)
        throw std::invalid_argument("the frames of a channel must be contiguous");
    std::array<Float*, neural_amp::Stream::max_num_channels> rows;
    for (std::size_t c = 0; c < array.shape(0); ++c)
        rows[c] = array.data() + std::int64_t(c) * array.stride(0);
    return rows;
}

/// Audio to be written before it becomes an array.
class NewAudio {
public:
    NewAudio(std::size_t channels, std::size_t frames)
        : data_(new float[channels * frames]), channels_(channels), frames_(frames) {}

    float* row(std::size_t c) { return data_.get() + c * frames_; }

    /// The GIL is held.
    NewArray to_array() && {
        float* data = data_.get();
        const nb::capsule owner(data, [](void* p) noexcept {
            delete[] static_cast<float*>(p);
        });
        data_.release();
        return NewArray(data, {channels_, frames_}, owner);
    }

private:
    std::unique_ptr<float[]> data_;
    std::size_t channels_, frames_;
};
