// SPDX-License-Identifier: MIT
#include "room.h"

#include <algorithm>

#include "../planar/network.h"
#include "plan.h"
#include "shape.h"

namespace neural_amp::wavenet {
namespace {

/// What makes the condition; null if the input is it.
std::shared_ptr<const Weights> load_child(const Record& record, const Shape& shape,
                                          const Place& place) {
    if (record.children.size() > 1)
        refuse("a WaveNet holds " + std::to_string(record.children.size()) +
               " networks; accepted are 0 or 1");
    std::shared_ptr<const Weights> child;
    if (!record.children.empty())
        child = room_of(record.children[0]).load(record.children[0], place);
    const int found = child ? child->outputs() : shape.inputs;
    if (found != shape.condition_size)
        refuse("a condition_size of " + std::to_string(shape.condition_size) +
               " in a WaveNet; accepted is " + std::to_string(found) +
               (child ? ", the outputs of the network that makes the condition" : ", its inputs"));
    return child;
}

std::int64_t activations(const Shape& shape) {
    std::int64_t count = 0;
    for (const Array& array : shape.arrays)
        for (const Layer& layer : array.layers) count += layer.conv.outputs;
    for (const Convolution& post : shape.posts) count += post.inputs;
    return count;
}

std::shared_ptr<const Weights> load(const Record& record, const Place& place) {
    Shape shape = read_shape(record.config);
    check_inputs(place, shape.inputs);
    const auto child = load_child(record, shape, place);

    planar::Totals totals;
    for_each_convolution(shape, [&](const Convolution& convolution, bool dead) {
        totals.count(convolution, dead);
    });
    totals.weights += 1;  // head_scale
    Cost cost{totals.multiply_adds, activations(shape)};
    if (child) {
        cost.multiply_adds = totals.multiply_adds += child->cost().multiply_adds;
        cost.activations += child->cost().activations;
        totals.history_floats += child->history_floats();
    }
    totals.check(network, record.weights.size());

    const float* source = record.weights.data();
    for_each_convolution(shape, [&](Convolution& convolution, bool) {
        convolution.weights = source;
        source += convolution.weight_count();
    });
    return planar::make_weights({make_plan(shape, *source, child != nullptr), child,
                                 totals.lookback_frames, totals.history_floats, cost, shape.inputs,
                                 shape.outputs(), shape.arrays.front().channels, label(shape),
                                 description(shape, child != nullptr)},
                                place);
}

}  // namespace

const Room room{fourcc("WNET"), "WaveNet", load};

}  // namespace neural_amp::wavenet
