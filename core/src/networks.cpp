// SPDX-License-Identifier: MIT
// The list, and nothing but the list: a test links one of its own in its place.
#include "networks.h"

#include "a2/room.h"
#include "convnet/room.h"
#include "linear/room.h"
#include "lstm/room.h"
#include "sequential/room.h"
#include "wavenet/room.h"

namespace neural_amp {

std::span<const Room* const> rooms() {
    static constexpr const Room* all[] = {&a2::room,      &wavenet::room, &lstm::room,
                                          &convnet::room, &linear::room,  &sequential::room};
    return all;
}

}  // namespace neural_amp
