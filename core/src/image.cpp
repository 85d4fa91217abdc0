// SPDX-License-Identifier: MIT
#include "image.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstring>
#include <string>

#include <neural_amp/crc32.h>

#include "a2/network.h"
#include "number.h"

namespace neural_amp {
namespace {

static_assert(std::endian::native == std::endian::little, "model images are little-endian");

constexpr std::uint32_t image_version = 1;
constexpr std::size_t checksum_end = 16;
constexpr std::uint32_t max_sizes = 16;
constexpr std::uint32_t max_metadata_bytes = 1 << 20;
constexpr std::uint32_t architecture_a2 = 1;

[[noreturn]] void refuse(const std::string& sentence) {
    throw ModelError("model image: " + sentence);
}

/// Hands out an image from front to back and refuses to go past its end.
class Reader {
public:
    explicit Reader(std::span<const std::byte> rest) : rest_(rest) {}

    std::span<const std::byte> bytes(std::uint64_t count) {
        if (count > rest_.size()) refuse("ends early");
        const auto taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        return taken;
    }

    template <class T>
    T value() {
        T value;
        std::memcpy(&value, bytes(sizeof value).data(), sizeof value);
        return value;
    }

    std::size_t bytes_left() const { return rest_.size(); }

private:
    std::span<const std::byte> rest_;
};

std::optional<double> read_level(Reader& reader, const char* name) {
    const double level = reader.value<double>();
    if (std::isnan(level)) return std::nullopt;
    if (std::abs(level) > 200.0)
        refuse(std::string(name) + " is " + number(level) + "; accepted are -200 to 200, or NaN");
    return level;
}

Size read_size(Reader& reader) {
    Size size{};
    size.max_value = reader.value<double>();
    size.loudness_db = read_level(reader, "loudness_db");
    const auto architecture = reader.value<std::uint32_t>();
    const auto channels = reader.value<std::uint32_t>();
    const auto weight_count = reader.value<std::uint64_t>();
    if (!std::isfinite(size.max_value)) refuse("a max_value is not a finite number");
    if (architecture != architecture_a2)
        refuse("architecture " + std::to_string(architecture) + "; accepted is 1 (A2)");
    if (channels > 64 || !a2::is_width(int(channels)))
        refuse(std::to_string(channels) + " channels; accepted are 3 and 8");
    if (weight_count != a2::weight_count_of(int(channels)))
        refuse(std::to_string(weight_count) + " weights for " + std::to_string(channels) +
               " channels; accepted are " + std::to_string(a2::weight_count_of(int(channels))));
    size.channels = int(channels);
    size.weight_count = weight_count;
    return size;
}

std::vector<float> read_weights(Reader& reader, std::size_t count) {
    std::vector<float> weights(count);
    std::memcpy(weights.data(), reader.bytes(count * sizeof(float)).data(), count * sizeof(float));
    for (const float weight : weights)
        if (!std::isfinite(weight)) refuse("a weight is not a finite number");
    return weights;
}

}  // namespace

std::uint32_t crc32(std::span<const std::byte> bytes) {
    static constexpr auto table = [] {
        std::array<std::uint32_t, 256> table{};
        for (std::uint32_t i = 0; i < 256; ++i) {
            table[i] = i;
            for (int bit = 0; bit < 8; ++bit)
                table[i] = (table[i] >> 1) ^ (table[i] & 1 ? 0xEDB88320u : 0u);
        }
        return table;
    }();
    std::uint32_t crc = ~0u;
    for (const std::byte byte : bytes) crc = (crc >> 8) ^ table[(crc ^ std::uint32_t(byte)) & 0xFF];
    return ~crc;
}

ImageContents read_image(std::span<const std::byte> image) {
    Reader reader(image);
    if (std::memcmp(reader.bytes(8).data(), "NAMIMAGE", 8) != 0)
        refuse("does not start with NAMIMAGE");
    if (const auto version = reader.value<std::uint32_t>(); version != image_version)
        refuse("version " + std::to_string(version) + "; this release reads version 1");
    const auto checksum = reader.value<std::uint32_t>();
    if (const auto size = reader.value<std::uint64_t>(); size != image.size())
        refuse("holds " + std::to_string(image.size()) + " bytes and says " + std::to_string(size));
    if (crc32(image.subspan(checksum_end)) != checksum) refuse("is damaged: its checksum is wrong");

    ImageContents contents;
    contents.sample_rate_hz = reader.value<double>();
    if (!(contents.sample_rate_hz >= Model::min_sample_rate_hz &&
          contents.sample_rate_hz <= Model::max_sample_rate_hz))
        refuse("sample rate " + number(contents.sample_rate_hz) +
               " Hz; accepted are 8000 to 384000 Hz");
    contents.input_level_dbu = read_level(reader, "input_level_dbu");
    contents.output_level_dbu = read_level(reader, "output_level_dbu");
    const auto size_count = reader.value<std::uint32_t>();
    const auto metadata_bytes = reader.value<std::uint32_t>();
    if (size_count < 1 || size_count > max_sizes)
        refuse(std::to_string(size_count) + " sizes; accepted are 1 to 16");
    if (metadata_bytes > max_metadata_bytes)
        refuse(std::to_string(metadata_bytes) + " bytes of metadata; accepted are up to 1048576");
    if (reader.value<std::uint64_t>() != 0) refuse("its reserved field is not zero");

    for (std::uint32_t s = 0; s < size_count; ++s) {
        contents.sizes.push_back({read_size(reader), {}});
        if (s > 0 && !(contents.sizes[s - 1].size.max_value < contents.sizes[s].size.max_value))
            refuse("max_value of size " + std::to_string(s) + " is not above the one before");
    }
    if (contents.sizes.back().size.max_value < 1.0)
        refuse("max_value of the last size is below 1.0");
    for (ImageSize& size : contents.sizes)
        size.weights = read_weights(reader, size.size.weight_count);

    const auto metadata = reader.bytes(metadata_bytes);
    contents.metadata = {reinterpret_cast<const char*>(metadata.data()), metadata.size()};
    if (reader.bytes_left() != 0)
        refuse(std::to_string(reader.bytes_left()) + " bytes follow its end");
    return contents;
}

}  // namespace neural_amp
