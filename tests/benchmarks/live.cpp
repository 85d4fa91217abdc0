// SPDX-License-Identifier: MIT
// The effect called as a host's audio callback calls it, on a thread that has a core to itself and,
// where that is permitted, real-time priority: the time that each block takes, and whether it ever
// went to the heap or waited for a lock. Fails if it did.
//
//     live NeuralAmp.so [seconds of audio for each block size, 600 if not given]
#include <dlfcn.h>
#include <pthread.h>
#include <sched.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <neural_amp/effect_state.h>

#include "count_allocations.h"
#include "model_image.h"
#include "vst3_abi.h"

static thread_local long locks;

#ifndef SANITIZER
extern "C" int pthread_mutex_lock(pthread_mutex_t* mutex) noexcept {
    using Lock = int (*)(pthread_mutex_t*);
    static std::atomic<Lock> original;
    if (!original) original = reinterpret_cast<Lock>(dlsym(RTLD_NEXT, "pthread_mutex_lock"));
    ++locks;
    return original.load()(mutex);
}
#endif

namespace {

using namespace neural_amp;

constexpr double rate_hz = 48000.0;

/// A host's objects live as long as it wants.
template <class Interface>
struct Owned : Interface {
    vst3::Result query_interface(vst3::IdBytes, void** object) override {
        *object = nullptr;
        return vst3::no_interface;
    }
    std::uint32_t add_ref() override { return 1; }
    std::uint32_t release() override { return 1; }
};

struct StateReader final : Owned<vst3::ByteStream> {
    explicit StateReader(const std::vector<std::byte>& bytes_) : bytes(bytes_) {}
    vst3::Result read(void* buffer, std::int32_t wanted, std::int32_t* done) override {
        *done = std::int32_t(std::min(std::size_t(wanted), bytes.size() - position));
        std::copy_n(bytes.data() + position, *done, static_cast<std::byte*>(buffer));
        position += std::size_t(*done);
        return vst3::ok;
    }
    vst3::Result write(void*, std::int32_t, std::int32_t*) override { return vst3::no; }
    vst3::Result seek(std::int64_t, std::int32_t, std::int64_t*) override { return vst3::no; }
    vst3::Result tell(std::int64_t*) override { return vst3::no; }

    const std::vector<std::byte>& bytes;
    std::size_t position = 0;
};

/// The input gain at one point of every block.
struct Automation final : Owned<vst3::ParameterChanges>, Owned<vst3::ParameterQueue> {
    std::int32_t get_parameter_count() override { return 1; }
    vst3::ParameterQueue* get_parameter_data(std::int32_t) override { return this; }
    vst3::ParameterQueue* add_parameter_data(const vst3::ParameterId&, std::int32_t&) override {
        return nullptr;
    }
    vst3::ParameterId get_parameter_id() override { return input_gain; }
    std::int32_t get_point_count() override { return 1; }
    vst3::Result get_point(std::int32_t, std::int32_t& frame, double& value) override {
        frame = 0;
        value = normalised;
        return vst3::ok;
    }
    vst3::Result add_point(std::int32_t, double, std::int32_t&) override { return vst3::no; }

    double normalised = 0.5;
};

void must(bool done, const char* what) {
    if (!done) throw std::runtime_error(what);
}

template <class Interface>
Interface& interface_of(vst3::Unknown& object) {
    char id[16];
    Interface::id.copy_to(id);
    void* found = nullptr;
    must(object.query_interface(id, &found) == vst3::ok, "the effect lacks an interface");
    return *static_cast<Interface*>(found);
}

/// The effect from the library that hosts load, mono.
class Effect {
public:
    explicit Effect(const char* library) {
        void* const handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
        must(handle, "the library does not load");
        const auto get_factory =
            reinterpret_cast<vst3::Factory* (*)()>(dlsym(handle, "GetPluginFactory"));
        must(get_factory, "the library has no factory");
        vst3::ClassInfo info;
        char unknown[16];
        vst3::Unknown::id.copy_to(unknown);
        void* object = nullptr;
        must(get_factory()->get_class_info(0, &info) == vst3::ok &&
                 get_factory()->create_instance(reinterpret_cast<const char*>(info.id), unknown,
                                                &object) == vst3::ok,
             "the factory makes nothing");
        auto& unknown_object = *static_cast<vst3::Unknown*>(object);
        component_ = &interface_of<vst3::Component>(unknown_object);
        processor_ = &interface_of<vst3::AudioProcessor>(unknown_object);
        unknown_object.release();
    }
    ~Effect() {
        component_->set_active(0);
        processor_->release();
        component_->release();
    }
    Effect(const Effect&) = delete;
    Effect& operator=(const Effect&) = delete;

