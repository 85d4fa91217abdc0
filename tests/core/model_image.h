// SPDX-License-Identifier: MIT
// Makes images of models: see core/src/image.h.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <initializer_list>
#include <limits>
#include <random>
#include <span>
#include <vector>

class ImageWriter {
public:
    /// The header, up to the networks.
    explicit ImageWriter(std::uint32_t version, double sample_rate_hz = 48000.0,
                         std::uint32_t networks = 1) {
        for (char letter : {'N', 'A', 'M', 'I', 'M', 'A', 'G', 'E'}) put(letter);
        put(version);
        put<std::uint32_t>(0);  // CRC-32, at the end
        put<std::uint64_t>(0);  // size, at the end
        put(sample_rate_hz);
        put(unknown);  // input level
        put(unknown);  // output level
        put(networks);
        put<std::uint32_t>(2);  // bytes of metadata
        put<std::uint64_t>(0);
    }

    template <class T>
    void put(T value) {
        const auto* bytes = reinterpret_cast<const std::byte*>(&value);
        image_.insert(image_.end(), bytes, bytes + sizeof(T));
    }

    template <class T>
    void put_at(std::size_t offset, T value) {
        std::memcpy(image_.data() + offset, &value, sizeof(T));
    }

    /// A record with the children that `nest` gives it later. Gives back where it begins.
    std::size_t put_record(std::uint32_t tag, std::span<const std::byte> config,
                           const std::vector<float>& weights, std::uint32_t children = 0) {
        const std::size_t begin = image_.size();
        put(tag);
        put(std::uint32_t(config.size()));
        put<std::uint64_t>(0);
        put<std::uint64_t>(weights.size());
        put(children);
        put<std::uint32_t>(0);
        image_.insert(image_.end(), config.begin(), config.end());
        pad();
        for (const float weight : weights) put(weight);
        pad();
        nest(begin);
        return begin;
    }

    /// All from `begin` on belongs to the record that begins there.
    void nest(std::size_t begin) { put_at<std::uint64_t>(begin + 8, image_.size() - begin); }

    std::vector<std::byte> finish() {
        put('{');
        put('}');
        put_at<std::uint64_t>(16, image_.size());
        put_at<std::uint32_t>(12, crc32(16));
        return image_;
    }

