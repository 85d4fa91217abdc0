// SPDX-License-Identifier: MIT
#include "room.h"

#include <cfloat>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "channel.h"

namespace neural_amp::linear {
namespace {

/// As people write them: "8,192 taps".
std::string words(std::uint32_t taps) {
    std::string digits = std::to_string(taps);
    for (int end = int(digits.size()) - 3; end > 0; end -= 3)
        digits.insert(std::size_t(end), 1, ',');
    return digits + (taps == 1 ? " tap" : " taps");
}

struct LinearWeights final : Weights, std::enable_shared_from_this<LinearWeights> {
    LinearWeights(const Shape& shape, const Record& record, const Place& place)
        : filter(shape, record.weights.data()),
          silent_input(place.silence.begin(), place.silence.end()), silent_output(shape.outputs),
          name("Linear (" + words(shape.taps) + ")") {
        double sum = 0.0;
        for (const float tap : record.weights.first(shape.taps)) sum += tap;
        const double bias = shape.bias ? record.weights[shape.taps] : 0.0f;
        for (int c = 0; c < shape.filters(); ++c) {
            const float constant = float(bias + silent_input[std::size_t(c)] * sum);
            // A stream would play a denormal as zero.
            silent_output[std::size_t(c)] = std::abs(constant) < FLT_MIN ? 0.0f : constant;
        }
    }

    std::unique_ptr<Network> make_network() const override;
    Memory memory() const noexcept override {
        const int lookback = filter.shape.lookback_frames();
        return {lookback, lookback + 1};
    }
    std::int64_t history_floats() const noexcept override {
        return std::int64_t(filter.shape.filters()) * filter.shape.lookback_frames();
    }
    Cost cost() const noexcept override {
        return {filter.shape.filters() * filter.shape.multiply_adds(), 0};
    }
    int inputs() const noexcept override { return int(filter.shape.inputs); }
    int outputs() const noexcept override { return int(filter.shape.outputs); }
    std::span<const float> silence() const noexcept override { return silent_output; }
    int width() const noexcept override { return filter.shape.filters(); }
    std::string_view label() const noexcept override {
        const std::string_view in_brackets = description().substr(sizeof "Linear");
        return in_brackets.substr(1, in_brackets.size() - 2);
    }
    std::string_view description() const noexcept override { return name; }

    Filter filter;
    std::vector<float> silent_input, silent_output;
    std::string name;
};

/// Hears its inputs as distances from what they are in silence. So silence is zeros all through,
/// and comes out as one constant, which sums of spectra would give but for their rounding.
class LinearNetwork final : public Network {
public:
    explicit LinearNetwork(std::shared_ptr<const LinearWeights> weights)
        : weights_(std::move(weights)) {
        const int filters = shape().filters();
        channels_.reserve(std::size_t(filters));
        for (int c = 0; c < filters; ++c) channels_.emplace_back(weights_->filter);
    }

    void process(const float* const* in, float* const* out, int frames) noexcept override {
        for (int f = 0; f < frames;) {
            const int n = std::min(frames - f, block_frames - place_);
            for (std::size_t c = 0; c < channels_.size(); ++c)
                channels_[c].take(in[c] + f, weights_->silent_input[c], place_, n);
            for (std::size_t c = 0; c < channels_.size(); ++c)
                channels_[c].give(out[c] + f, weights_->silent_output[c], place_, n);
            for (std::size_t c = channels_.size(); c < shape().outputs; ++c)
                std::fill_n(out[c] + f, n, 0.0f);
            f += n;
            place_ += n;
            if (place_ < block_frames) continue;
            for (Channel& channel : channels_) channel.complete_block();
            place_ = 0;
        }
    }

    void reset(std::int64_t first_frame) noexcept override {
        for (Channel& channel : channels_) channel.clear();
        set_place(first_frame);
    }

    std::size_t state_bytes() const noexcept override {
        return place_bytes() + channels_.size() * channels_.front().state_bytes();
    }

    void save(std::byte* state) const noexcept override {
        if (state_bytes() == 0) return;  // and no state to point to
        const std::int64_t place = place_;
        std::memcpy(state, &place, place_bytes());
        state += place_bytes();
        for (const Channel& channel : channels_) {
            channel.save(place_, state);
            state += channel.state_bytes();
        }
    }

    void restore(const std::byte* state) noexcept override {
        if (state_bytes() == 0) return;
        std::int64_t place = 0;
        std::memcpy(&place, state, place_bytes());
        set_place(place);
        state += place_bytes();
        for (Channel& channel : channels_) {
            channel.restore(place_, state);
            state += channel.state_bytes();
        }
    }

private:
    const Shape& shape() const noexcept { return weights_->filter.shape; }

    /// Without partitions, a place in a block cannot be heard.
    std::size_t place_bytes() const noexcept {
        return shape().partitions() ? sizeof(std::int64_t) : 0;
    }

    /// For frames before 0, too.
    void set_place(std::int64_t frame) noexcept {
        place_ = int(std::uint64_t(frame) % std::uint64_t(block_frames));
    }

    std::shared_ptr<const LinearWeights> weights_;
    std::vector<Channel> channels_;
    int place_ = 0;  ///< in a block, of the next frame
};

std::unique_ptr<Network> LinearWeights::make_network() const {
    return std::make_unique<LinearNetwork>(shared_from_this());
}

void check(const char* what, std::int64_t found, std::int64_t least, std::int64_t most) {
    if (found < least || found > most)
        refuse("a Linear of " + std::to_string(found) + " " + what + "; accepted are " +
               std::to_string(least) + " to " + std::to_string(most));
}

Shape shape_in(const Record& record) {
    Shape shape;
    if (record.config.size() != sizeof shape)
        refuse("a Linear has " + std::to_string(record.config.size()) +
               " bytes of config; accepted are " + std::to_string(sizeof shape));
    std::memcpy(&shape, record.config.data(), sizeof shape);
    check("inputs", shape.inputs, 1, limits::max_channels_of_audio);
    check("outputs", shape.outputs, 1, limits::max_channels_of_audio);
    check("taps", shape.taps, 0, limits::max_linear_taps);
    check("biases", shape.bias, 0, 1);
    check("floats of history", std::int64_t(shape.filters()) * shape.lookback_frames(), 0,
          limits::max_history_floats);
    check("multiply-adds a frame", shape.filters() * shape.multiply_adds(), 0,
          limits::max_multiply_adds);
    return shape;
}

std::shared_ptr<const Weights> load(const Record& record, const Place& place) {
    const Shape shape = shape_in(record);
    if (const std::size_t accepted = shape.taps + shape.bias; record.weights.size() != accepted)
        refuse(std::to_string(record.weights.size()) + " weights for a Linear of " +
               words(shape.taps) + (shape.bias ? " and a bias" : "") + "; accepted are " +
               std::to_string(accepted));
    if (!record.children.empty()) refuse("a Linear holds other networks; accepted are none");
    check_inputs(place, shape.inputs);
    return std::make_shared<const LinearWeights>(shape, record, place);
}

}  // namespace

const Room room{fourcc("LIN"), "Linear", load};

}  // namespace neural_amp::linear
