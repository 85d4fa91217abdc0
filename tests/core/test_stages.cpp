// SPDX-License-Identifier: MIT
// What holds for every stage, and for a stream as a whole: blocks, resets, poison, other starts,
// saved states and threads change no bit.
#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <thread>
#include <vector>

#include "a2/room.h"
#include "check.h"
#include "delay.h"
#include "latch.h"
#include "linear/room.h"
#include "model_image.h"
#include "rates.h"
#include "stages/from_model_rate_stage.h"
#include "stages/gain_stage.h"
#include "stages/network_stage.h"
#include "stages/to_model_rate_stage.h"

namespace neural_amp {

/// In place of the library's.
std::span<const Room* const> rooms() {
    static constexpr const Room* all[] = {&a2::room, &delay::room, &linear::room};
    return all;
}

}  // namespace neural_amp

using namespace neural_amp;

namespace {

using Signal = std::function<float(std::int64_t frame)>;
using Audio = std::vector<float>;
using Bytes = std::vector<std::byte>;

constexpr std::int64_t end_frame = 9000;
constexpr float inf = std::numeric_limits<float>::infinity();
constexpr float nan = std::numeric_limits<float>::quiet_NaN();

/// The same for a frame's number whatever was asked before.
float noise(std::int64_t frame) {
    std::uint64_t bits = std::uint64_t(frame + 1'000'000) * 0x9E3779B97F4A7C15ull;
    bits = (bits ^ (bits >> 29)) * 0xBF58476D1CE4E5B9ull;
    return float(std::int64_t(bits >> 40) - (1 << 23)) / float(1 << 23);
}

/// A whole stream looks like a stage.
class StreamStage final : public Stage {
public:
    StreamStage(const Model& model, double host_hz) : stream_(model, host_hz, 1, settings()) {}

    int process(const float* in, float* out, int frames, int) noexcept override {
        stream_.process(&in, &out, frames);
        return frames;
    }
    void reset(std::int64_t first_frame, float) noexcept override { stream_.reset(first_frame); }
    float silence(float) const noexcept override { return stream_.silence(); }
    Memory memory(Memory) const noexcept override { return stream_.memory(); }
    int latency_frames() const noexcept override { return stream_.latency_frames(); }
    std::size_t state_bytes() const noexcept override { return stream_.state_bytes(); }
    void save(std::byte* state) const noexcept override { stream_.save(state); }
    void restore(const std::byte* state) noexcept override { stream_.restore(state); }

private:
    static Settings settings() {
        Settings settings;
        settings.input_gain_db = -3.0;
        settings.output_gain_db = 2.0;
        return settings;
    }

