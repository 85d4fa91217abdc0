// SPDX-License-Identifier: MIT
#include "room.h"

#include <algorithm>
#include <cstring>
#include <string>
#include <vector>

#include "../flush_to_zero.h"
#include "../simd/dispatch.h"
#include "kernels/kernels.h"
#include "weights.h"

namespace neural_amp::lstm {
namespace {

const Kernels& kernels() {
    NEURAL_AMP_ISAS(NEURAL_AMP_RETURN_KERNELS)
    __builtin_unreachable();
}

static_assert(max_signals <= max_side_by_side);

/// Half a second, as in the reference.
int settle_frames(double sample_rate_hz) { return int(0.5 * sample_rate_hz); }

struct LstmWeights final : Weights, std::enable_shared_from_this<LstmWeights> {
    LstmWeights(const Record& record, const Shape& shape_, const Place& place)
        : kernels(lstm::kernels()), shape(shape_), packed(record.weights.data(), shape),
          settled(copy_floats(packed.start(), state_floats(shape))),
          prewarm_frames(settle_frames(place.sample_rate_hz)), silent_output(shape.outputs),
          name("LSTM " + std::to_string(shape.layers) + "x" + std::to_string(shape.units)) {
        settle(place.silence);
    }

    std::unique_ptr<Network> make_network() const override;
    int side_by_side() const noexcept override { return max_signals; }
    void process(std::span<Network* const> networks, const float* const* const* in,
                 float* const* const* out, int frames) const noexcept override;

    Memory memory() const noexcept override { return {std::nullopt, prewarm_frames}; }
    Cost cost() const noexcept override {
        constexpr int activations = 5;  // of a unit: its gates, and tanh(c)
        return {multiply_adds(shape), std::int64_t(shape.layers) * shape.units * activations};
    }
    int inputs() const noexcept override { return int(shape.inputs); }
    int outputs() const noexcept override { return int(shape.outputs); }
    std::span<const float> silence() const noexcept override { return silent_output; }
    int width() const noexcept override { return int(shape.units); }
    std::string_view label() const noexcept override { return description().substr(5); }
    std::string_view description() const noexcept override { return name; }

    const Kernels& kernels;
    Shape shape;
    PackedWeights packed;
    Floats settled;  ///< the state after the prewarm
    int prewarm_frames;
    std::vector<float> silent_output;
    std::string name;

private:
    /// Once a frame of silence changes nothing, the rest of them would not either: asked now and
    /// then, because most networks take thousands of frames to settle.
    void settle(std::span<const float> silence) {
        constexpr int asked_every = 256;
        const std::size_t count = state_floats(shape);
        const FlushToZero flush_to_zero;  // as in a stream
        std::vector<float> values;
        std::vector<const float*> in;
        std::vector<float*> out;
        for (const float value : silence) values.insert(values.end(), asked_every, value);
        for (std::size_t i = 0; i < shape.inputs; ++i) in.push_back(&values[i * asked_every]);
        std::vector<float> ignored(shape.outputs * asked_every);
        for (std::size_t o = 0; o < shape.outputs; ++o) out.push_back(&ignored[o * asked_every]);
        const auto play = [&](const Floats& state, int frames) {
            const Signal signal{in.data(), out.data(), state.get()};
            kernels.process(packed.view(), &signal, 1, frames);
        };
        for (int f = 0; f < prewarm_frames; f += asked_every) {
            play(settled, std::min(asked_every, prewarm_frames - f));
            const Floats next = copy_floats(settled.get(), count);
            play(next, 1);
            if (std::equal(next.get(), next.get() + count, settled.get())) break;
        }
        const Floats next = copy_floats(settled.get(), count);
        play(next, 1);
        for (std::size_t o = 0; o < shape.outputs; ++o) silent_output[o] = *out[o];
    }
};

class LstmNetwork final : public Network {
public:
    explicit LstmNetwork(std::shared_ptr<const LstmWeights> weights)
        : weights_(std::move(weights)),
          state_(copy_floats(weights_->settled.get(), state_floats(weights_->shape))) {}

    void process(const float* const* in, float* const* out, int frames) noexcept override {
        const Signal own = signal(in, out);
        weights_->kernels.process(weights_->packed.view(), &own, 1, frames);
    }

