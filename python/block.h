// SPDX-License-Identifier: MIT
// The short way in and out for a block of audio that lies in memory as the engine takes it. What
// nanobind has for any array takes 2 us, which is as long as a small network plays 64 frames.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <cstring>

/// A numpy array, held as long as this lives. The GIL is held when it begins and ends.
class Block {
public:
    explicit Block(nanobind::handle array) {
        if (PyObject_GetBuffer(array.ptr(), &view_, PyBUF_STRIDES | PyBUF_FORMAT) != 0) {
            PyErr_Clear();  // it cannot be looked at from here, and is not of float32
            view_.obj = nullptr;
        }
    }
    ~Block() {
        if (view_.obj) PyBuffer_Release(&view_);
    }
    Block(const Block&) = delete;
    Block& operator=(const Block&) = delete;

    /// Float32, C-contiguous, of shape (num_channels, frames), or (frames,) for one channel.
    bool is_audio(int num_channels) const {
        return view_.obj && std::strcmp(view_.format, "f") == 0 &&
               reinterpret_cast<std::uintptr_t>(view_.buf) % alignof(float) == 0 &&
               (view_.ndim == 1 ? num_channels == 1
                                : view_.ndim == 2 && view_.shape[0] == num_channels) &&
               PyBuffer_IsContiguous(&view_, 'C');
    }

    bool is_writable() const { return !view_.readonly; }

    bool has_shape_of(const Block& other) const {
        return view_.ndim == other.view_.ndim && frames() == other.frames();
    }

    /// Whether they have memory in common, and not all of it. Both have one shape.
    bool overlaps_in_part(const Block& other) const {
        const auto a = reinterpret_cast<std::uintptr_t>(view_.buf);
        const auto b = reinterpret_cast<std::uintptr_t>(other.view_.buf);
        const auto bytes = static_cast<std::uintptr_t>(view_.len);
        return a != b && a < b + bytes && b < a + bytes;
    }

    std::size_t frames() const { return std::size_t(view_.shape[view_.ndim - 1]); }

    float* channel(int c) const {
        return static_cast<float*>(view_.buf) + std::size_t(c) * frames();
    }

private:
    Py_buffer view_{};
};
