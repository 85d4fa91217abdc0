// SPDX-License-Identifier: MIT
#include "model.h"

#include <algorithm>

#include "a2/network.h"
#include "image.h"

namespace neural_amp {

Model::Model(std::span<const std::byte> image) {
    auto contents = std::make_shared<Contents>();
    contents->image.assign(image.begin(), image.end());
    ImageContents read = read_image(contents->image);
    contents->metadata = read.metadata;
    contents->sample_rate_hz = read.sample_rate_hz;
    contents->input_level_dbu = read.input_level_dbu;
    contents->output_level_dbu = read.output_level_dbu;
    for (const ImageSize& size : read.sizes) {
        contents->sizes.push_back(size.size);
        contents->networks.push_back(a2::load(size.size.channels, size.weights));
    }
    contents_ = std::move(contents);
}

std::span<const std::byte> Model::image() const noexcept { return contents_->image; }
double Model::sample_rate_hz() const noexcept { return contents_->sample_rate_hz; }
std::optional<double> Model::input_level_dbu() const noexcept { return contents_->input_level_dbu; }
std::optional<double> Model::output_level_dbu() const noexcept {
    return contents_->output_level_dbu;
}
std::string_view Model::metadata() const noexcept { return contents_->metadata; }
const std::vector<Size>& Model::sizes() const noexcept { return contents_->sizes; }

int Model::size_index(double value) const noexcept {
    const auto& sizes = contents_->sizes;
    const auto selected = std::find_if(sizes.begin(), sizes.end() - 1, [&](const Size& size) {
        return value < size.max_value;
    });
    return int(selected - sizes.begin());
}

int Model::receptive_field_frames() const noexcept {
    int frames = 0;
    for (const auto& network : contents_->networks)
        frames = std::max(frames, network->receptive_field_frames());
    return frames;
}

}  // namespace neural_amp
