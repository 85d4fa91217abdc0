// SPDX-License-Identifier: MIT
#include "room.h"

#include <algorithm>
#include <string>
#include <vector>

#include "../network_limits.h"

namespace neural_amp::sequential {
namespace {

using Children = std::vector<std::shared_ptr<const Weights>>;

/// What passes between two networks at once, of each channel: the kernels' blocks, and in L1.
constexpr int block_frames = 128;

/// One word of each child, in the order of the signal.
std::string joined(const Children& children, std::string_view (Weights::*word)() const noexcept) {
    std::string words;
    for (const auto& child : children) {
        if (!words.empty()) words += " -> ";
        words += (*child.*word)();
    }
    return words;
}

struct SequentialWeights final : Weights, std::enable_shared_from_this<SequentialWeights> {
    explicit SequentialWeights(Children children_)
        : children(std::move(children_)), name(joined(children, &Weights::label)),
          full_name(joined(children, &Weights::description)) {}

    std::unique_ptr<Network> make_network() const override;

    int side_by_side() const noexcept override {
        int most = 1;
        for (const auto& child : children) most = std::max(most, child->side_by_side());
        return most;
    }
    void process(std::span<Network* const> networks, const float* const* const* in,
                 float* const* const* out, int frames) const noexcept override;

    Memory memory() const noexcept override {
        Memory sum{0, 0};
        for (const auto& child : children) {
            const Memory own = child->memory();
            sum.settle_frames += own.settle_frames;
            if (sum.lookback_frames && own.lookback_frames)
                *sum.lookback_frames += *own.lookback_frames;
            else
                sum.lookback_frames = std::nullopt;
        }
        return sum;
    }

    Cost cost() const noexcept override {
        Cost sum{0, 0};
        for (const auto& child : children) {
            sum.multiply_adds += child->cost().multiply_adds;
            sum.activations += child->cost().activations;
        }
        return sum;
    }

    std::int64_t history_floats() const noexcept override {
        std::int64_t sum = 0;
        for (const auto& child : children) sum += child->history_floats();
        return sum;
    }

    int inputs() const noexcept override { return children.front()->inputs(); }
    int outputs() const noexcept override { return children.back()->outputs(); }
    std::span<const float> silence() const noexcept override { return children.back()->silence(); }

    int width() const noexcept override {
        int widest = 0;
        for (const auto& child : children) widest = std::max(widest, child->width());
        return widest;
    }

    std::string_view label() const noexcept override { return name; }
    std::string_view description() const noexcept override { return full_name; }

    Children children;
    std::string name, full_name;
};

class SequentialNetwork final : public Network {
public:
    explicit SequentialNetwork(std::shared_ptr<const SequentialWeights> weights)
        : weights_(std::move(weights)) {
        int between = 0;
        for (const auto& child : weights_->children) {
            networks_.push_back(child->make_network());
            if (child != weights_->children.back()) between = std::max(between, child->outputs());
        }
        frames_.resize(std::size_t(between) * block_frames);
        for (int c = 0; c < between; ++c) between_.push_back(&frames_[c * block_frames]);
        from_.resize(std::size_t(weights_->inputs()));
        to_.resize(std::size_t(weights_->outputs()));
    }

    void process(const float* const* in, float* const* out, int frames) noexcept override {
        Network* const self = this;
        weights_->process({&self, 1}, &in, &out, frames);
    }

    void reset(std::int64_t first_frame) noexcept override {
        for (const auto& network : networks_) network->reset(first_frame);
    }

    std::size_t state_bytes() const noexcept override {
        std::size_t bytes = 0;
        for (const auto& network : networks_) bytes += network->state_bytes();
        return bytes;
    }

    void save(std::byte* state) const noexcept override {
        for (const auto& network : networks_) {
            network->save(state);
            state += network->state_bytes();
        }
    }

    void restore(const std::byte* state) noexcept override {
        for (const auto& network : networks_) {
            network->restore(state);
            state += network->state_bytes();
        }
    }

private:
    friend struct SequentialWeights;

    /// The caller's channels, from frame `f` on.
    void go_to(const float* const* in, float* const* out, int f) noexcept {
        std::transform(in, in + from_.size(), from_.begin(), [&](const float* channel) {
            return channel + f;
        });
        std::transform(out, out + to_.size(), to_.begin(), [&](float* channel) {
            return channel + f;
        });
    }

    std::shared_ptr<const SequentialWeights> weights_;
    std::vector<std::unique_ptr<Network>> networks_;
    std::vector<float> frames_;
    std::vector<float*> between_;     ///< channels between two networks, in `frames_`
    std::vector<const float*> from_;  ///< the caller's channels from some frame on
    std::vector<float*> to_;
};

void SequentialWeights::process(std::span<Network* const> networks, const float* const* const* in,
                                float* const* const* out, int frames) const noexcept {
    const std::size_t count = networks.size();
    for (int f = 0; f < frames; f += block_frames) {
        const float* const* from[max_side_by_side];
        for (std::size_t n = 0; n < count; ++n) {
            auto& network = static_cast<SequentialNetwork&>(*networks[n]);
            network.go_to(in[n], out[n], f);
            from[n] = network.from_.data();
        }
        for (std::size_t c = 0; c < children.size(); ++c) {
            Network* same[max_side_by_side];
            float* const* to[max_side_by_side];
            for (std::size_t n = 0; n < count; ++n) {
                auto& network = static_cast<SequentialNetwork&>(*networks[n]);
                same[n] = network.networks_[c].get();
                to[n] = (c + 1 == children.size() ? network.to_ : network.between_).data();
            }
            const Weights& child = *children[c];
            const auto together = std::size_t(child.side_by_side());
            for (std::size_t n = 0; n < count; n += together)
                child.process({same + n, std::min(together, count - n)}, from + n, to + n,
                              std::min(frames - f, block_frames));
            std::copy_n(to, count, from);
        }
    }
}

std::unique_ptr<Network> SequentialWeights::make_network() const {
    return std::make_unique<SequentialNetwork>(shared_from_this());
}

void check(const char* what, std::int64_t found, std::int64_t most) {
    if (found > most)
        refuse("a Sequential of " + std::to_string(found) + " " + what + "; accepted are up to " +
               std::to_string(most));
}

std::shared_ptr<const Weights> load(const Record& record, const Place& place) {
    if (!record.config.empty() || !record.weights.empty())
        refuse("a Sequential has " + std::to_string(record.config.size()) +
               " bytes of config and " + std::to_string(record.weights.size()) +
               " weights; accepted are none");
    if (record.children.empty()) refuse("a Sequential of no networks; accepted are 1 and more");
    Children children;
    Place next = place;
    std::int64_t lookback_frames = 0;  // those that have an end
    for (const Record& child : record.children) {
        children.push_back(room_of(child).load(child, next));
        next.silence = children.back()->silence();
        lookback_frames += children.back()->memory().lookback_frames.value_or(0);
    }
    const auto weights = std::make_shared<const SequentialWeights>(std::move(children));
    check("multiply-adds a frame", weights->cost().multiply_adds, limits::max_multiply_adds);
    check("frames of lookback", lookback_frames, limits::max_lookback_frames);
    check("floats of history", weights->history_floats(), limits::max_history_floats);
    return weights;
}

}  // namespace

const Room room{fourcc("SEQ"), "Sequential", load};

}  // namespace neural_amp::sequential
