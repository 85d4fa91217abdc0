// SPDX-License-Identifier: MIT
#pragma once

#include <neural_amp/neural_amp.h>

#include "network.h"

namespace neural_amp {

/// What all copies of a model share.
struct Model::Contents {
    std::vector<std::byte> image;  ///< on a multiple of 16, as `operator new` gives it
    std::string_view metadata;     ///< into `image`
    double sample_rate_hz;
    std::optional<double> input_level_dbu;
    std::optional<double> output_level_dbu;
    std::vector<NetworkInfo> networks;
    std::vector<std::shared_ptr<const Weights>> weights;  ///< one for each network
};

}  // namespace neural_amp
