// SPDX-License-Identifier: MIT
#pragma once

#include <memory>

#include <neural_amp/neural_amp.h>

namespace neural_amp::plugin {

/// The model of this image. All instances of the effect in this process that play equal models
/// share one, as long as any of them does. Throws ModelError. [any thread, not real-time]
std::shared_ptr<const Model> cached_model(std::span<const std::byte> image);

}  // namespace neural_amp::plugin
