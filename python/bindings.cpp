// SPDX-License-Identifier: MIT
// pedalboard_nam._core: the engine's classes as they are, arrays in and out, the GIL released
// around the work. Shapes, names and defaults are the package's business.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/vector.h>

#include <mutex>
#include <string>

#include <neural_amp/bench.h>
#include <neural_amp/effect_state.h>
#include <neural_amp/neural_amp.h>

#include "arrays.h"
#include "block.h"
#include "effect_state.h"
#include "rates.h"
#include "settings.h"

namespace nb = nanobind;
using namespace nb::literals;
using namespace neural_amp;

namespace {

/// A stream that threads take turns at: it is meant for one, but Python code that forgets that must
/// not harm the process.
class LockedStream {
public:
    LockedStream(Model model, double sample_rate, int num_channels, const Settings& settings)
        : stream_(std::move(model), sample_rate, num_channels, settings) {
        const auto numpy = nb::module_::import_("numpy");
        array_type_ = numpy.attr("ndarray");
        empty_like_ = numpy.attr("empty_like");
    }

    void process(const InputArray& in, const OutputArray& out) {
        if (in.shape(0) != std::size_t(stream_.num_channels()) || out.shape(0) != in.shape(0) ||
            out.shape(1) != in.shape(1))
            throw std::invalid_argument("input and output must both have shape (channels, frames)");
        const auto in_rows = rows<const float>(in);
        const auto out_rows = rows<float>(out);
        const std::size_t frames = in.shape(1);
        const nb::gil_scoped_release release;
        const std::lock_guard lock(mutex_);
        stream_.process(in_rows.data(), out_rows.data(), frames);
    }

    /// The short way: gives `out`, or a new array if that is None; and None, having done nothing,
    /// if one of them is not as `Block` takes it, or they overlap but in place.
    nb::object process_block(nb::handle block, nb::object out) {
        const int num_channels = stream_.num_channels();
        if (!is_array(block)) return nb::none();
        const Block in(block);
        if (!in.is_audio(num_channels)) return nb::none();
        if (out.is_none())
            out = empty_like_(block);
        else if (!is_array(out))
            return nb::none();
        const Block wet(out);
        if (!wet.is_audio(num_channels) || !wet.is_writable() || !wet.has_shape_of(in) ||
            wet.overlaps_in_part(in))
            return nb::none();
        const float* in_rows[Stream::max_num_channels];
        float* out_rows[Stream::max_num_channels];
        for (int c = 0; c < num_channels; ++c) {
            in_rows[c] = in.channel(c);
            out_rows[c] = wet.channel(c);
        }
        {
            const nb::gil_scoped_release release;
            const std::lock_guard lock(mutex_);
            stream_.process(in_rows, out_rows, in.frames());
        }
        return out;
    }

    void reset(std::int64_t first_frame) {
        const nb::gil_scoped_release release;
        const std::lock_guard lock(mutex_);
        stream_.reset(first_frame);
    }

    void set_gains_db(double input_gain_db, double output_gain_db) {
        const nb::gil_scoped_release release;
        const std::lock_guard lock(mutex_);
        stream_.set_gains_db(input_gain_db, output_gain_db);
    }

    Settings settings() {
        const nb::gil_scoped_release release;
        const std::lock_guard lock(mutex_);
        return stream_.settings();
    }

    float silence() {
        const nb::gil_scoped_release release;
        const std::lock_guard lock(mutex_);
        return stream_.silence();
    }

    nb::bytes state() {
        std::vector<std::byte> state(stream_.state_bytes());
        {
            const nb::gil_scoped_release release;
            const std::lock_guard lock(mutex_);
            stream_.save(state.data());
        }
        return nb::bytes(state.data(), state.size());
    }

    void set_state(const nb::bytes& state) {
        if (state.size() != stream_.state_bytes())
            throw std::invalid_argument("state has " + std::to_string(state.size()) +
                                        " bytes; this stream's has " +
                                        std::to_string(stream_.state_bytes()));
        const nb::gil_scoped_release release;
        const std::lock_guard lock(mutex_);
        stream_.restore(static_cast<const std::byte*>(state.data()));
    }

    const Stream& stream() const { return stream_; }

private:
    /// One of numpy's own: a subclass may mean something else by its values.
    bool is_array(nb::handle array) const { return array.type().is(array_type_); }

    Stream stream_;
    std::mutex mutex_;
    nb::object array_type_, empty_like_;
};

template <auto getter>
auto of_stream(const LockedStream& locked) {
    return (locked.stream().*getter)();
}

Model model_from_image(const nb::bytes& image) {
    return Model({static_cast<const std::byte*>(image.data()), image.size()});
}

nb::bytes to_bytes(std::string_view text) { return nb::bytes(text.data(), text.size()); }

}  // namespace

