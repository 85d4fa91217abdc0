// SPDX-License-Identifier: MIT
#include "model.h"

#include <algorithm>
#include <string>

#include "image.h"
#include "network_limits.h"
#include "networks.h"

namespace neural_amp {
namespace {

static_assert(__STDCPP_DEFAULT_NEW_ALIGNMENT__ >= 16, "model images lie at multiples of 16");

std::size_t weight_count(const Record& record) {
    std::size_t count = record.weights.size();
    for (const Record& child : record.children) count += weight_count(child);
    return count;
}

}  // namespace

Model::Model(std::span<const std::byte> image) {
    auto contents = std::make_shared<Contents>();
    contents->image.assign(image.begin(), image.end());
    ImageContents read = read_image(contents->image);
    contents->metadata = read.metadata;
    contents->sample_rate_hz = read.sample_rate_hz;
    contents->input_level_dbu = read.input_level_dbu;
    contents->output_level_dbu = read.output_level_dbu;
    const float zero = 0.0f;
    std::int64_t settling_left = limits::max_settling;
    const Place place{read.sample_rate_hz, {&zero, 1}, &settling_left};
    for (const ImageNetwork& network : read.networks) {
        const Room& room = room_of(network.record);
        const auto weights = room.load(network.record, place);
        if (weights->outputs() != 1)
            refuse("an amp of " + std::to_string(weights->outputs()) + " outputs; accepted is 1");
        contents->networks.push_back({network.max_value, room.name, weights->label(),
                                      weights->description(), weights->width(),
                                      weight_count(network.record), network.loudness_db,
                                      weights->memory(), weights->cost()});
        contents->weights.push_back(weights);
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
const std::vector<NetworkInfo>& Model::networks() const noexcept { return contents_->networks; }

int Model::network_index(double size) const noexcept {
    const auto& networks = contents_->networks;
    if (size == 0.0) return 0;
    const auto playing =
        std::find_if(networks.begin(), networks.end() - 1, [&](const NetworkInfo& network) {
            return size < std::min(network.max_value, 1.0);
        });
    return int(playing - networks.begin());
}

const Room& room_of(const Record& record) {
    std::string names;
    for (const Room* room : rooms()) {
        if (room->tag == record.tag) return *room;
        names += (names.empty() ? "" : ", ") + std::string(room->name);
    }
    refuse("a network of the unknown kind " + std::to_string(record.tag) + "; accepted are " +
           names);
}

void check_inputs(const Place& place, std::size_t accepted) {
    if (place.silence.size() != accepted)
        refuse("a network of " + std::to_string(accepted) + " inputs where there are " +
               std::to_string(place.silence.size()));
}

}  // namespace neural_amp
