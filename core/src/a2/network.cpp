// SPDX-License-Identifier: MIT
#include "network.h"

#include <algorithm>
#include <cassert>
#include <new>

#include "../flush_to_zero.h"
#include "../simd/dispatch.h"
#include "history.h"
#include "kernels/kernels.h"
#include "weights.h"

namespace neural_amp::a2 {
namespace {

const Kernels& kernels() {
    NEURAL_AMP_ISAS(NEURAL_AMP_RETURN_KERNELS)
    __builtin_unreachable();
}

template <int Channels>
const NetworkKernels<Channels>& network_kernels() {
    if constexpr (Channels == 3)
        return kernels().lite;
    else
        return kernels().full;
}

/// One arena for all histories of a network, on a page: 498 kB at 8 channels, 187 kB at 3.
template <int Channels>
class Arena {
public:
    Arena() : floats_(static_cast<float*>(::operator new(bytes, page))) {
        std::fill_n(floats_, Channels * layout.row_stride, 0.0f);
    }
    ~Arena() { ::operator delete(floats_, page); }
    Arena(const Arena&) = delete;
    Arena& operator=(const Arena&) = delete;

    float* floats() { return floats_; }

private:
    static constexpr std::align_val_t page{4096};
    static constexpr std::size_t bytes = Channels * layout.row_stride * sizeof(float);
    float* floats_;
};

/// Staggered, so that the rings do not all wrap in the same block.
void place_rings(History& history) {
    for (int r = 0; r < ring_count; ++r)
        history.position[r] = r * max_lanes % layout.ring_frames[r];
}

template <int Channels>
struct A2Weights final : NetworkWeights, std::enable_shared_from_this<A2Weights<Channels>> {
    explicit A2Weights(const float* source) : kernels(network_kernels<Channels>()) {
        const FlushToZero flush_to_zero;  // as in a stream, or its silence would differ from this
        read_weights(source, weights);
        Arena<Channels> arena;
        History history{arena.floats(), {}, 0};
        place_rings(history);
        kernels.find_silence(weights, history, silent_frames);
        const float zero = 0.0f;
        kernels.process_block(weights, history, &zero, &silent_output, 1);
    }

    std::unique_ptr<Network> make_network() const override;
    int receptive_field_frames() const noexcept override { return receptive_field(); }
    float silence() const noexcept override { return silent_output; }

    const NetworkKernels<Channels>& kernels;
    Weights<Channels> weights;
    float silent_frames[ring_count][Channels];  ///< the prewarm: one frame for every ring
    float silent_output;
};

template <int Channels>
class A2Network final : public Network {
public:
    explicit A2Network(std::shared_ptr<const A2Weights<Channels>> weights)
        : weights_(std::move(weights)), history_{arena_.floats(), {}, 0} {
        reset();
    }

    void process(const float* in, float* out, int frames) noexcept override {
        for (int f = 0; f < frames; f += max_block_frames)
            weights_->kernels.process_block(weights_->weights, history_, in + f, out + f,
                                            std::min(frames - f, max_block_frames));
    }

    void reset() noexcept override {
        place_rings(history_);
        weights_->kernels.restore_silence(history_, weights_->silent_frames);
    }

private:
    std::shared_ptr<const A2Weights<Channels>> weights_;
    Arena<Channels> arena_;
    History history_;
};

template <int Channels>
std::unique_ptr<Network> A2Weights<Channels>::make_network() const {
    return std::make_unique<A2Network<Channels>>(this->shared_from_this());
}

}  // namespace

bool is_width(int channels) { return channels == 3 || channels == 8; }

std::size_t weight_count_of(int channels) {
    assert(is_width(channels));
    return channels == 3 ? weight_count(3) : weight_count(8);
}

std::shared_ptr<const NetworkWeights> load(int channels, std::span<const float> weights) {
    assert(weights.size() == weight_count_of(channels));
    if (channels == 3) return std::make_shared<const A2Weights<3>>(weights.data());
    return std::make_shared<const A2Weights<8>>(weights.data());
}

}  // namespace neural_amp::a2
