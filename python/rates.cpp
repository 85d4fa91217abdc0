// SPDX-License-Identifier: MIT
#include "rates.h"

#include <mutex>
#include <string>

#include <neural_amp/neural_amp.h>
#include <neural_amp/rates.h>

#include "arrays.h"

using namespace nb::literals;
using namespace neural_amp;

namespace {

/// One converter for every channel. Threads take turns.
template <class Converter>
class Channels {
public:
    template <class... Arguments>
    Channels(int num_channels, Arguments... arguments) {
        if (num_channels < 1 || num_channels > Stream::max_num_channels)
            throw std::invalid_argument("num_channels is " + std::to_string(num_channels) +
                                        "; accepted are 1 to " +
                                        std::to_string(Stream::max_num_channels));
        for (int c = 0; c < num_channels; ++c) converters_.emplace_back(arguments...);
    }

    /// `new_frames(converter)` frames come out of `process(converter, in, out)`.
    template <class NewFrames, class Process>
    NewArray convert(const InputArray& in, NewFrames&& new_frames, Process&& process) {
        if (in.shape(0) != converters_.size())
            throw std::invalid_argument("input must have shape (channels, frames), with " +
                                        std::to_string(converters_.size()) + " channels");
        const auto in_rows = rows<const float>(in);
        NewAudio out = [&] {
            const nb::gil_scoped_release release;
            const std::lock_guard lock(mutex_);
            NewAudio audio(converters_.size(), new_frames(converters_[0]));
            for (std::size_t c = 0; c < converters_.size(); ++c)
                process(converters_[c], in_rows[c], audio.row(c));
            return audio;
        }();
        return std::move(out).to_array();
    }

    template <class... Arguments>
    void reset(Arguments... arguments) {
        const nb::gil_scoped_release release;
        const std::lock_guard lock(mutex_);
        for (Converter& converter : converters_) converter.reset(arguments...);
    }

    const Converter& first() const { return converters_[0]; }

private:
    std::vector<Converter> converters_;
    std::mutex mutex_;
};

class ToModel : public Channels<ToModelRate> {
public:
    ToModel(double host_hz, double model_hz, int num_channels)
        : Channels(num_channels, host_hz, model_hz) {}

    NewArray process(const InputArray& in) {
        const std::size_t frames = in.shape(1);
        return convert(
            in,
            [=](const ToModelRate& to_model) {
                return to_model.model_frames(frames);
            },
            [=](ToModelRate& to_model, const float* in_row, float* out_row) {
                to_model.process(in_row, out_row, frames);
            });
    }

    void reset(std::int64_t first_frame) { Channels::reset(first_frame); }
};

class FromModel : public Channels<FromModelRate> {
public:
    FromModel(double host_hz, double model_hz, int num_channels, float silence)
        : Channels(num_channels, host_hz, model_hz, silence), silence_(silence) {}

    NewArray process(const InputArray& in, std::size_t frames) {
        return convert(
            in,
            [&](const FromModelRate& from_model) {
                const std::size_t expected = from_model.model_frames(frames);
                if (in.shape(1) != expected)
                    throw std::invalid_argument("input has " + std::to_string(in.shape(1)) +
                                                " frames; " + std::to_string(frames) +
                                                " frames at the host's rate take " +
                                                std::to_string(expected) + " at the model's");
                return frames;
            },
            [=](FromModelRate& from_model, const float* in_row, float* out_row) {
                from_model.process(in_row, out_row, frames);
            });
    }

    void reset(std::int64_t first_frame) { Channels::reset(silence_, first_frame); }

private:
    float silence_;
};

}  // namespace

void bind_rates(nb::module_& m) {
    nb::class_<ToModel>(m, "ToModelRate")
        .def(nb::init<double, double, int>(), "host_rate"_a, "model_rate"_a, "num_channels"_a)
        .def("process", &ToModel::process, "in_"_a.noconvert())
        .def("reset", &ToModel::reset, "first_frame"_a = 0)
        .def_prop_ro("latency", [](const ToModel& to_model) {
            return to_model.first().latency_frames();
        });

    nb::class_<FromModel>(m, "FromModelRate")
        .def(nb::init<double, double, int, float>(), "host_rate"_a, "model_rate"_a,
             "num_channels"_a, "silence"_a)
        .def("process", &FromModel::process, "in_"_a.noconvert(), "frames"_a)
        .def("reset", &FromModel::reset, "first_frame"_a = 0)
        .def_prop_ro("latency", [](const FromModel& from_model) {
            return from_model.first().latency_frames();
        });
}
