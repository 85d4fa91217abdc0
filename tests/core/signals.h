// SPDX-License-Identifier: MIT
// Signals of several channels, and networks that play them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstring>
#include <random>
#include <vector>

#include "network.h"

using Signal = std::vector<std::vector<float>>;  ///< [channel][frame]

inline Signal noise(int channels, int frames, unsigned seed = 1) {
    std::mt19937 bits(seed);
    std::uniform_real_distribution<float> sample(-1.0f, 1.0f);
    Signal signal(channels, std::vector<float>(frames));
    for (auto& row : signal)
        for (float& value : row) value = sample(bits);
    return signal;
}

/// Frames [begin, end) of `in`, in blocks of these lengths over and over.
inline Signal play(neural_amp::Network& network, const Signal& in, int outputs, int begin, int end,
                   const std::vector<int>& blocks = {1000}) {
    Signal out(outputs, std::vector<float>(end - begin));
    for (int f = begin, b = 0; f < end; ++b) {
        const int n = std::min(blocks[b % blocks.size()], end - f);
        std::vector<const float*> from;
        std::vector<float*> to;
        for (const auto& row : in) from.push_back(row.data() + f);
        for (auto& row : out) to.push_back(row.data() + (f - begin));
        network.process(from.data(), to.data(), n);
        f += n;
    }
    return out;
}

inline std::vector<std::byte> saved(const neural_amp::Network& network) {
    std::vector<std::byte> state(network.state_bytes());
    network.save(state.data());
    return state;
}

/// Frames [begin, end).
inline Signal part(const Signal& signal, int begin, int end) {
    Signal part;
    for (const auto& row : signal) part.emplace_back(row.begin() + begin, row.begin() + end);
    return part;
}

/// Bits, of NaN too.
inline bool same(const Signal& a, const Signal& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const auto& a, const auto& b) {
        return a.size() == b.size() &&
               (a.empty() || std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0);
    });
}

inline double error_db(const std::vector<float>& found, const std::vector<double>& expected) {
    double error = 0.0, power = 0.0;
    for (std::size_t f = 0; f < expected.size(); ++f) {
        error += std::pow(found[f] - expected[f], 2);
        power += std::pow(expected[f], 2);
    }
    return 10.0 * std::log10(error / power);
}
