// SPDX-License-Identifier: MIT
#include "state.h"

#include <bit>
#include <cstring>
#include <limits>

#include <neural_amp/crc32.h>

namespace neural_amp::plugin {
namespace {

static_assert(std::endian::native == std::endian::little, "states are little-endian");

constexpr std::uint32_t state_version = 1;
constexpr std::uint32_t max_refusal_bytes = 4096;
constexpr char magic[] = {'N', 'A', 'M', 'S', 'T', 'A', 'T', 'E'};

/// The first 80 bytes. Its members lie without gaps, so it is read and written as it is.
struct Header {
    char magic[8];
    std::uint32_t version;
    std::uint32_t checksum;
    std::uint64_t bytes;
    double size;
    double target_loudness_db;
    double interface_level_dbu;
    std::uint32_t output_mode;
    float normalised[2];
    std::uint32_t refusal_kind;
    std::uint32_t refusal_bytes;
    std::uint32_t zero;
    std::uint64_t image_bytes;
};
static_assert(sizeof(Header) == 80 && offsetof(Header, image_bytes) == 72);
constexpr std::size_t checksum_end = offsetof(Header, bytes);

[[noreturn]] void refuse(const std::string& sentence) { throw StateError("state: " + sentence); }

}  // namespace

State read_state(std::span<const std::byte> bytes) {
    Header header;
    if (bytes.size() < sizeof header || std::memcmp(bytes.data(), magic, sizeof magic) != 0)
        refuse("this is not one of NeuralAmp; it does not start with NAMSTATE");
    std::memcpy(&header, bytes.data(), sizeof header);
    if (header.version != state_version)
        refuse("version " + std::to_string(header.version) + "; this release reads version 1");
    if (header.bytes != bytes.size())
        refuse("holds " + std::to_string(bytes.size()) + " bytes and says " +
               std::to_string(header.bytes));
    // What is subtracted never exceeds what it is subtracted from, so no sum can overflow.
    const std::size_t body_bytes = bytes.size() - sizeof header;
    if (header.refusal_bytes > body_bytes ||
        header.image_bytes != body_bytes - header.refusal_bytes)
        refuse("the lengths of its parts do not add up");
    const std::size_t image_start = bytes.size() - std::size_t(header.image_bytes);
    if (crc32(bytes.subspan(checksum_end, image_start - checksum_end)) != header.checksum)
        refuse("is damaged: its checksum is wrong");
    if (header.zero != 0) refuse("its reserved field is not zero");
    if (header.output_mode > std::uint32_t(OutputMode::calibrated))
        refuse("output_mode " + std::to_string(header.output_mode) + "; accepted are 0 to 2");

    State state;
    state.settings.size = header.size;
    state.settings.target_loudness_db = header.target_loudness_db;
    if (!std::isnan(header.interface_level_dbu))
        state.settings.interface_level_dbu = header.interface_level_dbu;
    state.settings.output_mode = OutputMode(header.output_mode);
    for (std::size_t p = 0; p < parameters.size(); ++p) {
        state.normalised[p] = header.normalised[p];
        if (!(state.normalised[p] >= 0.0f && state.normalised[p] <= 1.0f))
            refuse("a gain is not within its range");
    }
    state.image = bytes.subspan(image_start);
    return state;
}

std::vector<std::byte> write_state(const State& state, const Refusal& refusal) {
    const std::string_view reason(refusal.reason.data(),
                                  std::min<std::size_t>(refusal.reason.size(), max_refusal_bytes));
    Header header{};
    const std::size_t image_start = sizeof header + reason.size();
    std::vector<std::byte> bytes(image_start + state.image.size());

    std::memcpy(header.magic, magic, sizeof magic);
    header.version = state_version;
    header.bytes = bytes.size();
    header.size = state.settings.size;
    header.target_loudness_db = state.settings.target_loudness_db;
    header.interface_level_dbu =
        state.settings.interface_level_dbu.value_or(std::numeric_limits<double>::quiet_NaN());
    header.output_mode = std::uint32_t(state.settings.output_mode);
    std::copy(state.normalised.begin(), state.normalised.end(), header.normalised);
    header.refusal_kind = refusal.kind;
    header.refusal_bytes = std::uint32_t(reason.size());
    header.image_bytes = state.image.size();

    const auto put = [&](std::size_t offset, const void* from, std::size_t count) {
        if (count > 0) std::memcpy(bytes.data() + offset, from, count);
    };
    put(0, &header, sizeof header);
    put(sizeof header, reason.data(), reason.size());
    put(image_start, state.image.data(), state.image.size());
    header.checksum = crc32({bytes.data() + checksum_end, image_start - checksum_end});
    put(0, &header, sizeof header);
    return bytes;
}

}  // namespace neural_amp::plugin