    void set_state(const std::vector<std::byte>& state) {
        StateReader reader(state);
        must(component_->set_state(&reader) == vst3::ok, "the state is refused");
    }

    void start(std::int32_t max_block_frames) {
        vst3::Speakers mono = 1 << 19;
        vst3::ProcessSetup setup{0, vst3::sample_float, max_block_frames, rate_hz};
        component_->set_active(0);
        must(processor_->set_bus_arrangements(&mono, 1, &mono, 1) == vst3::ok &&
                 processor_->setup_processing(setup) == vst3::ok &&
                 component_->set_active(1) == vst3::ok,
             "the effect does not start");
    }

    bool process(vst3::ProcessData& data) { return processor_->process(data) == vst3::ok; }

private:
    vst3::Component* component_;
    vst3::AudioProcessor* processor_;
};

std::vector<std::byte> state_of(const std::vector<std::byte>& image) {
    EffectState state;
    state.image = image;
    return write_effect_state(state);
}

/// What a host does for the thread that it calls back on. False if real-time priority is denied.
bool become_audio_thread(int core) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(core, &cores);
    sched_setaffinity(0, sizeof cores, &cores);
    const sched_param priority{50};
    return sched_setscheduler(0, SCHED_FIFO, &priority) == 0;
}

/// Leaves the last core of this process to audio, if there are more, and says which that is.
int core_for_audio() {
    cpu_set_t cores;
    sched_getaffinity(0, sizeof cores, &cores);
    int last = CPU_SETSIZE - 1;
    while (!CPU_ISSET(last, &cores)) --last;
    if (CPU_COUNT(&cores) > 1) CPU_CLR(last, &cores);
    sched_setaffinity(0, sizeof cores, &cores);
    return last;
}

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
    return std::chrono::duration<double>(Clock::now() - start).count();
}

struct Played {
    std::vector<double> seconds;       ///< of each block
    std::vector<double> loop_seconds;  ///< of a loop after each, see below
    long allocations = 0, locks = 0;
};

/// About as long as a block of so many frames, in registers alone: what it takes more at times,
/// the machine took.
void loop(int frames) {
    volatile double value = 1.0;  // or a compiler does it once, or not at all
    double x = value;
    for (int i = 0; i < 100 * frames; ++i) x = 0.999 * x + 0.001;
    value = x;
}

/// Calls the effect, and `rest(blocks so far)` after each call.
template <class Rest>
Played play(Effect& effect, int frames, std::size_t blocks, Rest&& rest) {
    std::vector<float> in(48000 + frames), out(frames);
    for (std::size_t f = 0; f < in.size(); ++f)
        in[f] = 0.3f * float(std::sin(0.02 * double(f)) * std::sin(0.00013 * double(f)));
    float *in_row = nullptr, *out_row = out.data();
    vst3::AudioBus in_bus{1, 0, {&in_row}}, out_bus{1, 0, {&out_row}};
    Automation automation;
    vst3::ProcessData data{};
    data.sample_size = vst3::sample_float;
    data.frames = frames;
    data.num_inputs = data.num_outputs = 1;
    data.inputs = &in_bus;
    data.outputs = &out_bus;
    data.input_parameters = &automation;

    Played played;
    played.seconds.reserve(blocks);
    played.loop_seconds.reserve(blocks);
    bool plays = true;
    for (std::size_t b = 0; b < blocks; ++b) {
        in_row = in.data() + b * std::size_t(frames) % 48000;
        automation.normalised = 0.5 + 0.1 * std::sin(0.001 * double(b));
        const long allocations_before = allocations, locks_before = locks;
        const auto start = Clock::now();
        plays &= effect.process(data);
        played.seconds.push_back(seconds_since(start));
        played.allocations += allocations - allocations_before;
        played.locks += locks - locks_before;
        const auto loop_start = Clock::now();
        loop(frames);
        played.loop_seconds.push_back(seconds_since(loop_start));
        rest(b + 1);
    }
    must(plays, "a block is refused");
    return played;
}