    Signal signal(const float* const* in, float* const* out) noexcept {
        return {in, out, state_.get()};
    }

    void reset(std::int64_t) noexcept override {
        std::copy_n(weights_->settled.get(), state_floats(weights_->shape), state_.get());
    }

    /// h, then c, of each layer, without what fills them up.
    std::size_t state_bytes() const noexcept override {
        return 2 * weights_->shape.layers * part_bytes();
    }
    void save(std::byte* bytes) const noexcept override {
        for (std::uint32_t part = 0; part < 2 * weights_->shape.layers; ++part)
            std::memcpy(bytes + part * part_bytes(), state_.get() + offset(part), part_bytes());
    }
    void restore(const std::byte* bytes) noexcept override {
        for (std::uint32_t part = 0; part < 2 * weights_->shape.layers; ++part)
            std::memcpy(state_.get() + offset(part), bytes + part * part_bytes(), part_bytes());
    }

private:
    std::size_t part_bytes() const { return weights_->shape.units * sizeof(float); }
    std::size_t offset(std::uint32_t part) const {
        return (part / 2 * parts_of_state + part % 2) * width_of(weights_->shape);
    }

    std::shared_ptr<const LstmWeights> weights_;
    Floats state_;
};

std::unique_ptr<Network> LstmWeights::make_network() const {
    return std::make_unique<LstmNetwork>(shared_from_this());
}

void LstmWeights::process(std::span<Network* const> networks, const float* const* const* in,
                          float* const* const* out, int frames) const noexcept {
    Signal signals[max_signals];
    for (std::size_t n = 0; n < networks.size(); ++n)
        signals[n] = static_cast<LstmNetwork*>(networks[n])->signal(in[n], out[n]);
    kernels.process(packed.view(), signals, int(networks.size()), frames);
}

std::string words(const Shape& shape) {
    return std::to_string(shape.layers) + " layers of " + std::to_string(shape.units) +
           " units, with " + std::to_string(shape.inputs) + " inputs and " +
           std::to_string(shape.outputs) + " outputs";
}

bool is_accepted(std::uint32_t count, int max) { return count >= 1 && count <= std::uint32_t(max); }

Shape shape_in(const Record& record) {
    Shape shape;
    if (record.config.size() != sizeof shape)
        refuse("an LSTM has " + std::to_string(record.config.size()) +
               " bytes of config; accepted are " + std::to_string(sizeof shape));
    std::memcpy(&shape, record.config.data(), sizeof shape);
    if (!is_accepted(shape.layers, limits::max_lstm_layers) ||
        !is_accepted(shape.units, limits::max_lstm_units) ||
        !is_accepted(shape.inputs, limits::max_channels_of_audio) ||
        !is_accepted(shape.outputs, limits::max_channels_of_audio))
        refuse("an LSTM of " + words(shape) + "; accepted are 1 to " +
               std::to_string(limits::max_lstm_layers) + " layers of 1 to " +
               std::to_string(limits::max_lstm_units) + " units, and 1 to " +
               std::to_string(limits::max_channels_of_audio) + " inputs and outputs");
    return shape;
}

std::shared_ptr<const Weights> load(const Record& record, const Place& place) {
    const Shape shape = shape_in(record);
    const int accepted = weight_count(shape);
    if (record.weights.size() != std::size_t(accepted))
        refuse(std::to_string(record.weights.size()) + " weights for an LSTM of " + words(shape) +
               "; accepted are " + std::to_string(accepted));
    if (!record.children.empty()) refuse("an LSTM holds other networks; accepted are none");
    check_inputs(place, shape.inputs);
    const std::int64_t settling =
        std::int64_t(multiply_adds(shape)) * settle_frames(place.sample_rate_hz);
    if (place.settling_left && (*place.settling_left -= settling) < 0)
        refuse("an LSTM of " + words(shape) + " takes " + std::to_string(settling) +
               " multiply-adds to settle; accepted are up to " +
               std::to_string(limits::max_settling) + " for all networks of a model");
    return std::make_shared<const LstmWeights>(record, shape, place);
}

}  // namespace

const Room room{fourcc("LSTM"), "LSTM", load};

}  // namespace neural_amp::lstm