NB_MODULE(bindings, m) {  // `_core` is made of them in module.cpp
    m.doc() = "The engine, without policy: see pedalboard_nam.";
    // What is still alive when the interpreter ends is no concern of the user.
    nb::set_leak_warnings(false);

    nb::register_exception_translator([](const std::exception_ptr& error, void*) {
        const auto raise = [](const std::exception& refused) {
            const auto type = nb::module_::import_("pedalboard_nam.errors").attr("ModelError");
            PyErr_SetString(type.ptr(), refused.what());
        };
        try {
            std::rethrow_exception(error);
        } catch (const ModelError& model_error) {
            raise(model_error);
        } catch (const StateError& state_error) {
            raise(state_error);
        }
    });

    nb::class_<NetworkInfo>(m, "NetworkInfo")
        .def_ro("max_value", &NetworkInfo::max_value)
        .def_prop_ro("architecture",
                     [](const NetworkInfo& network) {
                         return std::string(network.architecture);
                     })
        .def_prop_ro("label",
                     [](const NetworkInfo& network) {
                         return std::string(network.label);
                     })
        .def_prop_ro("description",
                     [](const NetworkInfo& network) {
                         return std::string(network.description);
                     })
        .def_ro("width", &NetworkInfo::width)
        .def_ro("weight_count", &NetworkInfo::weight_count)
        .def_ro("loudness_db", &NetworkInfo::loudness_db)
        .def_prop_ro("lookback",
                     [](const NetworkInfo& network) {
                         return network.memory.lookback_frames;
                     })
        .def_prop_ro("settle",
                     [](const NetworkInfo& network) {
                         return network.memory.settle_frames;
                     })
        .def_prop_ro("multiply_adds",
                     [](const NetworkInfo& network) {
                         return network.cost.multiply_adds;
                     })
        .def_prop_ro("activations", [](const NetworkInfo& network) {
            return network.cost.activations;
        });

    nb::class_<Model>(m, "Model")
        .def(
            "__init__",
            [](Model* self, const nb::bytes& image) {
                new (self) Model(model_from_image(image));
            },
            "image"_a)
        .def_prop_ro("sample_rate", &Model::sample_rate_hz)
        .def_prop_ro("input_level_dbu", &Model::input_level_dbu)
        .def_prop_ro("output_level_dbu", &Model::output_level_dbu)
        .def_prop_ro("metadata",
                     [](const Model& model) {
                         return to_bytes(model.metadata());
                     })
        .def_prop_ro("networks", &Model::networks)
        .def("network_index", &Model::network_index, "size"_a);

    bind_settings(m);
    bind_effect_state(m);

    nb::class_<LockedStream>(m, "Stream")
        .def(nb::init<Model, double, int, const Settings&>(), "model"_a, "sample_rate"_a,
             "num_channels"_a, "settings"_a)
        .def("process", &LockedStream::process, "in_"_a.noconvert(), "out"_a.noconvert())
        .def("process_block", &LockedStream::process_block, "block"_a, "out"_a.none(),
             nb::sig("def process_block(self, block: object, out: object) -> typing.Any"))
        .def("reset", &LockedStream::reset, "first_frame"_a = 0)
        .def("set_gains_db", &LockedStream::set_gains_db, "input_gain_db"_a, "output_gain_db"_a)
        .def_prop_ro("settings", &LockedStream::settings)
        .def_prop_ro("silence", &LockedStream::silence)
        .def_prop_ro("num_channels", &of_stream<&Stream::num_channels>)
        .def_prop_ro("latency", &of_stream<&Stream::latency_frames>)
        .def_prop_ro("lookback",
                     [](const LockedStream& locked) {
                         return locked.stream().memory().lookback_frames;
                     })
        .def_prop_ro("settle",
                     [](const LockedStream& locked) {
                         return locked.stream().memory().settle_frames;
                     })
        .def("state", &LockedStream::state)
        .def("set_state", &LockedStream::set_state, "state"_a);

    bind_rates(m);

    m.def("isa", &isa, "The kernels in use: baseline, avx2, avx512 or neon.");
    m.def("available_isas", &available_isas,
          "What PEDALBOARD_NAM_ISA may be on this machine, the widest first.");

    m.def("compiler", &compiler);
    m.def(
        "seconds_per_block",
        [](const Model& model, int network_index, int block_frames, int blocks) {
            return Bench(model, network_index).seconds_per_block(block_frames, blocks);
        },
        "model"_a, "network_index"_a, "block_frames"_a, "blocks"_a,
        nb::call_guard<nb::gil_scoped_release>());
    m.def(
        "seconds_per_reset",
        [](const Model& model, int network_index, int resets) {
            return Bench(model, network_index).seconds_per_reset(resets);
        },
        "model"_a, "network_index"_a, "resets"_a, nb::call_guard<nb::gil_scoped_release>());
    m.def("fma_peak", &fma_peak, "rounds"_a, nb::call_guard<nb::gil_scoped_release>());
}