    Stream stream_;
};

struct Case {
    std::string name;
    std::function<std::unique_ptr<Stage>()> make;
    std::function<std::int64_t(std::int64_t)> input_frame = [](std::int64_t host_frame) {
        return host_frame;
    };
    /// Host frames ahead of what comes out that what comes in counts for it.
    std::function<std::int64_t(const Stage&)> reach = [](const Stage& stage) {
        return *stage.memory({0, 0}).lookback_frames;
    };
};

/// What comes out for host frames [begin, end), in blocks of these lengths over and over.
Audio run(const Case& c, Stage& stage, std::int64_t begin, std::int64_t end,
          const std::vector<int>& blocks = {1000}, const Signal& signal = noise) {
    Audio output, in, out;
    for (std::size_t b = 0; begin < end; ++b) {
        const auto n = std::min<std::int64_t>(blocks[b % blocks.size()], end - begin);
        in.clear();
        for (auto f = c.input_frame(begin); f < c.input_frame(begin + n); ++f)
            in.push_back(signal(f));
        out.resize(std::size_t(n) * 6 + 6);  // the rates are up to 6 apart
        const int made = stage.process(in.data(), out.data(), int(in.size()), int(n));
        output.insert(output.end(), out.begin(), out.begin() + made);
        begin += n;
    }
    return output;
}

Bytes saved(const Stage& stage) {
    Bytes bytes(stage.state_bytes());
    stage.save(bytes.data());
    return bytes;
}

/// Bits, of NaN too.
bool same(const Audio& a, const Audio& b) {
    return a.size() == b.size() && std::memcmp(a.data(), b.data(), a.size() * sizeof(float)) == 0;
}

void test_blocks(const Case& c) {
    const auto whole = c.make();
    const Audio expected = run(c, *whole, 0, end_frame, {int(end_frame)});
    for (const auto& blocks :
         std::vector<std::vector<int>>{{1, 500}, {7, 16, 1, 300}, {128, 129, 2}, {999}}) {
        const auto stage = c.make();
        CHECK(same(run(c, *stage, 0, end_frame, blocks), expected), "%s, blocks of %d, ...",
              c.name.c_str(), blocks[0]);
        CHECK(saved(*stage) == saved(*whole), "%s, blocks of %d, ...", c.name.c_str(), blocks[0]);
    }
}

void test_reset(const Case& c) {
    const auto fresh = c.make();
    fresh->reset(0, 0.0f);
    const Bytes silent = saved(*fresh);
    const Audio expected = run(c, *fresh, 0, end_frame);
    for (const float poison : {nan, inf}) {
        const auto stage = c.make();
        run(c, *stage, 0, 2500, {501}, [&](std::int64_t f) {
            return f % 100 ? noise(f) : poison;
        });
        stage->reset(0, 0.0f);
        CHECK(saved(*stage) == silent, "%s after %g", c.name.c_str(), poison);
        CHECK(same(run(c, *stage, 0, end_frame), expected), "%s after %g", c.name.c_str(), poison);
        CHECK(saved(*stage) == saved(*fresh), "%s after %g", c.name.c_str(), poison);
    }
}

void test_start(const Case& c) {
    const auto from_0 = c.make();
    from_0->reset(0, 0.0f);
    const Audio expected = run(c, *from_0, 0, end_frame);
    if (!from_0->memory({0, 0}).lookback_frames) return;
    for (const std::int64_t start : {1, 77, 1234}) {
        const auto stage = c.make();
        run(c, *stage, 0, 500);
        stage->reset(start, 0.0f);
        const std::int64_t right = start + c.reach(*stage);
        CHECK(right < end_frame, "%s: this tests nothing", c.name.c_str());
        run(c, *stage, start, right, {100});
        const Audio found = run(c, *stage, right, end_frame);
        CHECK(same(found, {expected.end() - std::ptrdiff_t(found.size()), expected.end()}),
              "%s from %d on", c.name.c_str(), int(start));
        CHECK(saved(*stage) == saved(*from_0), "%s from %d on", c.name.c_str(), int(start));
    }
}

void test_restore(const Case& c) {
    for (const std::int64_t cut : {0, 77, 6001}) {
        const auto first = c.make();
        run(c, *first, 0, cut, {333});
        const Bytes state = saved(*first);
        const Audio expected = run(c, *first, cut, end_frame);
        const auto second = c.make();
        run(c, *second, 0, 1001, {64}, [](std::int64_t f) {
            return f % 9 ? -noise(f) : nan;
        });
        second->restore(state.data());
        CHECK(saved(*second) == state, "%s at %d", c.name.c_str(), int(cut));
        CHECK(same(run(c, *second, cut, end_frame, {77}), expected), "%s at %d", c.name.c_str(),
              int(cut));
        CHECK(saved(*second) == saved(*first), "%s at %d", c.name.c_str(), int(cut));
    }
}

/// Of the right length and else of no sense: for the sanitizers to see.
void test_wrong_state(const Case& c) {
    const auto stage = c.make();
    for (const int byte : {0x00, 0x7F, 0x80, 0xFF}) {
        const Bytes state(stage->state_bytes(), std::byte(byte));
        stage->restore(state.data());
        run(c, *stage, 0, 2000, {17});
    }
}

void test_silence(const Case& c) {
    const auto stage = c.make();
    stage->reset(0, 0.0f);
    const float expected = stage->silence(0.0f);
    for (const float value : run(c, *stage, 0, 2000, {100}, [](std::int64_t) {
             return 0.0f;
         }))
        if (!(std::abs(value - expected) <= 1e-6f * std::abs(expected))) {  // a filter's rounding
            CHECK(false, "%s: %g in silence, expected %g", c.name.c_str(), value, expected);
            return;
        }
}

void test_threads(const Case& c) {
    const auto alone = c.make();
    const Audio expected = run(c, *alone, 0, end_frame);
    Audio found[2];
    std::vector<std::thread> threads;
    for (Audio& audio : found)
        threads.emplace_back([&] {
            const auto stage = c.make();
            audio = run(c, *stage, 0, end_frame);
        });
    for (auto& thread : threads) thread.join();
    for (const Audio& audio : found) CHECK(same(audio, expected), "%s", c.name.c_str());
}

/// A gain that has arrived remembers nothing of where it came from.
void test_arrived_gain() {
    GainStage moved(3.0), still(-12.0);
    moved.move_to(-12.0, 240);
    Audio audio(240, 0.5f);
    moved.process(audio.data(), audio.data(), 240, 240);
    CHECK(saved(moved) == saved(still), "a gain that has arrived");
}

/// A stream gives what one gives who converts the rates himself.
void test_rates_by_hand() {
    const Model cabinet(random_linear_image(1000));
    for (const double host_hz : {44100.0, 96000.0, 37123.0}) {
        Stream whole(cabinet, host_hz, 1, {}), at_model_rate(cabinet, 48000.0, 1, {});
        whole.reset(0);
        ToModelRate to_model(host_hz, 48000.0);
        FromModelRate from_model(host_hz, 48000.0, at_model_rate.silence());
        Audio in(end_frame), expected(end_frame), found(end_frame);
        for (int f = 0; f < end_frame; ++f) in[f] = noise(f);
        Audio model_rate(to_model.model_frames(end_frame));
        const float* from = in.data();
        float* to = expected.data();
        whole.process(&from, &to, end_frame);
        to_model.process(in.data(), model_rate.data(), end_frame);
        from = to = model_rate.data();
        at_model_rate.process(&from, &to, model_rate.size());
        from_model.process(model_rate.data(), found.data(), end_frame);
        CHECK(same(found, expected), "%g Hz", host_hz);
    }
}

Model delay_model() {
    ImageWriter image(2);
    image.put(1.0);
    image.put(ImageWriter::unknown);
    image.put_record(delay::room.tag, {}, {});
    return Model(image.finish());
}

std::string at(double host_hz) { return " at " + std::to_string(int(host_hz)) + " Hz"; }

std::vector<Case> cases() {
    std::vector<Case> cases;
    const auto add_stream = [&](const std::string& name, const Model& model, double host_hz) {
        cases.push_back({name + at(host_hz), [=] {
                             return std::make_unique<StreamStage>(model, host_hz);
                         }});
    };
    cases.push_back({"gain on its way", [] {
                         auto gain = std::make_unique<GainStage>(3.0);
                         gain->move_to(-12.0, 240);
                         return gain;
                     }});
    const auto latch_weights = std::make_shared<const latch::LatchWeights>(0.5f);
    cases.push_back({"latch", [=] {
                         return std::make_unique<NetworkStage>(latch_weights, 48000.0, 48000.0);
                     }});
    for (const double host_hz : {48000.0, 44100.0, 96000.0, 37123.0, 8000.0}) {
        const auto rates = std::make_shared<const Rates>(host_hz, 48000.0);
        // A frame of the model is made when the last that counts for it comes: a latency after its
        // own place.
        cases.push_back({"to the model's rate" + at(host_hz),
                         [=] {
                             return std::make_unique<ToModelRateStage>(host_hz, 48000.0);
                         },
                         [](std::int64_t frame) {
                             return frame;
                         },
                         [](const Stage& stage) {
                             return *stage.memory({0, 0}).lookback_frames + stage.latency_frames();
                         }});
        cases.push_back({"from the model's rate" + at(host_hz),
                         [=] {
                             return std::make_unique<FromModelRateStage>(host_hz, 48000.0, 0.0f);
                         },
                         [=](std::int64_t frame) {
                             return rates->first_model_frame(frame);
                         },
                         [=](const Stage& stage) {
                             const auto frames = *stage.memory({0, 0}).lookback_frames;
                             return std::int64_t(std::ceil(frames * rates->host_per_model)) -
                                    rates->latency_to_model_frames();
                         }});
    }
    const Model delayed = delay_model();
    for (const double host_hz : {48000.0, 44100.0, 96000.0}) add_stream("delay", delayed, host_hz);
    // Its rounding depends on where in the signal, at the model's rate, a frame is.
    const Model cabinet(random_linear_image(1000));
    for (const double host_hz : {48000.0, 44100.0, 96000.0, 37123.0, 8000.0})
        add_stream("cabinet stream", cabinet, host_hz);
    const Model lite(random_model_image(3)), full(random_model_image(8));
    add_stream("lite stream", lite, 48000.0);
    add_stream("full stream", full, 48000.0);
    add_stream("lite stream", lite, 44100.0);
    add_stream("lite stream", lite, 50001.0);
    add_stream("lite stream", lite, 8000.0);
    add_stream("lite stream of 8 kHz", Model(random_model_image(3, 8000.0)), 8100.0);
    return cases;
}

}  // namespace

int main() {
    for (const Case& c : cases()) {
        test_blocks(c);
        test_reset(c);
        test_start(c);
        test_restore(c);
        test_wrong_state(c);
        test_silence(c);
        test_threads(c);
    }
    test_arrived_gain();
    test_rates_by_hand();
    return failures != 0;
}
