// SPDX-License-Identifier: MIT
// What hosts other than pedalboard do: buses that are off, streams that answer "no" at their end.
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "check.h"
#include "model_image.h"
#include "processor.h"
#include "vst3_abi.h"

extern "C" vst3::Factory* GetPluginFactory();

namespace host {  // and not unnamed: see vst3_abi.h

using namespace vst3;

template <class Interface>
struct OnStack : Interface {
    Result query_interface(IdBytes, void**) override { return no_interface; }
    std::uint32_t add_ref() override { return 1; }
    std::uint32_t release() override { return 1; }
};

struct Bytes : OnStack<ByteStream> {
    std::vector<std::byte> bytes;
    std::size_t position = 0;
    bool says_no_at_the_end = false;

    Result read(void* buffer, std::int32_t count, std::int32_t* done) override {
        const auto n = std::min<std::size_t>(std::size_t(count), bytes.size() - position);
        std::copy_n(bytes.data() + position, n, static_cast<std::byte*>(buffer));
        position += n;
        *done = std::int32_t(n);
        return says_no_at_the_end && n < std::size_t(count) ? no : ok;
    }
    Result write(void* buffer, std::int32_t count, std::int32_t* done) override {
        const auto* from = static_cast<const std::byte*>(buffer);
        bytes.insert(bytes.end(), from, from + count);
        *done = count;
        return ok;
    }
    Result seek(std::int64_t, std::int32_t, std::int64_t*) override { return not_implemented; }
    Result tell(std::int64_t*) override { return not_implemented; }
};

struct Handler : OnStack<ComponentHandler> {
    std::int32_t restarted = 0;
    Result begin_edit(ParameterId) override { return ok; }
    Result perform_edit(ParameterId, double) override { return ok; }
    Result end_edit(ParameterId) override { return ok; }
    Result restart_component(std::int32_t what) override {
        restarted |= what;
        return ok;
    }
};

struct Host {
    Component* component = nullptr;
    AudioProcessor* processor = nullptr;
    EditController* controller = nullptr;
    Handler handler;

    Host() {
        ClassInfo info;
        GetPluginFactory()->get_class_info(0, &info);
        void* object = nullptr;
        GetPluginFactory()->create_instance(reinterpret_cast<IdBytes>(info.id),
                                            as_bytes(Component::id), &object);
        component = static_cast<Component*>(object);
        component->query_interface(as_bytes(AudioProcessor::id), &object);
        processor = static_cast<AudioProcessor*>(object);
        component->query_interface(as_bytes(EditController::id), &object);
        controller = static_cast<EditController*>(object);
        component->initialize(nullptr);
        controller->set_component_handler(&handler);
    }
    ~Host() {
        component->terminate();
        controller->release();
        processor->release();
        component->release();
    }
    static IdBytes as_bytes(const Id& id) { return reinterpret_cast<IdBytes>(id.bytes.data()); }

    Result set_model(double model_hz, bool says_no_at_the_end = false) {
        const auto image = random_model_image(3, model_hz);
        neural_amp::EffectState state;
        state.image = image;
        Bytes stream;
        stream.bytes = write_effect_state(state);
        stream.says_no_at_the_end = says_no_at_the_end;
        handler.restarted = 0;
        return component->set_state(&stream);
    }
    void start() {
        Speakers stereo = 3;
        processor->set_bus_arrangements(&stereo, 1, &stereo, 1);
        ProcessSetup setup{0, sample_float, 64, 48000.0};
        processor->setup_processing(setup);
        component->set_active(1);
    }
};

void a_state_is_read_from_a_stream_that_says_no_at_its_end() {
    Host host;
    CHECK(host.set_model(48000.0, true) == ok, "as some hosts do");
}

void what_cannot_be_played_is_silence() {
    Host host;
    host.set_model(48000.0);
    host.start();
    std::vector<float> audio[4];
    for (auto& row : audio) row.resize(64);
    float *in[] = {audio[0].data(), audio[1].data()}, *out[] = {audio[2].data(), audio[3].data()};
    struct {
        const char* what;
        int num_inputs, num_channels;
        Result result;
        bool is_silent;
    } cases[] = {
        {"stereo", 1, 2, ok, false},
        {"input off", 1, 0, ok, true},
        {"no input", 0, 0, ok, true},
        {"mono to stereo", 1, 1, invalid_argument, true},
    };
    for (const auto& c : cases) {
        for (auto& row : audio) std::fill(row.begin(), row.end(), 77.0f);
        AudioBus input{c.num_channels, 0, {c.num_channels > 0 ? in : nullptr}}, output{2, 1, {out}};
        ProcessData data{0,       sample_float, 64,      c.num_inputs, 1,       &input,
                         &output, nullptr,      nullptr, nullptr,      nullptr, nullptr};
        CHECK(host.processor->process(data) == c.result, "%s", c.what);
        for (const float sample : {audio[2][0], audio[3][63]})
            CHECK((sample == 0.0f) == c.is_silent && sample != 77.0f, "%s: %g", c.what, sample);
        CHECK(((output.silence_flags & 3) == 3) == c.is_silent, "%s: flags", c.what);
    }
}

void latency_is_news_only_if_it_is_new() {
    Host host;
    host.set_model(48000.0);
    host.start();
    host.set_model(48000.0);
    CHECK(host.handler.restarted == parameter_values_changed, "%d", host.handler.restarted);
    host.set_model(44100.0);
    CHECK(host.handler.restarted == (parameter_values_changed | latency_changed), "another rate");
    CHECK(host.processor->get_latency_frames() > 0, "at another rate");
}

void the_tail_is_what_the_network_remembers() {
    Host host;
    CHECK(host.processor->get_tail_frames() == 0, "without a model");
    host.set_model(48000.0);
    host.start();
    CHECK(host.processor->get_tail_frames() == 6346, "%u", host.processor->get_tail_frames());
}

void a_gain_that_is_not_a_number_is_the_default() {
    Host host;
    String128 text = {};
    CHECK(host.controller->get_text_of_value(0, std::nan(""), text) == ok, "NaN");
    CHECK(std::u16string(text) == u"0.0", "its text");
    CHECK(host.controller->plain_of_normalised(0, std::nan("")) == 0.0, "its value");
    host.controller->set_parameter(0, 1.0);
    host.controller->set_parameter(0, std::nan(""));
    CHECK(host.controller->get_parameter(0) == 0.5, "%g", host.controller->get_parameter(0));
}

void it_has_a_version() {
    ClassInfo2 info;
    static_cast<Factory3*>(GetPluginFactory())->get_class_info_2(0, &info);
    CHECK(std::string(info.version).find('.') != std::string::npos, "%s", info.version);
}

}  // namespace host

int main() {
    host::a_state_is_read_from_a_stream_that_says_no_at_its_end();
    host::what_cannot_be_played_is_silence();
    host::latency_is_news_only_if_it_is_new();
    host::the_tail_is_what_the_network_remembers();
    host::a_gain_that_is_not_a_number_is_the_default();
    host::it_has_a_version();
    return failures;
}