    static constexpr double unknown = std::numeric_limits<double>::quiet_NaN();

private:
    void pad() { image_.resize((image_.size() + 15) / 16 * 16); }

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

inline constexpr std::uint32_t a2_tag = 'A' | '2' << 8;
inline constexpr std::uint32_t lstm_tag = 'L' | 'S' << 8 | 'T' << 16 | 'M' << 24;
inline constexpr std::uint32_t convnet_tag = 'C' | 'N' << 8 | 'E' << 16 | 'T' << 24;
inline constexpr std::uint32_t wavenet_tag = 'W' | 'N' << 8 | 'E' << 16 | 'T' << 24;

inline constexpr std::uint32_t linear_tag = 'L' | 'I' << 8 | 'N' << 16;
inline constexpr std::uint32_t sequential_tag = 'S' | 'E' << 8 | 'Q' << 16;

inline std::vector<float> random_a2_weights(std::uint32_t width) {
    std::mt19937 random_bits(1);
    std::uniform_real_distribution<float> weight(-0.2f, 0.2f);
    std::vector<float> weights(width == 3 ? 1871 : 12146);
    for (float& value : weights) value = weight(random_bits);
    return weights;
}

/// A model of one A2 network.
inline std::vector<std::byte> random_model_image(std::uint32_t width,
                                                 double sample_rate_hz = 48000.0) {
    ImageWriter image(2, sample_rate_hz);
    image.put(1.0);                   // max_value
    image.put(ImageWriter::unknown);  // loudness
    image.put_record(a2_tag, std::as_bytes(std::span(&width, 1)), random_a2_weights(width));
    return image.finish();
}

/// A model of one LSTM.
inline std::vector<std::byte> random_lstm_image(std::uint32_t layers, std::uint32_t units) {
    const std::uint32_t config[] = {layers, units, 1, 1};
    std::mt19937 random_bits(1);
    std::uniform_real_distribution<float> weight(-0.5f, 0.5f);
    const std::uint32_t others = (layers - 1) * units * (4 * (2 * units) + 6);
    std::vector<float> weights(units * (4 * (1 + units) + 6) + others + units + 1);
    for (float& value : weights) value = weight(random_bits);
    ImageWriter image(2);
    image.put(1.0);
    image.put(ImageWriter::unknown);
    image.put_record(lstm_tag, std::as_bytes(std::span(config)), weights);
    return image.finish();
}

inline std::vector<float> random_weights(std::size_t count) {
    std::mt19937 random_bits(1);
    std::uniform_real_distribution<float> weight(-0.5f, 0.5f);
    std::vector<float> weights(count);
    for (float& value : weights) value = weight(random_bits);
    return weights;
}

/// A model of one ConvNet: three blocks of five channels, with batchnorm and tanh.
inline std::vector<std::byte> random_convnet_image() {
    const std::uint32_t config[] = {1, 1, 5, 1, 1, 1, 0, 3, 1, 200, 3};
    auto weights = random_weights(10 + 2 * 50 + 3 * 21 + 5 + 1);
    for (float& weight : weights) weight = weight < 0.0f ? -weight : weight;  // variances too
    ImageWriter image(2);
    image.put(1.0);
    image.put(ImageWriter::unknown);
    image.put_record(convnet_tag, std::as_bytes(std::span(config)), weights);
    return image.finish();
}

/// A model of one WaveNet that has most of what they can have: two arrays, the first of gated
/// layers of three channels with FiLMs and a head of five taps, and a ConvNet that makes two rows
/// of condition.
inline std::vector<std::byte> random_wavenet_image() {
    std::vector<std::uint32_t> config;
    const auto put = [&](std::initializer_list<std::uint32_t> words) {
        for (const std::uint32_t word : words) config.push_back(word);
    };
    put({1, 2, 2, 1});                                      // inputs, condition, arrays, posts
    put({1, 3, 3, 2, 5, 2, 1, 1, 2, 1, 1, 1});              // an array
    put({2, 1, 0, 0, 1, 1, 0, 0, 2, 2, 0, 0, 1, 1, 0, 0});  // its FiLMs
    put({2, 3, 1, 1, 1, 0, 6, 0, 2, 100, 2, 10, 0, 1, 0});  // two layers: gated, and blended
    put({3, 2, 2, 1, 1, 1, 0, 1, 0, 0, 1, 1});
    put({0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0});
    put({1, 3, 7, 0, 5, 2, 0x3DCCCCCD, 0x3E4CCCCD});  // a slope for each channel
    put({4, 0, 1, 2});                                // ReLU, and the post convolution
    const std::uint32_t child_config[] = {1, 2, 3, 1, 0, 4, 0, 1, 4};
    ImageWriter image(2);
    image.put(1.0);
    image.put(ImageWriter::unknown);
    const std::size_t outer =
        image.put_record(wavenet_tag, std::as_bytes(std::span(config)), random_weights(341), 1);
    image.put_record(convnet_tag, std::as_bytes(std::span(child_config)),
                     random_weights(3 * 2 + 3 + 3 * 2 + 2));
    image.nest(outer);
    return image.finish();
}

inline void put_random_linear(ImageWriter& image, std::uint32_t taps) {
    const std::uint32_t config[] = {1, 1, taps, 1};
    std::mt19937 random_bits(1);
    std::uniform_real_distribution<float> weight(-0.1f, 0.1f);
    std::vector<float> weights(taps + 1);
    for (float& value : weights) value = weight(random_bits);
    image.put_record(linear_tag, std::as_bytes(std::span(config)), weights);
}

/// A model of one Linear with a bias.
inline std::vector<std::byte> random_linear_image(std::uint32_t taps) {
    ImageWriter image(2);
    image.put(1.0);
    image.put(ImageWriter::unknown);
    put_random_linear(image, taps);
    return image.finish();
}

/// A model of an A2 and a Linear in a row.
inline std::vector<std::byte> random_sequential_image(std::uint32_t width, std::uint32_t taps) {
    ImageWriter image(2);
    image.put(1.0);
    image.put(ImageWriter::unknown);
    const std::size_t begin = image.put_record(sequential_tag, {}, {}, 2);
    image.put_record(a2_tag, std::as_bytes(std::span(&width, 1)), random_a2_weights(width));
    put_random_linear(image, taps);
    image.nest(begin);
    return image.finish();
}

/// The same model as `random_model_image` of 48 kHz, as release 0.1 wrote it.
inline std::vector<std::byte> random_model_image_of_version_1(std::uint32_t width) {
    const auto weights = random_a2_weights(width);
    ImageWriter image(1);
    image.put(1.0);
    image.put(ImageWriter::unknown);
    image.put<std::uint32_t>(1);
    image.put(width);
    image.put<std::uint64_t>(weights.size());
    for (const float weight : weights) image.put(weight);
    return image.finish();
}
