// SPDX-License-Identifier: MIT
// How large a network may be, whatever a model image asks for: far more than any amp takes, and so
// little that reading one cannot exhaust a machine. Records are counted in image.cpp. The readers
// of `.nam` files have the same numbers, in nam/limits.py.
#pragma once

#include <cstdint>

namespace neural_amp::limits {

constexpr int max_channels_of_audio = 64;  ///< inputs, and outputs

// Convolutions
constexpr int max_taps = 1024;  ///< of one
constexpr int max_dilation = 1 << 20;
constexpr int max_width = 256;   ///< of channels, bottleneck, head, condition
constexpr int max_layers = 512;  ///< of all arrays, or blocks
constexpr int max_arrays = 32;
constexpr int max_post_convolutions = 32;
constexpr std::int64_t max_lookback_frames = 1 << 22;
constexpr std::int64_t max_history_floats = 1 << 24;  ///< rows times lookback, all in all

// LSTM
constexpr int max_lstm_layers = 8;
constexpr int max_lstm_units = 256;

// Linear
constexpr int max_linear_taps = 1 << 20;

/// Multiply-adds that all networks of an image may take to settle while it is read: 4 seconds.
constexpr std::int64_t max_settling = std::int64_t(1) << 35;

constexpr std::int64_t max_multiply_adds = 1 << 22;  ///< of a frame, in any network

}  // namespace neural_amp::limits
