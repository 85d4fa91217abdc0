// SPDX-License-Identifier: MIT
// The model image: one flat, checksummed, little-endian byte string.
//
//     offset  header (64 bytes)                 offset  each size (32 bytes)
//     0       "NAMIMAGE"                        0       f64 max_value
//     8       u32 version = 1                   8       f64 loudness_db, NaN if unknown
//     12      u32 CRC-32 of bytes 16 to end     16      u32 architecture: 1 is A2
//     16      u64 bytes in all                  20      u32 channels
//     24      f64 sample_rate_hz                24      u64 weights
//     32      f64 input_level_dbu, NaN if unknown
//     40      f64 output_level_dbu, NaN if unknown
//     48      u32 sizes                         then the weights of each size, f32,
//     52      u32 bytes of metadata             then the metadata
//     56      u64 zero
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include <neural_amp/neural_amp.h>

namespace neural_amp {

struct ImageSize {
    Size size;
    std::vector<float> weights;
};

struct ImageContents {
    double sample_rate_hz;
    std::optional<double> input_level_dbu;
    std::optional<double> output_level_dbu;
    std::vector<ImageSize> sizes;
    std::string_view metadata;  ///< borrowed from the image
};

/// Reads and checks every byte. Throws ModelError. [not real-time]
ImageContents read_image(std::span<const std::byte> image);

}  // namespace neural_amp
