// SPDX-License-Identifier: MIT
// The state of the effect: written and read, of this release and of the first; and its gains' grid.
#include <cmath>
#include <limits>
#include <string>
#include <type_traits>

#include <neural_amp/effect_state.h>

#include "check.h"
#include "effect_state_version_1.h"

using namespace neural_amp;
using Bytes = std::vector<std::byte>;

namespace {

constexpr std::size_t header_bytes = 56, entry_bytes = 32;

/// Another value than the default.
void change(double& value) { value -= 0.5; }
[[maybe_unused]] void change(bool& value) { value = !value; }
void change(OutputMode& value) { value = OutputMode::normalized; }
void change(std::optional<double>& value) { value = -3.25; }

Bytes with_checksum(Bytes bytes, std::size_t image_bytes = 0) {
    const std::uint64_t size = bytes.size();
    std::memcpy(&bytes[16], &size, sizeof size);
    const std::uint32_t checksum = crc32({bytes.data() + 16, bytes.size() - image_bytes - 16});
    std::memcpy(&bytes[12], &checksum, sizeof checksum);
    return bytes;
}

/// A state with one setting, of any name and value.
Bytes with_setting(std::string_view name, double value, int times = 1) {
    Bytes bytes = write_effect_state({});
    const std::uint32_t count(times);
    std::memcpy(&bytes[40], &count, sizeof count);
    for (; times > 0; --times) {
        Bytes entry(entry_bytes);
        std::memcpy(entry.data(), name.data(), name.size());
        std::memcpy(&entry[24], &value, sizeof value);
        bytes.insert(bytes.end(), entry.begin(), entry.end());
    }
    return with_checksum(bytes);
}

template <class T>
Bytes with(Bytes bytes, std::size_t offset, T value) {
    std::memcpy(&bytes[offset], &value, sizeof value);
    return with_checksum(bytes);
}

std::string reason_against(const Bytes& bytes) {
    try {
        read_effect_state(bytes);
        return "it was read";
    } catch (const StateError& error) {
        return error.what();
    }
}

void a_default_takes_no_place() {
    CHECK(write_effect_state({}).size() == header_bytes, "no settings, no model");
    const EffectState read = read_effect_state(write_effect_state({}));
    CHECK(read.voicing == Voicing() && read.settings() == Settings(), "as it was");
}

void every_setting_reads_as_written() {
    EffectState all;
    visit_voicing(all.voicing, [&](const char* changed, auto& member, Range) {
        change(member);
        EffectState one;
        visit_voicing(one.voicing, [&](const char* name, auto& member_of_one, Range) {
            if (std::string_view(name) == changed) change(member_of_one);
        });
        const Bytes bytes = write_effect_state(one);
        CHECK(bytes.size() == header_bytes + entry_bytes, "%s alone", changed);
        CHECK(read_effect_state(bytes).voicing == one.voicing, "%s alone", changed);
    });
    const Bytes image(100, std::byte(7));
    all.normalised = {0.25f, 0.75f};
    all.refusal = {Refusal::setting, "a reason"};
    all.image = image;
    const Bytes bytes = write_effect_state(all);
    const EffectState read = read_effect_state(bytes);
    CHECK(read.voicing == all.voicing && read.normalised == all.normalised, "all of them");
    CHECK(read.refusal.kind == Refusal::setting && read.refusal.reason == "a reason", "why");
    CHECK(Bytes(read.image.begin(), read.image.end()) == image, "the model");
    CHECK(write_effect_state(read) == bytes, "written again");
}

/// What is left out of a state is its default, so none must be one.
void no_optional_setting_has_a_default() {
    visit_voicing(Voicing(), [](const char* name, const auto& member, Range) {
        using Member = std::remove_cvref_t<decltype(member)>;
        if constexpr (std::is_same_v<Member, std::optional<double>>) CHECK(!member, "%s", name);
    });
}

void states_of_version_1_are_read() {
    const Bytes fresh = bytes_of_hex(fresh_effect_version_1);
    CHECK(read_effect_state(fresh).settings() == Settings(), "fresh");
    CHECK(read_effect_state(fresh).refusal.kind == Refusal::none, "nothing was refused");

    const Bytes all = bytes_of_hex(all_settings_version_1);
    const EffectState state = read_effect_state(all);
    const Settings expected{{0.25, OutputMode::calibrated, -20.5, 12.5}, 3.1, -6.02};
    CHECK(state.settings() == expected, "all settings");
    CHECK(state.refusal.kind == Refusal::setting, "%d", int(state.refusal.kind));
    CHECK(state.refusal.reason == "size is 2; accepted are 0 to 1", "the reason");
    CHECK(state.image.empty(), "no model");

    const Bytes image(100, std::byte(7)), with_image = effect_state_version_1(image);
    const EffectState loaded = read_effect_state(with_image);
    CHECK(Bytes(loaded.image.begin(), loaded.image.end()) == image, "a model");
}

void what_cannot_be_meant_is_refused() {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    const Bytes good = write_effect_state({}), old = bytes_of_hex(fresh_effect_version_1);
    const struct {
        Bytes bytes;
        const char* reason;
    } cases[] = {
        {{}, "this is not one of NeuralAmp; it does not start with NAMSTATE"},
        {Bytes(good.begin(), good.end() - 1), "it does not start with NAMSTATE"},
        {Bytes(old.begin(), old.end() - 1), "it does not start with NAMSTATE"},
        {with(good, 8, std::uint32_t(3)), "version 3; this release reads versions 1 and 2"},
        {with(good, 24, 1.5f), "a gain is not within its range"},
        {with(good, 28, float(nan)), "a gain is not within its range"},
        {with(good, 32, std::uint32_t(3)), "refusal of kind 3; accepted are 0 to 2"},
        {with(good, 36, std::uint32_t(1)), "the lengths of its parts do not add up"},
        {with(good, 40, std::uint32_t(1)), "the lengths of its parts do not add up"},
        {with(good, 40, ~std::uint32_t(0)), "the lengths of its parts do not add up"},
        {with(good, 44, std::uint32_t(1)), "its reserved field is not zero"},
        {with(good, 48, std::uint64_t(1)), "the lengths of its parts do not add up"},
        {with(good, 48, ~std::uint64_t(0)), "the lengths of its parts do not add up"},
        {with(old, 48, std::uint32_t(3)), "output_mode 3; accepted are 0 to 2"},
        {with(old, 68, std::uint32_t(1)), "its reserved field is not zero"},
        {with(old, 72, ~std::uint64_t(0)), "the lengths of its parts do not add up"},
        {with_setting("output_mode", 3), "output_mode 3; accepted are 0 to 2"},
        {with_setting("output_mode", -1), "output_mode -1; accepted are 0 to 2"},
        {with_setting("output_mode", 0.5), "output_mode 0.5; accepted are 0 to 2"},
        {with_setting("output_mode", nan), "output_mode nan; accepted are 0 to 2"},
        {with_setting("size", 0.5, 2), "size is in it twice"},
        {with_setting("drive", 1),
         "it has the setting drive, which this release does not know: a later one wrote it"},
        {with_setting("a_name_of_twenty_4_chars", 1), "a_name_of_twenty_4_chars, which"},
        {with_setting("", 1), "a setting has a name that is none"},
        {with_setting("si ze", 1), "a setting has a name that is none"},
        {with_setting(std::string_view("size\0x", 6), 1), "a setting has a name that is none"},
    };
    for (const auto& c : cases) {
        const std::string found = reason_against(c.bytes);
        CHECK(found.starts_with("state: ") && found.find(c.reason) != std::string::npos,
              "\"%s\" for \"%s\"", found.c_str(), c.reason);
    }
}

void any_changed_bit_is_noticed() {
    EffectState state;
    state.voicing.size = 0.25;
    state.refusal = {Refusal::setting, "a reason"};
    const Bytes image(10), good = [&] {
        state.image = image;
        return write_effect_state(state);
    }();
    for (std::size_t bit = 0; bit < 8 * (good.size() - image.size()); ++bit) {
        Bytes damaged = good;
        damaged[bit / 8] ^= std::byte(1 << bit % 8);
        CHECK(reason_against(damaged) != "it was read", "bit %zu", bit);
    }
}

void a_long_reason_is_cut_off() {
    EffectState state;
    state.refusal = {Refusal::state, std::string(5000, 'x')};
    CHECK(read_effect_state(write_effect_state(state)).refusal.reason.size() == 4096, "bytes");
}

/// On every step of 0.0001 dB, through the float that a host has.
void a_gain_is_what_was_asked_for() {
    const EffectParameter& gain = effect_parameters[input_gain];
    for (int step = -500'000; step <= 500'000; ++step) {
        const double gain_db = step / EffectParameter::steps_per_unit;
        if (gain.value(gain.normalised(gain_db)) == gain_db && gain.on_grid(gain_db) == gain_db)
            continue;
        CHECK(false, "%.4f dB", gain_db);
    }
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK(gain.value(nan) == 0.0 && gain.normalised(nan) == 0.5f, "NaN");
    CHECK(gain.value(-1.0) == min_gain_db && gain.value(HUGE_VAL) == max_gain_db, "beyond");
    CHECK(gain.normalised(-51.0) == 0.0f && gain.normalised(HUGE_VAL) == 1.0f, "beyond");
    for (const char* text : {"-6.02", "3.0", "0.0", "-0.0001", "50.0"})
        CHECK(gain.text(*gain.normalised_of(text)) == text, "%s", text);
    CHECK(gain.normalised_of(" +3 dB") == gain.normalised(3.0), "with units");
    CHECK(!gain.normalised_of("loud") && !gain.normalised_of("nan"), "no number");
}

}  // namespace

int main() {
    a_default_takes_no_place();
    every_setting_reads_as_written();
    no_optional_setting_has_a_default();
    states_of_version_1_are_read();
    what_cannot_be_meant_is_refused();
    any_changed_bit_is_noticed();
    a_long_reason_is_cut_off();
    a_gain_is_what_was_asked_for();
    return failures;
}
