// SPDX-License-Identifier: MIT
// Stopwatches around the network, for benchmarks: no Python and no copies inside the timed loop.
#pragma once

#include "neural_amp.h"

namespace neural_amp {

/// One network of a model under the stopwatch. [not real-time]
class Bench {
public:
    Bench(const Model& model, int network_index);
    ~Bench();

    /// Seconds for each of `blocks` blocks of `block_frames` frames, on average.
    double seconds_per_block(int block_frames, int blocks);
    double seconds_per_reset(int resets);

private:
    struct State;
    std::unique_ptr<State> state_;
};

/// Multiply-adds a second of this core with the kernels in use, waiting for nothing else: the
/// limit.
double fma_peak(long rounds);

/// The compiler that built the kernels.
const char* compiler();

}  // namespace neural_amp
