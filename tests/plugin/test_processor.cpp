// SPDX-License-Identifier: MIT
// States are set, read and refused on one thread while audio runs on another; nothing for the
// thread sanitizer to see, and the audio goes on.
#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cmath>
#include <ctime>
#include <thread>
#include <vector>

#include "check.h"
#include "model_image.h"
#include "processor.h"

using namespace neural_amp;
using namespace neural_amp::plugin;

namespace {

std::vector<std::byte> state_of(const std::vector<std::byte>& image, double size = 1.0) {
    EffectState state;
    state.voicing.size = size;
    state.image = image;
    return write_effect_state(state);
}

bool is_refused(Processor& processor, const std::vector<std::byte>& state) {
    try {
        processor.set_state(state);
        return false;
    } catch (const std::exception&) {
        return true;
    }
}

std::vector<float> play(Processor& processor) {
    std::vector<float> audio(3000, 0.1f);
    float* rows[] = {audio.data(), audio.data() + 1500};
    CHECK(processor.process(rows, rows, 2, 1500), "two channels");
    return audio;
}

void changes_while_it_plays() {
    const auto lite = state_of(random_model_image(3)), full = state_of(random_model_image(8));
    Processor processor;
    processor.set_state(lite);
    processor.set_active(true);
    std::atomic<bool> stop = false;
    std::thread audio([&] {
        while (!stop)
            for (const float sample : play(processor)) CHECK(std::isfinite(sample), "%g", sample);
    });
    for (int i = 0; i < 30; ++i) {
        processor.set_state(i % 2 ? lite : full);
        processor.set_parameter(input_gain, 0.4 + 0.001 * i);
        CHECK(is_refused(processor, std::vector<std::byte>(lite.begin(), lite.end() - 1)), "short");
        CHECK(processor.latency_frames() == 0, "at the model's rate");
        processor.state();
        processor.set_active(true);  // as hosts do in the midst of a stream
    }
    stop = true;
    audio.join();
}

void a_refused_state_changes_nothing() {
    const auto state = state_of(random_model_image(3));
    Processor processor;
    processor.set_state(state);
    processor.set_active(true);
    const auto expected = play(processor);
    for (std::size_t i = 0; i < 200; ++i) {
        auto damaged = state;
        damaged[i] ^= std::byte(0x40);
        CHECK(is_refused(processor, damaged), "byte %zu", i);
    }
    CHECK(is_refused(processor, state_of({}, 2.0)) == false, "no model, so no size to check");
    processor.set_state(state);
    processor.set_active(false);
    processor.set_active(true);
    CHECK(play(processor) == expected, "after 200 bad states");
}

void a_state_reads_as_written() {
    const auto state = state_of(random_model_image(3), 0.25);
    Processor processor;
    processor.set_state(state);
    CHECK(processor.state() == state, "written and read");
    CHECK(is_refused(processor, {}), "empty");
    const auto with_reason = processor.state();
    CHECK(with_reason.size() > state.size(), "the reason is in it");
    processor.set_state(with_reason);
    CHECK(processor.state() == state, "and gone");
}

/// Without a model, gains are not heard, and with one they are: the loud ones of the one state must
/// not meet the other's model.
void gains_of_a_state_come_with_its_sound() {
    const auto image = random_model_image(3);
    EffectState quiet, dry;
    quiet.image = image;
    quiet.normalised[output_gain] = effect_parameters[output_gain].normalised(-40.0);
    dry.normalised[output_gain] = effect_parameters[output_gain].normalised(40.0);
    const auto quiet_bytes = write_effect_state(quiet), dry_bytes = write_effect_state(dry);
    Processor processor;
    processor.set_state(dry_bytes);
    processor.set_active(true);
    std::atomic<bool> stop = false;
    std::thread audio([&] {
        while (!stop)
            for (const float sample : play(processor)) CHECK(std::fabs(sample) < 1, "%g", sample);
    });
    for (int i = 0; i < 200; ++i) {
        processor.set_state(i % 2 ? dry_bytes : quiet_bytes);
        if (i % 10 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    stop = true;
    audio.join();
}

/// Processor time of the first 32 frames after a change, the middle one of five.
template <class Change>
std::clock_t time_of_a_block_after(Change&& change) {
    const auto image = random_model_image(3);
    const auto state = state_of(image), other = state_of(image, 0.25);
    Processor processor;
    processor.set_state(state);
    processor.set_active(true);
    std::array<std::clock_t, 5> times;
    for (std::size_t i = 0; i < times.size(); ++i) {
        for (int block = 0; block < 5; ++block) play(processor);  // more than an amp looks back
        change(processor, i % 2 ? state : other);
        std::vector<float> audio(2 * 32, 0.1f);
        float* rows[] = {audio.data(), audio.data() + 32};
        const std::clock_t begin = std::clock();
        processor.process(rows, rows, 2, 32);
        times[i] = std::clock() - begin;
    }
    std::nth_element(times.begin(), times.begin() + times.size() / 2, times.end());
    return times[times.size() / 2];
}

/// Whoever changes the sound lets it hear the past, so that no block has to wait for that; but the
/// audio thread does it itself where it makes the change, and shows what it would have cost.
void a_new_sound_hears_the_past_on_the_thread_that_sets_it() {
    const auto on_another = time_of_a_block_after([](Processor& processor, const auto& state) {
        std::thread([&] {
            processor.set_state(state);
        }).join();
    });
    const auto on_the_same = time_of_a_block_after([](Processor& processor, const auto& state) {
        processor.set_state(state);
    });
    CHECK(4 * on_another < on_the_same, "%ld and %ld ticks", long(on_another), long(on_the_same));
}

void a_refusal_is_told_once() {
    Processor processor;
    const auto before = processor.state();
    CHECK(is_refused(processor, {}), "empty");
    CHECK(processor.state().size() > before.size(), "why");
    CHECK(processor.state() == before, "and once");
}

}  // namespace

int main() {
    gains_of_a_state_come_with_its_sound();
    a_new_sound_hears_the_past_on_the_thread_that_sets_it();
    a_refusal_is_told_once();
    a_state_reads_as_written();
    a_refused_state_changes_nothing();
    changes_while_it_plays();
    return failures;
}
