// SPDX-License-Identifier: MIT
// NeuralAmp.vst3: `Processor` behind the VST 3 interfaces. No exception leaves this file.
#include <algorithm>
#include <array>
#include <atomic>
#include <bit>
#include <cstdio>
#include <exception>
#include <new>
#include <utility>

#include "processor.h"
#include "vst3_abi.h"

namespace neural_amp::plugin {
namespace {

using namespace vst3;

/// Also in pedalboard_nam/plugin_state.py, and never to change: hosts know the effect by it.
constexpr Id class_id{0x2CB6A609, 0xB8B748EA, 0x98AC1597, 0xDBEB4025};
constexpr const char* effect_name = "NeuralAmp";
constexpr const char* effect_vendor = "pedalboard-nam";
constexpr const char* effect_category = "Audio Module Class";
constexpr const char* effect_subcategories = "Fx|Distortion";
constexpr const char* effect_sdk_version = "VST 3.7";

struct ParameterTexts {
    const char16_t* title;  ///< with the units, pedalboard makes `input_gain_db` of it
    const char16_t* short_title;
    const char16_t* units;
};
constexpr std::array<ParameterTexts, effect_parameters.size()> parameter_texts = {{
    {u"Input Gain", u"Input", u"dB"},
    {u"Output Gain", u"Output", u"dB"},
}};

/// What a call of the host answers if its work ends in an exception.
template <class Work>
Result guard(Work&& work) noexcept {
    try {
        return work();
    } catch (const std::bad_alloc&) {
        return out_of_memory;
    } catch (...) {
        return internal_error;
    }
}

/// Copies as much text as there is room for, and a zero.
template <class Char, std::size_t Size, class From>
void copy_text(Char (&to)[Size], const From* from) {
    std::size_t i = 0;
    for (; i + 1 < Size && from[i]; ++i) to[i] = Char(from[i]);
    std::fill(to + i, to + Size, Char(0));
}

/// One object for component, processor and controller. Its methods stand in the order of the
/// interfaces.
class Effect final : public Component,
                     public AudioProcessor,
                     public ProcessContextRequirements,
                     public EditController {
public:
    Effect() = default;
    Effect(const Effect&) = delete;
    Effect& operator=(const Effect&) = delete;

    Result query_interface(IdBytes id, void** object) override {
        if (Unknown::id == id || PluginBase::id == id || Component::id == id)
            *object = static_cast<Component*>(this);
        else if (AudioProcessor::id == id)
            *object = static_cast<AudioProcessor*>(this);
        else if (ProcessContextRequirements::id == id)
            *object = static_cast<ProcessContextRequirements*>(this);
        else if (EditController::id == id)
            *object = static_cast<EditController*>(this);
        else {
            *object = nullptr;
            return no_interface;
        }
        add_ref();
        return ok;
    }
    std::uint32_t add_ref() override { return ++references_; }
    std::uint32_t release() override {
        const std::uint32_t left = --references_;
        if (left == 0) delete this;
        return left;
    }

    // Hosts initialize one object twice, as component and as controller.
    Result initialize(Unknown*) override { return ok; }
    Result terminate() override { return set_component_handler(nullptr); }

    // --- Component -------------------------------------------------------------------------------

    Result get_controller_class_id(void*) override { return not_implemented; }
    Result set_io_mode(std::int32_t) override { return not_implemented; }
    std::int32_t get_bus_count(std::int32_t media, std::int32_t) override {
        return media == media_audio ? 1 : 0;
    }
    Result get_bus_info(std::int32_t media, std::int32_t direction, std::int32_t index,
                        BusInfo& info) override {
        if (media != media_audio || index != 0) return invalid_argument;
        return guard([&] {
            info = {media, direction, processor_.num_channels(), {}, 0, bus_is_active_by_default};
            copy_text(info.name, direction == direction_input ? u"Input" : u"Output");
            return ok;
        });
    }
    Result get_routing_info(RoutingInfo&, RoutingInfo&) override { return not_implemented; }
    Result activate_bus(std::int32_t media, std::int32_t, std::int32_t index, Bool) override {
        return media == media_audio && index == 0 ? ok : invalid_argument;
    }
    Result set_active(Bool on) override {
        return guard([&] {
            processor_.set_active(on != 0);
            return ok;
        });
    }
    Result set_state(ByteStream* stream) override {
        if (!stream) return invalid_argument;
        std::int32_t changed = parameter_values_changed;
        const Result result = guard([&] {
            const bool is_active = processor_.is_active();  // else the host asks before it plays
            const int latency_frames = is_active ? processor_.latency_frames() : 0;
            processor_.set_state(read_all(*stream));
            if (is_active && processor_.latency_frames() != latency_frames)
                changed |= latency_changed;
            return ok;
        });
        if (result != ok) return no;  // the one refusal that every host understands
        restart(changed);
        return ok;
    }
    Result get_state(ByteStream* stream) override {
        if (!stream) return invalid_argument;
        return guard([&] {
            auto state = processor_.state();
            return write_all(*stream, state);
        });
    }

    // --- AudioProcessor --------------------------------------------------------------------------

    Result set_bus_arrangements(Speakers* in, std::int32_t num_in, Speakers* out,
                                std::int32_t num_out) override {
        if (num_in != 1 || num_out != 1 || !in || !out || *in != *out) return no;
        const int num_channels = std::popcount(*in);
        if (num_channels < 1 || num_channels > Player::max_num_channels) return no;
        return guard([&] {
            processor_.set_layout(processor_.sample_rate_hz(), num_channels);
            speakers_ = *in;
            return ok;
        });
    }
    Result get_bus_arrangement(std::int32_t, std::int32_t index, Speakers& speakers) override {
        if (index != 0) return invalid_argument;
        speakers = speakers_;
        return ok;
    }
    Result can_process_sample_size(std::int32_t size) override {
        return size == sample_float ? ok : no;
    }
    std::uint32_t get_latency_frames() override {
        std::uint32_t frames = 0;
        guard([&] {
            frames = std::uint32_t(processor_.latency_frames());
            return ok;
        });
        return frames;
    }
    Result setup_processing(ProcessSetup& setup) override {
        if (setup.sample_size != sample_float) return no;
        return guard([&] {
            processor_.set_layout(setup.sample_rate_hz, processor_.num_channels());
            return ok;
        });
    }
    Result set_processing(Bool) override { return ok; }
    Result process(ProcessData& data) override {
        return guard([&] {
            if (data.input_parameters) take_parameters(*data.input_parameters);
            if (data.frames <= 0 || data.num_outputs == 0) return ok;
            if (data.sample_size != sample_float) return invalid_argument;
            const std::size_t frames(data.frames);
            AudioBus& out = data.outputs[0];
            const AudioBus none{};  // as are those that a host has switched off
            const AudioBus& in = data.num_inputs > 0 ? data.inputs[0] : none;
            out.silence_flags = 0;  // an amp hums when nobody plays
            if (in.num_channels == out.num_channels &&
                processor_.process(in.channels, out.channels, in.num_channels, frames))
                return ok;
            for (int c = 0; c < out.num_channels; ++c) std::fill_n(out.channels[c], frames, 0.0f);
            out.silence_flags = ~std::uint64_t(0);  // one bit a channel
            return in.num_channels == 0 ? ok : invalid_argument;
        });
    }
    std::uint32_t get_tail_frames() override {
        std::uint32_t frames = 0;
        guard([&] {
            frames = std::uint32_t(processor_.tail_frames());
            return ok;
        });
        return frames;
    }

    std::uint32_t get_process_context_requirements() override { return 0; }

    // --- EditController --------------------------------------------------------------------------

    // The state is the component's, which is this very object.
    Result set_component_state(ByteStream*) override { return ok; }
    Result set_controller_state(ByteStream*) override { return not_implemented; }
    Result get_controller_state(ByteStream*) override { return not_implemented; }

    std::int32_t get_parameter_count() override { return std::int32_t(effect_parameters.size()); }
    Result get_parameter_info(std::int32_t index, ParameterInfo& info) override {
        if (!is_parameter(ParameterId(index))) return invalid_argument;
        const EffectParameter& parameter = effect_parameters[std::size_t(index)];
        const ParameterTexts& texts = parameter_texts[std::size_t(index)];
        info = {};
        info.id = ParameterId(index);
        copy_text(info.title, texts.title);
        copy_text(info.short_title, texts.short_title);
        copy_text(info.units, texts.units);
        info.default_normalised = parameter.normalised(parameter.default_value);
        info.flags = parameter_can_automate;
        return ok;
    }
    Result get_text_of_value(ParameterId id, double normalised, Char16* text) override {
        if (!is_parameter(id) || !text) return invalid_argument;
        return guard([&] {
            copy_text(*reinterpret_cast<String128*>(text),
                      effect_parameters[id].text(normalised).c_str());
            return ok;
        });
    }
    Result get_value_of_text(ParameterId id, Char16* text, double& normalised) override {
        if (!is_parameter(id) || !text) return invalid_argument;
        char ascii[128];
        copy_text(ascii, text);
        const auto found = effect_parameters[id].normalised_of(ascii);
        if (found) normalised = *found;
        return found ? ok : no;
    }
    double plain_of_normalised(ParameterId id, double normalised) override {
        return is_parameter(id) ? effect_parameters[id].value(normalised) : normalised;
    }
    double normalised_of_plain(ParameterId id, double plain) override {
        return is_parameter(id) ? effect_parameters[id].normalised(plain) : plain;
    }
    double get_parameter(ParameterId id) override {
        return is_parameter(id) ? processor_.parameter(id) : 0.0;
    }
    Result set_parameter(ParameterId id, double normalised) override {
        if (!is_parameter(id)) return invalid_argument;
        processor_.set_parameter(id, normalised);
        return ok;
    }
    Result set_component_handler(ComponentHandler* handler) override {
        if (handler) handler->add_ref();
        if (auto* previous = std::exchange(handler_, handler)) previous->release();
        return ok;
    }
    void* create_view(const char*) override { return nullptr; }

private:
    ~Effect() { set_component_handler(nullptr); }

    static bool is_parameter(ParameterId id) { return id < effect_parameters.size(); }

    /// The last point of each: a stream takes gains block by block, and ramps.
    void take_parameters(ParameterChanges& changes) {
        for (std::int32_t i = 0; i < changes.get_parameter_count(); ++i) {
            ParameterQueue* queue = changes.get_parameter_data(i);
            if (!queue || !is_parameter(queue->get_parameter_id())) continue;
            std::int32_t frame = 0;
            double normalised = 0.0;
            const std::int32_t points = queue->get_point_count();
            if (points > 0 && queue->get_point(points - 1, frame, normalised) == ok)
                processor_.set_parameter(queue->get_parameter_id(), normalised);
        }
    }

    void restart(std::int32_t what) {
        if (handler_) handler_->restart_component(what);
    }

    /// Reads to the end, or until it is more than any state can be.
    static std::vector<std::byte> read_all(ByteStream& stream) {
        std::vector<std::byte> bytes;
        std::int32_t done = 0;
        do {
            const std::size_t begin = bytes.size();
            bytes.resize(begin + (1 << 16));
            done = 0;
            stream.read(bytes.data() + begin, 1 << 16, &done);  // "no" at the end, by some hosts
            bytes.resize(begin + std::size_t(std::clamp(done, 0, 1 << 16)));
        } while (done > 0 && bytes.size() <= max_effect_state_bytes);
        return bytes;
    }

    static Result write_all(ByteStream& stream, std::span<std::byte> bytes) {
        while (!bytes.empty()) {
            std::int32_t done = 0;
            const auto n = std::int32_t(std::min<std::size_t>(bytes.size(), 1 << 30));
            if (stream.write(bytes.data(), n, &done) != ok || done <= 0 || done > n)
                return internal_error;
            bytes = bytes.subspan(std::size_t(done));
        }
        return ok;
    }

    std::atomic<std::uint32_t> references_ = 1;
    Processor processor_;
    Speakers speakers_ = 3;  // left and right
    /// Hosts set it on their UI thread, as VST 3 says, when they make the effect and when they let
    /// go of it: no other thread has it then. So `restart` needs no lock on whatever thread it is.
    ComponentHandler* handler_ = nullptr;
};

/// Lives as long as the library.
class EffectFactory final : public Factory3 {
public:
    Result query_interface(IdBytes id, void** object) override {
        const bool known =
            Unknown::id == id || Factory::id == id || Factory2::id == id || Factory3::id == id;
        *object = known ? static_cast<Factory3*>(this) : nullptr;
        return known ? ok : no_interface;
    }
    std::uint32_t add_ref() override { return 1; }
    std::uint32_t release() override { return 1; }