/// Says it, and whether the promises were kept.
bool report(const char* what, int frames, const Played& played) {
    std::printf("%-8s %4d frames, %6zu blocks: %ld allocations, %ld locks; of the deadline\n", what,
                frames, played.seconds.size(), played.allocations, played.locks);
    for (auto [name, seconds] : {std::pair("a block", played.seconds),
                                 std::pair("a loop beside it", played.loop_seconds)}) {
        std::sort(seconds.begin(), seconds.end());
        const auto percent = [&, &sorted = seconds](double part) {
            return 100 * sorted[std::size_t(part * double(sorted.size() - 1))] * rate_hz / frames;
        };
        std::printf("    %-16s median %5.1f %%, p99.9 %5.1f %%, worst %6.1f %%\n", name,
                    percent(0.5), percent(0.999), percent(1.0));
    }
    return played.allocations == 0 && played.locks == 0;
}

/// As fast as it goes, but for a rest now and then: a real-time thread that works for all of a
/// second is stopped by the kernel for 50 ms of it.
Played play_steadily(Effect& effect, int frames, double seconds) {
    const auto blocks = std::size_t(std::ceil(seconds * rate_hz / frames));
    auto rested = Clock::now();
    return play(effect, frames, blocks, [&](std::size_t) {
        if (Clock::now() - rested < std::chrono::milliseconds(50)) return;
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
        rested = Clock::now();
    });
}

/// In real time, as a host does.
Played play_live(Effect& effect, int frames, double seconds) {
    const auto blocks = std::size_t(std::ceil(seconds * rate_hz / frames));
    const auto start = Clock::now();
    return play(effect, frames, blocks, [&](std::size_t done) {
        std::this_thread::sleep_until(
            start + std::chrono::nanoseconds(std::int64_t(1e9 * double(done) * frames / rate_hz)));
    });
}

bool run(const char* library, double seconds) {
    const auto lite = state_of(random_model_image(3)), full = state_of(random_model_image(8));
    const long allocations_before = allocations, locks_before = locks;
    Effect effect(library);
    effect.set_state(full);
#ifndef SANITIZER
    must(allocations > allocations_before && locks > locks_before, "nothing is counted");
#else
    (void)allocations_before, (void)locks_before;
#endif

    const int core = core_for_audio();
    bool kept = true, is_real_time = true;
    for (const int frames : {32, 64, 128}) {
        effect.start(frames);
        std::thread([&] {
            is_real_time &= become_audio_thread(core);
            kept &= report("steady", frames, play_steadily(effect, frames, seconds));
        }).join();
    }
    for (const int frames : {32, 64, 128}) {
        std::atomic<bool> plays = true;
        std::thread audio([&] {
            become_audio_thread(core);
            kept &=
                report("changing", frames, play_live(effect, frames, std::max(0.5, seconds / 100)));
            plays = false;
        });
        for (int i = 0; plays; ++i) {
            effect.set_state(i % 2 ? full : lite);
            std::this_thread::sleep_for(std::chrono::milliseconds(10));
        }
        audio.join();
    }
    std::printf("on core %d, %s real-time priority\n", core, is_real_time ? "with" : "without");
    return kept;
}

}  // namespace

int main(int argc, char** argv) {
    try {
        must(argc == 2 || argc == 3, "usage: live NeuralAmp.so [seconds]");
        return run(argv[1], argc == 3 ? std::stod(argv[2]) : 600.0) ? 0 : 1;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "live: %s\n", error.what());
        return 2;
    }
}
