// SPDX-License-Identifier: MIT
#include "config.h"

#include <cmath>
#include <cstring>
#include <string>

#include "../image.h"
#include "../network_limits.h"

namespace neural_amp::planar {
namespace {

void check_most(const char* network, const char* what, std::int64_t found, std::int64_t most) {
    if (found > most)
        refuse(std::string(network) + " of " + std::to_string(found) + " " + what +
               "; accepted are up to " + std::to_string(most));
}

/// How many parameters a kind has: exactly, or at least where there may be one for each row.
int parameters_of(ActivationKind kind) {
    switch (kind) {
    case ActivationKind::leaky_relu: return 1;
    case ActivationKind::leaky_hardtanh: return 4;
    default: return 0;
    }
}

}  // namespace

std::uint32_t Config::word() {
    std::uint32_t word;
    if (rest_.size() < sizeof word)
        refuse("the config of " + std::string(network_) + " ends early");
    std::memcpy(&word, rest_.data(), sizeof word);
    rest_ = rest_.subspan(sizeof word);
    return word;
}

int Config::number(const char* name, int low, int high) {
    const std::uint32_t found = word();
    if (found < std::uint32_t(low) || found > std::uint32_t(high))
        refuse(std::string(name) + " of " + network_ + " is " + std::to_string(found) +
               "; accepted are " + std::to_string(low) + " to " + std::to_string(high));
    return int(found);
}

Activation Config::activation() {
    Activation activation{ActivationKind(number("an activation", 1, activation_kinds)), {}};
    const int count = number("the parameter count of an activation", 0, limits::max_width);
    const int accepted = parameters_of(activation.kind);
    const bool one_a_row = activation.kind == ActivationKind::leaky_relu && count > 1;
    if (count != accepted && !one_a_row)
        refuse("activation " + std::to_string(int(activation.kind)) + " of " + network_ + " has " +
               std::to_string(count) + " parameters; accepted are " + std::to_string(accepted));
    for (int p = 0; p < count; ++p) {
        const std::uint32_t bits = word();
        float value;
        std::memcpy(&value, &bits, sizeof value);
        if (!std::isfinite(value))
            refuse("a parameter of an activation of " + std::string(network_) +
                   " is not a finite number");
        activation.parameters.push_back(value);
    }
    return activation;
}

void Config::end() const {
    if (!rest_.empty())
        refuse("the config of " + std::string(network_) + " has " + std::to_string(rest_.size()) +
               " bytes more than it says");
}

void check_slopes(const char* network, const Activation& activation, int rows) {
    const auto slopes = activation.parameters.size();
    if (activation.kind == ActivationKind::leaky_relu && slopes > 1 && slopes != std::size_t(rows))
        refuse(std::to_string(slopes) + " slopes for " + std::to_string(rows) + " channels of " +
               network + "; accepted are 1, or one for each channel");
}

void check_groups(const char* network, const char* name, const Convolution& c) {
    if (c.groups < 1 || c.inputs % c.groups != 0 || c.outputs % c.groups != 0)
        refuse(std::to_string(c.groups) + " groups in " + name + " of " + network + ", from " +
               std::to_string(c.inputs) + " to " + std::to_string(c.outputs) +
               " channels; accepted are those that divide both");
}

void Totals::count(const Convolution& convolution, bool dead) {
    weights += convolution.weight_count();
    multiply_adds += dead ? 0 : convolution.multiply_adds();
    lookback_frames += convolution.lookback_frames();
    history_floats += convolution.lookback_frames() * convolution.inputs;
}

void Totals::check(const char* network, std::size_t weights_found) const {
    check_most(network, "frames of lookback", lookback_frames, limits::max_lookback_frames);
    check_most(network, "floats of history", history_floats, limits::max_history_floats);
    check_most(network, "multiply-adds a frame", multiply_adds, limits::max_multiply_adds);
    if (std::uint64_t(weights) != weights_found)
        refuse(std::to_string(weights_found) + " weights for " + network + "; accepted are " +
               std::to_string(weights));
}

}  // namespace neural_amp::planar
