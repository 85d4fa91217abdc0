// SPDX-License-Identifier: MIT
#pragma once

#include <neural_amp/neural_amp.h>
#include <neural_amp/rates.h>

#include "resampler.h"

namespace neural_amp {

/// How the frames of the host and those of the model lie to each other. Model frame m stands for
/// the same instant as host frame m * host rate / model rate, so the total delay is a whole number
/// of host frames.
struct Rates {
    /// [not real-time]
    Rates(double host_hz, double model_hz);

    /// The first model frame that needs host frame `host_frame`, or one after it, to be made.
    std::int64_t first_model_frame(std::int64_t host_frame) const noexcept;

    /// Model frames that host frames [host_frame, host_frame + host_frames) make.
    std::size_t model_frames(std::int64_t host_frame, std::size_t host_frames) const noexcept;

    /// Host frames after which the two lie to each other as before.
    std::int64_t period_frames() const noexcept { return same ? 1 : to_model->ratio.from; }

    /// The part of the latency that lies before the model.
    int latency_to_model_frames() const noexcept { return same ? 0 : to_model->half_frames; }

    /// How far back what came from the model counts for what goes to the host, and what came from
    /// the host for what goes to the model.
    Memory model_memory(Memory host) const noexcept;
    Memory host_memory(Memory model) const noexcept;

    bool same;
    double host_per_model;
    int host_block_frames;   ///< what is converted at once,
    int model_block_frames;  ///< and the most that this can come to
    int latency_frames = 0;
    std::shared_ptr<const ResamplerTable> to_model, to_host;  ///< unless `same`
};

}  // namespace neural_amp
