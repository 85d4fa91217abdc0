// SPDX-License-Identifier: MIT
#include "image.h"

#include <array>
#include <bit>
#include <cassert>
#include <cmath>
#include <cstring>
#include <string>

#include <neural_amp/crc32.h>

#include "number.h"

namespace neural_amp {
namespace {

static_assert(std::endian::native == std::endian::little, "model images are little-endian");

constexpr std::size_t checksum_end = 16;
constexpr std::uint32_t max_networks = 64;
constexpr int max_records = 256, max_depth = 8;
constexpr std::uint32_t max_metadata_bytes = 1 << 20;
constexpr std::size_t alignment = 16;
constexpr std::size_t record_header_bytes = 32;

/// The only networks of version 1, and the tag that they have in version 2.
constexpr std::uint32_t version_1_a2 = 1;
constexpr std::uint32_t a2_tag = fourcc("A2");

/// Hands out bytes from front to back and refuses to go past their end.
class Reader {
public:
    explicit Reader(std::span<const std::byte> bytes) : rest_(bytes) {}

    std::span<const std::byte> bytes(std::uint64_t count) {
        if (count > rest_.size()) refuse("ends early");
        const auto taken = rest_.first(count);
        rest_ = rest_.subspan(count);
        offset_ += count;
        return taken;
    }

    template <class T>
    T value() {
        T value;
        std::memcpy(&value, bytes(sizeof value).data(), sizeof value);
        return value;
    }

    /// Finite ones, where they lie: at a multiple of 4.
    std::span<const float> floats(std::uint64_t count) {
        if (count > rest_.size() / sizeof(float)) refuse("ends early");
        const auto taken = bytes(count * sizeof(float));
        const std::span floats(reinterpret_cast<const float*>(taken.data()), std::size_t(count));
        for (const float value : floats)
            if (!std::isfinite(value)) refuse("a weight is not a finite number");
        return floats;
    }

    void padding() {
        for (const std::byte byte : bytes((alignment - offset_ % alignment) % alignment))
            if (byte != std::byte(0)) refuse("its padding is not zero");
    }

    std::size_t bytes_left() const { return rest_.size(); }

private:
    std::span<const std::byte> rest_;
    std::size_t offset_ = 0;
};

std::optional<double> read_level(Reader& reader, const char* name) {
    const double level = reader.value<double>();
    if (std::isnan(level)) return std::nullopt;
    if (std::abs(level) > 200.0)
        refuse(std::string(name) + " is " + number(level) + "; accepted are -200 to 200, or NaN");
    return level;
}

ImageNetwork read_network(Reader& reader) {
    ImageNetwork network{};
    network.max_value = reader.value<double>();
    network.loudness_db = read_level(reader, "loudness_db");
    if (!std::isfinite(network.max_value)) refuse("a max_value is not a finite number");
    return network;
}

/// `records` counts all of them, `depth` those around this one and itself.
Record read_record(Reader& reader, int& records, int depth) {
    if (++records > max_records) refuse("more than 256 records");
    if (depth > max_depth) refuse("records more than 8 deep");
    Record record{};
    record.tag = reader.value<std::uint32_t>();
    const auto config_bytes = reader.value<std::uint32_t>();
    const auto record_bytes = reader.value<std::uint64_t>();
    const auto weight_count = reader.value<std::uint64_t>();
    const auto child_count = reader.value<std::uint32_t>();
    if (reader.value<std::uint32_t>() != 0) refuse("the reserved field of a record is not zero");
    if (record_bytes < record_header_bytes || record_bytes % alignment != 0)
        refuse("a record of " + std::to_string(record_bytes) +
               " bytes; accepted are multiples of 16 from 32 on");

    Reader body(reader.bytes(record_bytes - record_header_bytes));
    record.config = body.bytes(config_bytes);
    body.padding();
    record.weights = body.floats(weight_count);
    body.padding();
    for (std::uint32_t c = 0; c < child_count; ++c)
        record.children.push_back(read_record(body, records, depth + 1));
    if (body.bytes_left() != 0)
        refuse(std::to_string(body.bytes_left()) + " bytes of a record are more than it says");
    return record;
}

void read_networks(Reader& reader, std::uint32_t count, std::vector<ImageNetwork>& networks) {
    for (std::uint32_t n = 0; n < count; ++n) networks.push_back(read_network(reader));
    int records = 0;
    for (ImageNetwork& network : networks) network.record = read_record(reader, records, 1);
}

void read_networks_of_version_1(Reader& reader, std::uint32_t count,
                                std::vector<ImageNetwork>& networks) {
    std::vector<std::uint64_t> weight_counts;
    for (std::uint32_t n = 0; n < count; ++n) {
        ImageNetwork network = read_network(reader);
        const auto architecture = reader.value<std::uint32_t>();
        if (architecture != version_1_a2)
            refuse("architecture " + std::to_string(architecture) + "; accepted is 1 (A2)");
        network.record.tag = a2_tag;
        network.record.config = reader.bytes(sizeof(std::uint32_t));  // the width
        weight_counts.push_back(reader.value<std::uint64_t>());
        networks.push_back(network);
    }
    for (std::uint32_t n = 0; n < count; ++n)
        networks[n].record.weights = reader.floats(weight_counts[n]);
}

void check_max_values(const std::vector<ImageNetwork>& networks) {
    for (std::size_t n = 1; n < networks.size(); ++n)
        if (!(networks[n - 1].max_value < networks[n].max_value))
            refuse("max_value of size " + std::to_string(n) + " is not above the one before");
    if (networks.back().max_value < 1.0) refuse("max_value of the last size is below 1.0");
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

void refuse(const std::string& sentence) { throw ModelError("model image: " + sentence); }

ImageContents read_image(std::span<const std::byte> image) {
    assert(reinterpret_cast<std::uintptr_t>(image.data()) % alignment == 0);
    Reader reader(image);
    if (std::memcmp(reader.bytes(8).data(), "NAMIMAGE", 8) != 0)
        refuse("does not start with NAMIMAGE");
    const auto version = reader.value<std::uint32_t>();
    if (version != 1 && version != 2)
        refuse("version " + std::to_string(version) + "; this release reads versions 1 and 2");
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
    const auto network_count = reader.value<std::uint32_t>();
    const auto metadata_bytes = reader.value<std::uint32_t>();
    if (network_count < 1 || network_count > max_networks)
        refuse(std::to_string(network_count) + " sizes; accepted are 1 to 64");
    if (metadata_bytes > max_metadata_bytes)
        refuse(std::to_string(metadata_bytes) + " bytes of metadata; accepted are up to 1048576");
    if (reader.value<std::uint64_t>() != 0) refuse("its reserved field is not zero");

    if (version == 1)
        read_networks_of_version_1(reader, network_count, contents.networks);
    else
        read_networks(reader, network_count, contents.networks);
    check_max_values(contents.networks);

    const auto metadata = reader.bytes(metadata_bytes);
    contents.metadata = {reinterpret_cast<const char*>(metadata.data()), metadata.size()};
    if (reader.bytes_left() != 0)
        refuse(std::to_string(reader.bytes_left()) + " bytes follow its end");
    return contents;
}

}  // namespace neural_amp
