// SPDX-License-Identifier: MIT
// The model image: one flat, checksummed, little-endian byte string.
//
// Version 2:
//
//     header, 64 bytes                            each network, 16 bytes
//     0   "NAMIMAGE"                              0   f64 max_value: ascending, the last >= 1
//     8   u32 version                             8   f64 loudness in dB, NaN if unknown
//     12  u32 CRC-32 of bytes 16 to end
//     16  u64 bytes in all                        then the record of each network,
//     24  f64 sample rate in Hz                   then the metadata, to the end
//     32  f64 input level in dBu, NaN if unknown
//     40  f64 output level in dBu, NaN if unknown
//     48  u32 networks, 1 to 64
//     52  u32 bytes of metadata, at most 1 MiB
//     56  u64 zero
//
//     record, at a multiple of 16
//     0   u32 tag of the room whose network it is
//     4   u32 bytes of config
//     8   u64 bytes of the record in all, a multiple of 16
//     16  u64 weights
//     24  u32 children
//     28  u32 zero
//     32  the config: a block that is the room's own; zeros to a multiple of 16
//         the weights: f32, in the order of the `.nam` file; zeros to a multiple of 16
//         the children: records, of the networks that this one holds
//
// Records nest 8 deep, and are 256 at most.
//
// Version 1, which release 0.1 wrote, knew A2 networks only. Its header is the same; then come
//
//     each network, 32 bytes
//     0   f64 max_value                           then the weights of each network, f32,
//     8   f64 loudness in dB, NaN if unknown      then the metadata, to the end
//     16  u32 1
//     20  u32 channels
//     24  u64 weights
//
// The metadata is UTF-8 JSON of whoever wrote the image. Equal models have equal images.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <neural_amp/neural_amp.h>

namespace neural_amp {

/// A tag as four letters.
template <std::size_t Size>
consteval std::uint32_t fourcc(const char (&letters)[Size]) {
    static_assert(Size <= 5);
    std::uint32_t tag = 0;
    for (std::size_t i = 0; i < Size - 1; ++i) tag |= std::uint32_t(letters[i]) << (8 * i);
    return tag;
}

/// A network as an image has it. All but the list is borrowed from the image.
struct Record {
    std::uint32_t tag;
    std::span<const std::byte> config;
    std::span<const float> weights;  ///< finite
    std::vector<Record> children;
};

struct ImageNetwork {
    double max_value;
    std::optional<double> loudness_db;
    Record record;
};

struct ImageContents {
    double sample_rate_hz;
    std::optional<double> input_level_dbu;
    std::optional<double> output_level_dbu;
    std::vector<ImageNetwork> networks;
    std::string_view metadata;  ///< borrowed from the image
};

/// Reads and checks every byte but the rooms' own: what a config says, and how many weights and
/// children that takes. `image` lies at a multiple of 16. Throws ModelError. [not real-time]
ImageContents read_image(std::span<const std::byte> image);

/// Throws a ModelError that says so of a model image.
[[noreturn]] void refuse(const std::string& sentence);

}  // namespace neural_amp
