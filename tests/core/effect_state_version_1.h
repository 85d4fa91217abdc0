// SPDX-License-Identifier: MIT
// States of the effect as release 0.1.0 wrote them.
#pragma once

#include <charconv>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <vector>

#include <neural_amp/crc32.h>

/// Of an effect that nothing has been done to.
constexpr std::string_view fresh_effect_version_1 =
    "4e414d5354415445010000002355f7175000000000000000000000000000f03f00000000000032c000000000"
    "0000f87f000000000000003f0000003f0000000000000000000000000000000000000000";

/// Size 0.25, calibrated, target loudness -20.5 dB, interface level 12.5 dBu, gains of 3.1 and
/// -6.02 dB, and the reason why a setting was refused: "size is 2; accepted are 0 to 1".
constexpr std::string_view all_settings_version_1 =
    "4e414d535441544501000000c3f974726e00000000000000000000000000d03f00000000008034c000000000"
    "00002940020000009eef073f772de13e010000001e00000000000000000000000000000073697a6520697320"
    "323b20616363657074656420617265203020746f2031";

inline std::vector<std::byte> bytes_of_hex(std::string_view hex) {
    std::vector<std::byte> bytes;
    for (std::size_t i = 0; i < hex.size(); i += 2) {
        unsigned value = 0;
        std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16);
        bytes.push_back(std::byte(value));
    }
    return bytes;
}

/// A fresh effect with a model.
inline std::vector<std::byte> effect_state_version_1(const std::vector<std::byte>& image) {
    auto state = bytes_of_hex(fresh_effect_version_1);
    const auto put = [&](std::size_t offset, auto value) {
        std::memcpy(state.data() + offset, &value, sizeof value);
    };
    put(16, std::uint64_t(state.size() + image.size()));
    put(72, std::uint64_t(image.size()));
    put(12, neural_amp::crc32({state.data() + 16, state.size() - 16}));
    state.insert(state.end(), image.begin(), image.end());
    return state;
}
