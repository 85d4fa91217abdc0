// SPDX-License-Identifier: MIT
#include "room.h"

#include <algorithm>
#include <cstring>
#include <string>

#include "../aligned_floats.h"
#include "../flush_to_zero.h"
#include "../simd/dispatch.h"
#include "history.h"
#include "kernels/kernels.h"
#include "state.h"
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

/// One for all histories of a network: 498 kB at 8 channels, 187 kB at 3.
template <int Channels>
Floats make_arena() {
    return make_floats(Channels * layout.row_stride, page);
}

/// Staggered, so that the rings do not all wrap in the same block.
void place_rings(History& history) {
    for (int r = 0; r < ring_count; ++r)
        history.position[r] = r * max_lanes % layout.ring_frames[r];
}

template <int Channels>
struct A2Weights final : Weights, std::enable_shared_from_this<A2Weights<Channels>> {
    A2Weights(const float* source, float silent_input) : kernels(network_kernels<Channels>()) {
        const FlushToZero flush_to_zero;  // as in a stream, or its silence would differ from this
        read_weights(source, weights);
        const Floats arena = make_arena<Channels>();
        History history{arena.get(), {}, 0};
        place_rings(history);
        kernels.find_silence(weights, history, silent_input, silent_frames);
        kernels.process_block(weights, history, &silent_input, &silent_output, 1);
    }

    std::unique_ptr<Network> make_network() const override;
    Memory memory() const noexcept override { return {receptive_field() - 1, receptive_field()}; }
    Cost cost() const noexcept override {
        return {multiply_adds(Channels), Channels * layer_count};
    }
    std::span<const float> silence() const noexcept override { return {&silent_output, 1}; }
    int width() const noexcept override { return Channels; }
    std::string_view label() const noexcept override { return Channels == 3 ? "lite" : "full"; }
    std::string_view description() const noexcept override {
        return Channels == 3 ? "A2 lite" : "A2 full";
    }

    const NetworkKernels<Channels>& kernels;
    PackedWeights<Channels> weights;
    float silent_frames[ring_count][Channels];  ///< the prewarm: one frame for every ring
    float silent_output;
};

template <int Channels>
class A2Network final : public Network {
public:
    explicit A2Network(std::shared_ptr<const A2Weights<Channels>> weights)
        : weights_(std::move(weights)),
          arena_(make_arena<Channels>()), history_{arena_.get(), {}, 0} {
        reset(0);
    }

    void process(const float* const* in, float* const* out, int frames) noexcept override {
        for (int f = 0; f < frames; f += max_block_frames)
            weights_->kernels.process_block(weights_->weights, history_, in[0] + f, out[0] + f,
                                            std::min(frames - f, max_block_frames));
    }

    void reset(std::int64_t) noexcept override {
        place_rings(history_);
        weights_->kernels.restore_silence(history_, weights_->silent_frames);
    }

    std::size_t state_bytes() const noexcept override { return a2::state_bytes(Channels); }
    void save(std::byte* state) const noexcept override { a2::save(history_, Channels, state); }
    void restore(const std::byte* state) noexcept override {
        place_rings(history_);
        a2::restore(history_, Channels, state);
    }

private:
    std::shared_ptr<const A2Weights<Channels>> weights_;
    Floats arena_;
    History history_;
};

template <int Channels>
std::unique_ptr<Network> A2Weights<Channels>::make_network() const {
    return std::make_unique<A2Network<Channels>>(this->shared_from_this());
}

std::uint32_t width_in(const Record& record) {
    std::uint32_t width;
    if (record.config.size() != sizeof width)
        refuse("A2 has " + std::to_string(record.config.size()) +
               " bytes of config; accepted are 4");
    std::memcpy(&width, record.config.data(), sizeof width);
    if (width != 3 && width != 8) refuse(std::to_string(width) + " channels; accepted are 3 and 8");
    return width;
}

std::shared_ptr<const Weights> load(const Record& record, const Place& place) {
    const std::uint32_t width = width_in(record);
    const int accepted = width == 3 ? weight_count(3) : weight_count(8);
    if (record.weights.size() != std::size_t(accepted))
        refuse(std::to_string(record.weights.size()) + " weights for " + std::to_string(width) +
               " channels; accepted are " + std::to_string(accepted));
    if (!record.children.empty()) refuse("A2 holds other networks; accepted are none");
    check_inputs(place, 1);
    const float silent_input = place.silence[0];
    if (width == 3)
        return std::make_shared<const A2Weights<3>>(record.weights.data(), silent_input);
    return std::make_shared<const A2Weights<8>>(record.weights.data(), silent_input);
}

}  // namespace

const Room room{fourcc("A2"), "A2", load};

}  // namespace neural_amp::a2
