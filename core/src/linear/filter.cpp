// SPDX-License-Identifier: MIT
#include "filter.h"

#include <algorithm>

#include "../flush_to_zero.h"
#include "../simd/dispatch.h"

namespace neural_amp::linear {
namespace {

const Kernels& kernels_in_use() {
    NEURAL_AMP_ISAS(NEURAL_AMP_RETURN_KERNELS)
    __builtin_unreachable();
}

}  // namespace

Filter::Filter(const Shape& shape_, const float* taps)
    : shape(shape_), kernels(kernels_in_use()), transform(linear::transform()),
      direct_taps(taps, taps + shape.direct_taps()),
      partitions(make_floats(std::size_t(shape.partitions()) * spectrum_floats)) {
    const FlushToZero flush_to_zero;
    const float zeros[block_frames] = {};
    float* spectrum = partitions.get();
    for (int p = shape.partitions(); p >= 1; --p, spectrum += spectrum_floats) {
        const int first = p * block_frames;
        float block[block_frames] = {};
        std::copy_n(taps + first, std::min(block_frames, int(shape.taps) - first), block);
        kernels.forward(transform, block, zeros, spectrum);
    }
}

}  // namespace neural_amp::linear
