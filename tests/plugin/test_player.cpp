// SPDX-License-Identifier: MIT
// A player goes over to another sound without a click, and without touching the heap.
#include <atomic>
#include <cmath>
#include <cstdlib>
#include <new>
#include <numbers>
#include <thread>
#include <vector>

#include "check.h"
#include "model_image.h"
#include "player.h"

static long allocations, frees;

void* operator new(std::size_t size) {
    ++allocations;
    if (void* p = std::malloc(size)) return p;
    throw std::bad_alloc();
}
void operator delete(void* p) noexcept {
    ++frees;
    std::free(p);
}
void operator delete(void* p, std::size_t) noexcept {
    ++frees;
    std::free(p);
}

using namespace neural_amp;
using namespace neural_amp::plugin;

namespace {

constexpr std::size_t frames = 16000;
constexpr std::size_t fade_frames = 240;

std::vector<float> signal() {
    std::vector<float> audio(frames);
    for (std::size_t f = 0; f < frames; ++f) audio[f] = 0.5f * float(std::sin(0.003 * double(f)));
    return audio;
}

Sound amp(const Model& model, double rate_hz = 48000.0, double size = 1.0) {
    Settings settings;
    settings.voicing.size = size;
    return {Sound::amp, std::make_unique<Stream>(model, rate_hz, 1, settings)};
}

void play(Player& player, std::vector<float>& audio, std::size_t begin, std::size_t end,
          std::size_t block, double input_gain_db = 0.0, double output_gain_db = 0.0) {
    for (std::size_t f = begin; f < end; f += block) {
        float* row = audio.data() + f;
        player.process(&row, &row, std::min(block, end - f), input_gain_db, output_gain_db);
    }
}

std::vector<float> played_alone(Sound sound, double rate_hz = 48000.0) {
    auto audio = signal();
    Player player(std::move(sound), rate_hz, 1);
    play(player, audio, 0, frames, frames);
    return audio;
}

void becomes_what_it_would_have_been(const Model& a, const Model& b, double rate_hz) {
    const auto before = played_alone(amp(a, rate_hz), rate_hz);
    const auto after = played_alone(amp(b, rate_hz), rate_hz);
    const std::size_t fade = std::size_t(0.005 * rate_hz);
    const struct {
        std::size_t heard, at, block;
    } changes[] = {{0, 1, 1},          {0, 100, 64},      {0, 6000, 1},        {1, 12000, 5000},
                   {11990, 12000, 64}, {2000, 12000, 64}, {15000, 15000, 1000}};
    for (const auto [heard, at, block] : changes) {
        auto audio = signal();
        Player player(amp(a, rate_hz), rate_hz, 1);
        play(player, audio, 0, heard, 1000);
        Sound next = amp(b, rate_hz);
        if (heard > 0) next.hear(*player.past());
        play(player, audio, heard, at, 1000);
        player.change(std::move(next));
        play(player, audio, at, at + 500, block);
        play(player, audio, at + 500, frames, 1000);
        bool same = true;
        for (std::size_t f = 0; f < at; ++f) same &= audio[f] == before[f];
        for (std::size_t f = at + fade; f < frames; ++f) same &= audio[f] == after[f];
        CHECK(same, "changed at %zu in blocks of %zu, %g Hz", at, block, rate_hz);
        bool equal_power = true;
        for (std::size_t f = 0; f < fade; ++f) {
            const double angle = std::numbers::pi / 2 * double(f + 1) / double(fade + 1);
            const double expected =
                std::cos(angle) * before[at + f] + std::sin(angle) * after[at + f];
            equal_power &= std::fabs(audio[at + f] - expected) < 1e-6;
        }
        CHECK(equal_power, "fade at %zu in blocks of %zu, %g Hz", at, block, rate_hz);
    }
}

/// The audio is faster than what hears it here, so that frames go while they are heard.
void a_sound_hears_on_another_thread(const Model& model) {
    const auto expected = played_alone(amp(model));
    Player player(Sound{}, 48000.0, 1);
    Sound next = amp(model);
    std::atomic<bool> stop = false;
    std::thread other([&, past = player.past()] {
        while (!stop) next.hear(*past);
    });
    std::vector<float> audio;
    for (int i = 0; i < 30; ++i) {
        audio = signal();
        play(player, audio, 0, i < 29 ? frames : 10000, 64);
    }
    stop = true;
    other.join();
    player.change(std::move(next));
    play(player, audio, 10000, frames, 64);
    bool same = true;
    for (std::size_t f = 10000 + fade_frames; f < frames; ++f) same &= audio[f] == expected[f];
    CHECK(same, "as if it had played all the time");
}

/// What has gone from the past is heard anew, from what is still there.
void a_sound_that_heard_too_long_ago_starts_again(const Model& a, const Model& b) {
    const auto after = played_alone(amp(b));
    auto audio = signal();
    Player player(amp(a), 48000.0, 1);
    play(player, audio, 0, 5000, 1000);
    Sound next = amp(b);
    next.hear(*player.past());
    for (int times = 0; times < 5; ++times) {  // more than a second
        audio = signal();
        play(player, audio, 0, times < 4 ? frames : 10000, 1000);
    }
    player.change(std::move(next));
    play(player, audio, 10000, frames, 1000);
    bool same = true;
    for (std::size_t f = 10000 + fade_frames; f < frames; ++f) same &= audio[f] == after[f];
    CHECK(same, "after five times the signal");
}

/// What it heard of one signal is not the past of the next, which begins on the same frame.
void a_sound_that_heard_another_signal_starts_again(const Model& a, const Model& b) {
    const auto after = played_alone(amp(b));
    auto audio = signal();
    Player player(amp(a), 48000.0, 1);
    play(player, audio, 0, 6000, 1000);
    Sound next = amp(b);
    next.hear(*player.past());
    player.reset();
    audio = signal();
    play(player, audio, 0, 64, 64);
    player.change(std::move(next));
    play(player, audio, 64, frames, 1000);
    bool same = true;
    for (std::size_t f = 64 + fade_frames; f < frames; ++f) same &= audio[f] == after[f];
    CHECK(same, "after a reset");
}

/// One that has heard nothing yet hears all of the past with the gains of the parameters.
void gains_do_not_begin_with_the_fade(const Model& a, const Model& b) {
    auto expected = signal(), audio = signal();
    Player alone(amp(b), 48000.0, 1), player(amp(a), 48000.0, 1);
    play(alone, expected, 0, frames, 1000, 6.0, -20.0);
    play(player, audio, 0, 10000, 1000, 6.0, -20.0);
    player.change(amp(b));
    play(player, audio, 10000, frames, 1000, 6.0, -20.0);
    bool same = true;
    for (std::size_t f = 10000 + fade_frames; f < frames; ++f) same &= audio[f] == expected[f];
    CHECK(same, "other gains than the sound's own");
}

void the_past_tells_what_is_gone() {
    Past past(1, 100);
    std::vector<float> audio(250), read(100);
    for (std::size_t f = 0; f < audio.size(); ++f) audio[f] = float(f);
    const float* in = audio.data();
    float* out = read.data();
    past.record(&in, 70);
    in += 70;
    past.record(&in, 60);
    CHECK(past.begin() == 30 && past.end() == 130, "the last 100");
    CHECK(past.read(30, &out, 100) && read.front() == 30.0f && read.back() == 129.0f, "round");
    CHECK(!past.read(29, &out, 10), "one frame is gone");
    past.begin_signal();
    CHECK(past.begin() == 130 && past.signal_begin() == 130, "a new signal");
    in += 60;
    past.record(&in, 120);
    CHECK(past.read(150, &out, 100) && read.front() == 150.0f && read.back() == 249.0f, "a long");
}

void the_same_network_does_not_swell(const Model& model) {
    const auto expected = played_alone(amp(model));
    auto audio = signal();
    Player player(amp(model), 48000.0, 1);
    play(player, audio, 0, 6000, 64);
    player.change(amp(model, 48000.0, 0.25));
    play(player, audio, 6000, frames, 64);
    float error = 0.0f;
    for (std::size_t f = 0; f < frames; ++f)
        error = std::fmax(error, std::fabs(audio[f] - expected[f]));
    CHECK(error < 1e-6f, "by %g", error);
}

void dry_and_silence_fade_too() {
    auto audio = signal();
    const auto dry = audio;
    Player player(Sound{}, 48000.0, 1);
    play(player, audio, 0, 5000, 64);
    player.change({Sound::silence, nullptr});
    play(player, audio, 5000, 10000, 64);
    player.change(Sound{});
    play(player, audio, 10000, frames, 64);
    float step = 0.0f;
    for (std::size_t f = 1; f < frames; ++f)
        step = std::fmax(step, std::fabs(audio[f] - audio[f - 1]));
    CHECK(step < 0.005f, "a step of %g", step);
    CHECK(audio[4999] == dry[4999] && audio[9000] == 0.0f && audio[15000] == dry[15000], "kinds");
}

void changes_faster_than_they_fade(const Model& a, const Model& b) {
    auto audio = signal();
    Player player(amp(a), 48000.0, 1);
    for (std::size_t f = 0; f < 3000; f += 50) {
        player.change(amp(f / 50 % 2 ? a : b));
        play(player, audio, f, f + 50, 50);
    }
    player.change(amp(b));
    play(player, audio, 3000, frames, 64);
    const auto after = played_alone(amp(b));
    bool same = true;
    for (std::size_t f = 3000 + 2 * fade_frames; f < frames; ++f) same &= audio[f] == after[f];
    CHECK(same, "after many changes");
}

void nothing_on_the_audio_thread_touches_the_heap(const Model& a, const Model& b) {
    auto audio = signal();
    std::vector<Sound> sounds;
    for (int i = 0; i < 6; ++i) sounds.push_back(amp(i % 2 ? a : b));
    Player player(amp(a), 48000.0, 1);
    const long before = allocations + frees;
    for (int i = 0; i < 6; ++i) {
        play(player, audio, 0, 3000, 700);
        sounds[i] = player.change(std::move(sounds[i]));
    }
    player.reset();
    play(player, audio, 0, 3000, 700);
    CHECK(allocations + frees == before, "%ld times", allocations + frees - before);
}

}  // namespace

int main() {
    const Model a(random_model_image(3)), b(random_model_image(8));
    for (const double rate_hz : {48000.0, 44100.0, 47999.999})
        becomes_what_it_would_have_been(a, b, rate_hz);
    a_sound_hears_on_another_thread(b);
    a_sound_that_heard_too_long_ago_starts_again(a, b);
    a_sound_that_heard_another_signal_starts_again(a, b);
    gains_do_not_begin_with_the_fade(a, b);
    the_past_tells_what_is_gone();
    the_same_network_does_not_swell(a);
    dry_and_silence_fade_too();
    changes_faster_than_they_fade(a, b);
    nothing_on_the_audio_thread_touches_the_heap(a, b);
    return failures;
}
