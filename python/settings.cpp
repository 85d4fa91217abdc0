// SPDX-License-Identifier: MIT
#include "settings.h"

#include <nanobind/stl/string_view.h>

#include <iterator>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace nb = nanobind;
using namespace nb::literals;
using namespace neural_amp;

namespace {

[[noreturn]] void refuse(const char* name, nb::handle value, const std::string& accepted) {
    throw std::invalid_argument(std::string(name) + " is " + nb::repr(value).c_str() +
                                "; accepted are " + accepted);
}

void from_python(const char* name, nb::handle value, double& member) {
    if (!nb::isinstance<nb::float_>(value) &&
        (!nb::isinstance<nb::int_>(value) || nb::isinstance<nb::bool_>(value)))
        refuse(name, value, "numbers");
    member = PyFloat_AsDouble(value.ptr());
    if (PyErr_Occurred()) throw nb::python_error();  // a whole number that no double can hold
}

[[maybe_unused]] void from_python(const char* name, nb::handle value, bool& member) {
    if (!nb::isinstance<nb::bool_>(value)) refuse(name, value, "True and False");
    member = value.is(Py_True);
}

void from_python(const char* name, nb::handle value, OutputMode& member) {
    std::string accepted;
    for (std::size_t i = 0; i < std::size(output_mode_words); ++i) {
        const std::string_view word = output_mode_words[i];
        accepted.append(i ? ", \"" : "\"").append(word).append("\"");
        if (!nb::isinstance<nb::str>(value) || nb::cast<std::string_view>(value) != word) continue;
        member = OutputMode(i);
        return;
    }
    refuse(name, value, accepted);
}

void from_python(const char* name, nb::handle value, std::optional<double>& member) {
    member.reset();
    if (!value.is_none()) from_python(name, value, member.emplace());
}

nb::object to_python(double member) { return nb::float_(member); }
[[maybe_unused]] nb::object to_python(bool member) { return nb::bool_(member); }
nb::object to_python(OutputMode member) { return nb::str(output_mode_words[int(member)]); }
nb::object to_python(const std::optional<double>& member) {
    return member ? nb::object(nb::float_(*member)) : nb::none();
}

}  // namespace

Settings settings_of(const nb::dict& by_name) {
    Settings settings;
    std::size_t count = 0;
    std::string names;
    visit_settings(settings, [&](const char* name, auto& member, Range) {
        if (!by_name.contains(name))
            throw nb::type_error(("the setting " + std::string(name) + " is missing").c_str());
        from_python(name, by_name[name], member);
        names.append(count++ ? ", " : "").append(name);
    });
    if (by_name.size() == count) return settings;
    for (const auto& [name, value] : by_name) {
        bool is_known = false;
        visit_settings(settings, [&](const char* known, const auto&, Range) {
            is_known |= name.equal(nb::str(known));
        });
        if (is_known) continue;
        throw nb::type_error(
            (std::string(nb::repr(name).c_str()) + " is no setting; settings are " + names)
                .c_str());
    }
    return settings;
}

SettingsDict dict_of(const Settings& settings) {
    SettingsDict by_name;
    visit_settings(settings, [&](const char* name, const auto& member, Range) {
        by_name[name] = to_python(member);
    });
    return by_name;
}

void bind_settings(nb::module_& m) {
    nb::class_<Settings>(m, "Settings")
        .def(
            "__init__",
            [](Settings* self, const SettingsDict& by_name) {
                new (self) Settings(settings_of(by_name));
            },
            "by_name"_a)
        .def("to_dict", &dict_of);
}
