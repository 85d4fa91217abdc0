// SPDX-License-Identifier: MIT
#include "model_cache.h"

#include <algorithm>
#include <mutex>

namespace neural_amp::plugin {

std::shared_ptr<const Model> cached_model(std::span<const std::byte> image) {
    static std::mutex mutex;
    static std::vector<std::weak_ptr<const Model>> models;

    const std::lock_guard lock(mutex);
    std::erase_if(models, [](const auto& model) {
        return model.expired();
    });
    // Images that differ do so in their checksum, near the front: a comparison costs nothing.
    for (const auto& candidate : models)
        if (auto model = candidate.lock(); model && std::ranges::equal(model->image(), image))
            return model;
    auto model = std::make_shared<const Model>(image);
    models.push_back(model);
    return model;
}

}  // namespace neural_amp::plugin
