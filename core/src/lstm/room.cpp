// SPDX-License-Identifier: MIT
#include "room.h"

#include <cstring>
#include <string>
#include <vector>

#include "../flush_to_zero.h"
#include "../simd/dispatch.h"
#include "frame.h"

namespace neural_amp::lstm {
namespace {

const Kernels& kernels() {
    NEURAL_AMP_ISAS(NEURAL_AMP_RETURN_KERNELS)
    __builtin_unreachable();
}

/// Half a second, as in the reference.
int settle_frames(double sample_rate_hz) { return int(0.5 * sample_rate_hz); }

struct LstmWeights final : Weights, std::enable_shared_from_this<LstmWeights> {
    LstmWeights(const Record& record, const Shape& shape, const Place& place)
        : kernels(lstm::kernels()), packed(read_weights(record.weights.data(), shape)),
          settled(packed.start), prewarm_frames(settle_frames(place.sample_rate_hz)),
          name("LSTM " + std::to_string(shape.layers) + "x" + std::to_string(shape.units)) {
        settle(place.silence[0]);
        silent_output = output(packed, settled.data());
    }

    std::unique_ptr<Network> make_network() const override;
    Memory memory() const noexcept override { return {std::nullopt, prewarm_frames}; }
    Cost cost() const noexcept override {
        constexpr int activations = 5;  // of a unit: its gates, and tanh(c)
        return {multiply_adds(packed.shape),
                std::int64_t(packed.shape.layers) * packed.shape.units * activations};
    }
    std::span<const float> silence() const noexcept override { return {&silent_output, 1}; }
    int width() const noexcept override { return int(packed.shape.units); }
    std::string_view label() const noexcept override { return description().substr(5); }
    std::string_view description() const noexcept override { return name; }

    const Kernels& kernels;
    PackedWeights packed;
    std::vector<float> settled;  ///< the state after the prewarm
    float silent_output;
    int prewarm_frames;
    std::string name;

private:
    /// Once a frame of silence changes nothing, the rest of them would not either.
    void settle(float input) {
        const FlushToZero flush_to_zero;  // as in a stream
        std::vector<float> before;
        for (int f = 0; f < prewarm_frames && before != settled; ++f) {
            before = settled;
            play_frame(packed, kernels, settled.data(), input);
        }
    }
};

class LstmNetwork final : public Network {
public:
    explicit LstmNetwork(std::shared_ptr<const LstmWeights> weights)
        : weights_(std::move(weights)), state_(weights_->settled) {}

    void process(const float* const* in, float* const* out, int frames) noexcept override {
        for (int f = 0; f < frames; ++f)
            out[0][f] = play_frame(weights_->packed, weights_->kernels, state_.data(), in[0][f]);
    }

    void reset(std::int64_t) noexcept override {
        restore(std::as_bytes(std::span(weights_->settled)).data());
    }

    std::size_t state_bytes() const noexcept override { return state_.size() * sizeof(float); }
    void save(std::byte* state) const noexcept override {
        std::memcpy(state, state_.data(), state_bytes());
    }
    void restore(const std::byte* state) noexcept override {
        std::memcpy(state_.data(), state, state_bytes());
    }

private:
    std::shared_ptr<const LstmWeights> weights_;
    std::vector<float> state_;
};

std::unique_ptr<Network> LstmWeights::make_network() const {
    return std::make_unique<LstmNetwork>(shared_from_this());
}

std::string words(const Shape& shape) {
    return std::to_string(shape.layers) + " layers of " + std::to_string(shape.units) + " units";
}

Shape shape_in(const Record& record) {
    Shape shape;
    if (record.config.size() != sizeof shape)
        refuse("an LSTM has " + std::to_string(record.config.size()) +
               " bytes of config; accepted are " + std::to_string(sizeof shape));
    std::memcpy(&shape, record.config.data(), sizeof shape);
    if (shape.layers < 1 || shape.layers > max_layers || shape.units < 1 || shape.units > max_units)
        refuse("an LSTM of " + words(shape) + "; accepted are 1 to " + std::to_string(max_layers) +
               " layers of 1 to " + std::to_string(max_units) + " units");
    return shape;
}

std::shared_ptr<const Weights> load(const Record& record, const Place& place) {
    const Shape shape = shape_in(record);
    const int accepted = weight_count(shape);
    if (record.weights.size() != std::size_t(accepted))
        refuse(std::to_string(record.weights.size()) + " weights for an LSTM of " + words(shape) +
               "; accepted are " + std::to_string(accepted));
    if (!record.children.empty()) refuse("an LSTM holds other networks; accepted are none");
    check_inputs(place, 1);
    return std::make_shared<const LstmWeights>(record, shape, place);
}

}  // namespace

const Room room{fourcc("LSTM"), "LSTM", load};

}  // namespace neural_amp::lstm
