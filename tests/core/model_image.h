// SPDX-License-Identifier: MIT
// Makes the image of a model with random weights: see python/pedalboard_nam/model_image.py.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <vector>

class ImageWriter {
public:
    template <class T>
    void put(T value) {
        const auto* bytes = reinterpret_cast<const std::byte*>(&value);
        image_.insert(image_.end(), bytes, bytes + sizeof(T));
    }

    template <class T>
    void put_at(std::size_t offset, T value) {
        std::memcpy(image_.data() + offset, &value, sizeof(T));
    }

    std::vector<std::byte> finish() {
        put_at<std::uint64_t>(16, image_.size());
        put_at<std::uint32_t>(12, crc32(16));
        return image_;
    }

private:
    std::uint32_t crc32(std::size_t from) const {
        std::uint32_t crc = ~0u;
        for (std::size_t i = from; i < image_.size(); ++i) {
            crc ^= std::uint32_t(image_[i]);
            for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xEDB88320u : 0u);
        }
        return ~crc;
    }

    std::vector<std::byte> image_;
};

inline std::vector<std::byte> random_model_image(int channels, double sample_rate_hz = 48000.0) {
    const std::uint64_t weight_count = channels == 3 ? 1871 : 12146;
    const double unknown = std::numeric_limits<double>::quiet_NaN();
    ImageWriter image;
    for (char letter : {'N', 'A', 'M', 'I', 'M', 'A', 'G', 'E'}) image.put(letter);
    image.put<std::uint32_t>(1);  // format version
    image.put<std::uint32_t>(0);  // CRC-32, at the end
    image.put<std::uint64_t>(0);  // size, at the end
    image.put(sample_rate_hz);    // sample rate
    image.put(unknown);           // input level
    image.put(unknown);           // output level
    image.put<std::uint32_t>(1);  // sizes
    image.put<std::uint32_t>(2);  // bytes of metadata
    image.put<std::uint64_t>(0);
    image.put(1.0);               // max_value
    image.put(unknown);           // loudness
    image.put<std::uint32_t>(1);  // A2
    image.put<std::uint32_t>(channels);
    image.put(weight_count);
    std::mt19937 random_bits(1);
    std::uniform_real_distribution<float> weight(-0.2f, 0.2f);
    for (std::uint64_t i = 0; i < weight_count; ++i) image.put(weight(random_bits));
    image.put('{');
    image.put('}');
    return image.finish();
}
