// SPDX-License-Identifier: MIT
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <iterator>
#include <optional>
#include <string_view>

#include <neural_amp/crc32.h>
#include <neural_amp/effect_state.h>

#include "number.h"

namespace neural_amp {
namespace {

static_assert(std::endian::native == std::endian::little, "states are little-endian");

constexpr char magic[] = {'N', 'A', 'M', 'S', 'T', 'A', 'T', 'E'};
constexpr std::uint32_t max_refusal_bytes = 4096;

// The members of these lie without gaps, so they are read and written as they are.

struct Start {
    char magic[8];
    std::uint32_t version;
    std::uint32_t checksum;
    std::uint64_t bytes;
};
static_assert(sizeof(Start) == 24);
constexpr std::size_t checked_begin = offsetof(Start, bytes);

struct Header {
    static constexpr std::uint32_t version = 2;
    Start start;
    float normalised[2];
    std::uint32_t refusal_kind;
    std::uint32_t refusal_bytes;
    std::uint32_t setting_count;
    std::uint32_t zero;
    std::uint64_t image_bytes;
};
static_assert(sizeof(Header) == 56 && offsetof(Header, image_bytes) == 48);

struct HeaderOfVersion1 {
    static constexpr std::uint32_t version = 1;
    static constexpr std::uint32_t setting_count = 0;
    Start start;
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
static_assert(sizeof(HeaderOfVersion1) == 80 && offsetof(HeaderOfVersion1, image_bytes) == 72);

struct Entry {
    char name[24];
    double value;
};
static_assert(sizeof(Entry) == 32);

[[noreturn]] void refuse(const std::string& sentence) { throw StateError("state: " + sentence); }

[[noreturn]] void refuse_what_is_none() {
    refuse("this is not one of NeuralAmp; it does not start with NAMSTATE");
}

// --- A setting of any type as a number -----------------------------------------------------------

std::optional<double> to_number(double value) { return value; }
[[maybe_unused]] std::optional<double> to_number(bool value) { return value; }
std::optional<double> to_number(OutputMode value) { return double(value); }
std::optional<double> to_number(std::optional<double> value) { return value; }

/// 0, 1... below `limit`.
int whole_number(const char* name, double number, int limit) {
    for (int i = 0; i < limit; ++i)
        if (number == i) return i;
    refuse(std::string(name) + " " + neural_amp::number(number) + "; accepted are 0 to " +
           std::to_string(limit - 1));
}

void from_number(const char*, double number, double& value) { value = number; }
void from_number(const char*, double number, std::optional<double>& value) { value = number; }
[[maybe_unused]] void from_number(const char* name, double number, bool& value) {
    value = whole_number(name, number, 2) != 0;
}
void from_number(const char* name, double number, OutputMode& value) {
    value = OutputMode(whole_number(name, number, std::size(output_mode_words)));
}

// --- Reading -------------------------------------------------------------------------------------

/// What both versions have, checked. `Some` is the header of one of them.
template <class Some>
EffectState read_all_but_voicing(std::span<const std::byte> bytes, Some& header) {
    if (bytes.size() < sizeof header) refuse_what_is_none();
    std::memcpy(&header, bytes.data(), sizeof header);
    if (header.start.bytes != bytes.size())
        refuse("holds " + std::to_string(bytes.size()) + " bytes and says " +
               std::to_string(header.start.bytes));
    // What is subtracted never exceeds what it is subtracted from, so no sum can overflow.
    std::size_t left = bytes.size() - sizeof header;
    const bool has_settings = header.setting_count <= left / sizeof(Entry);
    if (has_settings) left -= header.setting_count * sizeof(Entry);
    if (!has_settings || header.refusal_bytes > left ||
        header.image_bytes != left - header.refusal_bytes)
        refuse("the lengths of its parts do not add up");
    const std::size_t image_begin = bytes.size() - std::size_t(header.image_bytes);
    if (crc32(bytes.subspan(checked_begin, image_begin - checked_begin)) != header.start.checksum)
        refuse("is damaged: its checksum is wrong");
    if (header.zero != 0) refuse("its reserved field is not zero");
    if (header.refusal_kind > Refusal::state)
        refuse("refusal of kind " + std::to_string(header.refusal_kind) + "; accepted are 0 to 2");

    EffectState state;
    for (std::size_t p = 0; p < effect_parameters.size(); ++p) {
        state.normalised[p] = header.normalised[p];
        if (!(state.normalised[p] >= 0.0f && state.normalised[p] <= 1.0f))
            refuse("a gain is not within its range");
    }
    const auto reason = bytes.subspan(image_begin - header.refusal_bytes, header.refusal_bytes);
    state.refusal.kind = Refusal::Kind(header.refusal_kind);
    state.refusal.reason.assign(reinterpret_cast<const char*>(reason.data()),
                                std::min<std::size_t>(reason.size(), max_refusal_bytes));
    state.image = bytes.subspan(image_begin);
    return state;
}

/// The name of a setting that this release may not know.
std::string_view name_of(const Entry& entry) {
    const char* const end = std::find(entry.name, std::end(entry.name), '\0');
    const std::string_view name(entry.name, end);
    const bool is_filled = std::all_of(end, std::end(entry.name), [](char letter) {
        return letter == '\0';
    });
    const auto is_letter = [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
               letter == '_';
    };
    if (name.empty() || !is_filled || !std::all_of(name.begin(), name.end(), is_letter))
        refuse("a setting has a name that is none");
    return name;
}

EffectState read_version_2(std::span<const std::byte> bytes) {
    Header header;
    EffectState state = read_all_but_voicing(bytes, header);
    std::vector<std::string_view> names;
    std::vector<Entry> entries(header.setting_count);
    if (!entries.empty())
        std::memcpy(entries.data(), bytes.data() + sizeof header, entries.size() * sizeof(Entry));
    for (const Entry& entry : entries) {
        const std::string_view name = name_of(entry);
        if (std::find(names.begin(), names.end(), name) != names.end())
            refuse(std::string(name) + " is in it twice");
        names.push_back(name);
        bool is_known = false;
        visit_voicing(state.voicing, [&](const char* known, auto& member, Range) {
            if (name != known) return;
            is_known = true;
            from_number(known, entry.value, member);
        });
        if (!is_known)
            refuse("it has the setting " + std::string(name) +
                   ", which this release does not know: a later one wrote it");
    }
    return state;
}

EffectState read_version_1(std::span<const std::byte> bytes) {
    HeaderOfVersion1 header;
    EffectState state = read_all_but_voicing(bytes, header);
    state.voicing.size = header.size;
    state.voicing.target_loudness_db = header.target_loudness_db;
    if (!std::isnan(header.interface_level_dbu))
        state.voicing.interface_level_dbu = header.interface_level_dbu;
    from_number("output_mode", header.output_mode, state.voicing.output_mode);
    return state;
}

// --- Writing -------------------------------------------------------------------------------------

/// Of all that is not at its default.
std::vector<Entry> entries_of(const Voicing& voicing) {
    std::vector<std::optional<double>> defaults;
    visit_voicing(Voicing(), [&](const char*, const auto& member, Range) {
        defaults.push_back(to_number(member));
    });
    std::vector<Entry> entries;
    std::size_t i = 0;
    visit_voicing(
        voicing, [&]<std::size_t Size>(const char(&name)[Size], const auto& member, Range) {
            static_assert(Size - 1 <= sizeof(Entry::name));
            const std::optional<double> value = to_number(member), default_value = defaults[i++];
            if (value == default_value) return;
            Entry& entry = entries.emplace_back();
            std::copy_n(name, Size - 1, entry.name);
            entry.value = value.value();  // a default that is a number is never replaced by none
        });
    return entries;
}

}  // namespace

Settings EffectState::settings() const noexcept {
    return {voicing, effect_parameters[input_gain].value(normalised[input_gain]),
            effect_parameters[output_gain].value(normalised[output_gain])};
}

EffectState read_effect_state(std::span<const std::byte> bytes) {
    Start start;
    if (bytes.size() < sizeof start || std::memcmp(bytes.data(), magic, sizeof magic) != 0)
        refuse_what_is_none();
    std::memcpy(&start, bytes.data(), sizeof start);
    switch (start.version) {
    case HeaderOfVersion1::version: return read_version_1(bytes);
    case Header::version: return read_version_2(bytes);
    }
    refuse("version " + std::to_string(start.version) + "; this release reads versions 1 and 2");
}

std::vector<std::byte> write_effect_state(const EffectState& state) {
    const std::vector<Entry> entries = entries_of(state.voicing);
    const std::string_view reason =
        std::string_view(state.refusal.reason).substr(0, max_refusal_bytes);

    Header header{};
    const std::size_t entries_bytes = entries.size() * sizeof(Entry);
    const std::size_t image_begin = sizeof header + entries_bytes + reason.size();
    std::vector<std::byte> bytes(image_begin + state.image.size());
    std::memcpy(header.start.magic, magic, sizeof magic);
    header.start.version = Header::version;
    header.start.bytes = bytes.size();
    std::copy(state.normalised.begin(), state.normalised.end(), header.normalised);
    header.refusal_kind = state.refusal.kind;
    header.refusal_bytes = std::uint32_t(reason.size());
    header.setting_count = std::uint32_t(entries.size());
    header.image_bytes = state.image.size();

    const auto put = [&](std::size_t offset, const void* from, std::size_t count) {
        if (count > 0) std::memcpy(bytes.data() + offset, from, count);
    };
    put(0, &header, sizeof header);
    put(sizeof header, entries.data(), entries_bytes);
    put(sizeof header + entries_bytes, reason.data(), reason.size());
    put(image_begin, state.image.data(), state.image.size());
    header.start.checksum = crc32({bytes.data() + checked_begin, image_begin - checked_begin});
    put(0, &header, sizeof header);
    return bytes;
}

}  // namespace neural_amp