    Result get_factory_info(FactoryInfo* info) override {
        *info = {};
        copy_text(info->vendor, effect_vendor);
        info->flags = factory_is_unicode;
        return ok;
    }
    std::int32_t count_classes() override { return 1; }
    Result get_class_info(std::int32_t index, ClassInfo* info) override {
        return index == 0 ? fill(*info) : invalid_argument;
    }
    Result create_instance(IdBytes id, IdBytes interface_id, void** object) override {
        *object = nullptr;
        if (!(class_id == id)) return no_interface;
        return guard([&] {
            Effect* effect = new Effect;
            const Result result = effect->query_interface(interface_id, object);
            effect->release();
            return result;
        });
    }
    Result get_class_info_2(std::int32_t index, ClassInfo2* info) override {
        return index == 0 ? fill_all(*info) : invalid_argument;
    }
    Result get_class_info_unicode(std::int32_t index, ClassInfoUnicode* info) override {
        return index == 0 ? fill_all(*info) : invalid_argument;
    }
    Result set_host_context(Unknown*) override { return ok; }

private:
    template <class Info>
    static Result fill(Info& info) {
        info = {};
        class_id.copy_to(info.id);
        info.cardinality = many_instances;
        copy_text(info.category, effect_category);
        copy_text(info.name, effect_name);
        return ok;
    }
    template <class Info>
    static Result fill_all(Info& info) {
        fill(info);
        copy_text(info.subcategories, effect_subcategories);
        copy_text(info.vendor, effect_vendor);
        copy_text(info.version, NEURAL_AMP_VERSION);
        copy_text(info.sdk_version, effect_sdk_version);
        return ok;
    }
};

}  // namespace
}  // namespace neural_amp::plugin

#define NEURAL_AMP_EXPORT extern "C" __attribute__((visibility("default")))

NEURAL_AMP_EXPORT vst3::Factory* GetPluginFactory() {
    static neural_amp::plugin::EffectFactory factory;
    return &factory;
}
NEURAL_AMP_EXPORT bool ModuleEntry(void*) { return true; }
NEURAL_AMP_EXPORT bool ModuleExit() { return true; }
