// SPDX-License-Identifier: MIT
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

namespace neural_amp {

/// CRC-32 as in zlib and PNG. [any thread]
std::uint32_t crc32(std::span<const std::byte> bytes);

}  // namespace neural_amp
