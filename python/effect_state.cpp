// SPDX-License-Identifier: MIT
#include "effect_state.h"

#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>

#include <neural_amp/effect_parameters.h>
#include <neural_amp/effect_state.h>

#include "settings.h"

namespace nb = nanobind;
using namespace nb::literals;
using namespace neural_amp;

namespace {

std::span<const std::byte> span_of(const nb::bytes& bytes) {
    return {static_cast<const std::byte*>(bytes.data()), bytes.size()};
}

nb::bytes bytes_of(std::span<const std::byte> span) { return nb::bytes(span.data(), span.size()); }

/// With the bytes that its image lies in.
struct StateOfBytes {
    explicit StateOfBytes(nb::bytes bytes_)
        : bytes(std::move(bytes_)), state(read_effect_state(span_of(bytes))) {}

    /// Its kind, "setting" or "state", and the reason.
    std::optional<std::pair<const char*, nb::str>> refusal() const {
        const Refusal& refusal = state.refusal;
        if (refusal.kind == Refusal::none) return std::nullopt;
        PyObject* const reason = PyUnicode_DecodeUTF8(refusal.reason.data(),
                                                      Py_ssize_t(refusal.reason.size()), "replace");
        if (!reason) throw nb::python_error();
        return std::pair(refusal.kind == Refusal::setting ? "setting" : "state",
                         nb::steal<nb::str>(reason));
    }

    nb::bytes bytes;
    EffectState state;
};

nb::bytes write_state(const SettingsDict& by_name, const nb::bytes& image) {
    const Settings settings = settings_of(by_name);
    EffectState state;
    state.voicing = settings.voicing;
    state.normalised = {effect_parameters[input_gain].normalised(settings.input_gain_db),
                        effect_parameters[output_gain].normalised(settings.output_gain_db)};
    state.image = span_of(image);
    return bytes_of(write_effect_state(state));
}

}  // namespace

void bind_effect_state(nb::module_& m) {
    nb::class_<StateOfBytes>(m, "EffectState")
        .def_prop_ro("settings",
                     [](const StateOfBytes& self) {
                         return dict_of(self.state.settings());
                     })
        .def_prop_ro("image",
                     [](const StateOfBytes& self) {
                         return bytes_of(self.state.image);
                     })
        .def_prop_ro("refusal", &StateOfBytes::refusal,
                     "None, or its kind, \"setting\" or \"state\", and the reason.");

    m.def(
        "read_effect_state",
        [](nb::bytes state) {
            return StateOfBytes(std::move(state));
        },
        "state"_a);
    m.def("write_effect_state", &write_state, "settings"_a, "image"_a);

    // Both gains have one grid.
    static constexpr const EffectParameter& gain = effect_parameters[input_gain];
    m.def(
        "gain_db_on_grid",
        [](double gain_db) {
            return gain.on_grid(gain_db);
        },
        "gain_db"_a, "The nearest gain that the effect can have: a multiple of 0.0001 dB.");
    m.def(
        "normalised_of_gain_db",
        [](double gain_db) {
            return gain.normalised(gain_db);
        },
        "gain_db"_a, "The value from 0 to 1 that a host's parameter has for a gain.");
    m.def(
        "gain_db_of_normalised",
        [](double normalised) {
            return gain.value(normalised);
        },
        "normalised"_a, "The gain that the effect makes of a host's parameter.");
}
