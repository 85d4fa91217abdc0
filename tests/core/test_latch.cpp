// SPDX-License-Identifier: MIT
// A network that remembers for ever, loaded from an image by this program's own list of rooms:
// parts that are guessed, compared and played again where the guess was wrong give the bits of one
// run.
#include <algorithm>
#include <cmath>
#include <vector>

#include "a2/room.h"
#include "check.h"
#include "latch.h"
#include "model_image.h"

namespace neural_amp {

/// In place of the library's.
std::span<const Room* const> rooms() {
    static constexpr const Room* all[] = {&a2::room, &latch::room};
    return all;
}

}  // namespace neural_amp

using namespace neural_amp;

namespace {

using Audio = std::vector<float>;
using Bytes = std::vector<std::byte>;

constexpr std::int64_t end_frame = 50'000;

std::vector<std::byte> latch_image() {
    ImageWriter image(2);
    image.put(1.0);
    image.put(ImageWriter::unknown);
    image.put_record(latch::room.tag, {}, {0.25f});
    return image.finish();
}

/// Stays below the threshold but for one moment.
Audio signal() {
    Audio audio(end_frame);
    for (std::int64_t f = 0; f < end_frame; ++f)
        audio[f] = (f > 21'000 && f < 21'200 ? 1.5f : 0.5f) * float(std::sin(0.03 * double(f)));
    return audio;
}

Audio play(Stream& stream, const Audio& dry, std::int64_t begin, std::int64_t end) {
    Audio wet(end - begin);
    const float* in = dry.data() + begin;
    float* out = wet.data();
    stream.process(&in, &out, wet.size());
    return wet;
}

Bytes saved(const Stream& stream) {
    Bytes bytes(stream.state_bytes());
    stream.save(bytes.data());
    return bytes;
}

struct Part {
    std::int64_t begin, end;
    Bytes guessed_begin, state_at_end;
    Audio wet;
};

/// Every part as one would play it alone; then, in order, those again whose beginning was wrong.
int parts_played_again(const Model& model, double rate_hz, const Audio& dry, int num_parts,
                       Audio& wet) {
    Stream stream(model, rate_hz, 1, {});
    const std::int64_t settle = stream.memory().settle_frames;
    std::vector<Part> parts;
    for (int p = 0; p < num_parts; ++p) {
        Part part{end_frame * p / num_parts, end_frame * (p + 1) / num_parts, {}, {}, {}};
        const std::int64_t early = std::max<std::int64_t>(0, part.begin - settle);
        stream.reset(early);
        play(stream, dry, early, part.begin);
        part.guessed_begin = saved(stream);
        part.wet = play(stream, dry, part.begin, part.end);
        part.state_at_end = saved(stream);
        parts.push_back(part);
    }
    int played_again = 0;
    for (int p = 0; p < num_parts; ++p) {
        if (p > 0 && parts[p].guessed_begin != parts[p - 1].state_at_end) {
            ++played_again;
            stream.restore(parts[p - 1].state_at_end.data());
            parts[p].wet = play(stream, dry, parts[p].begin, parts[p].end);
            parts[p].state_at_end = saved(stream);
        }
        wet.insert(wet.end(), parts[p].wet.begin(), parts[p].wet.end());
    }
    return played_again;
}

void test_parts(const Model& model, double rate_hz) {
    const Audio dry = signal();
    Stream stream(model, rate_hz, 1, {});
    const Audio expected = play(stream, dry, 0, end_frame);
    for (const int num_parts : {2, 5, 7, 16}) {
        Audio wet;
        const int again = parts_played_again(model, rate_hz, dry, num_parts, wet);
        CHECK(wet == expected, "%d parts at %g Hz", num_parts, rate_hz);
        CHECK(again > 0 && again < num_parts - (num_parts > 2),
              "%d of %d parts played again at %g Hz", again, num_parts, rate_hz);
    }
}

void test_memory(const Model& model) {
    const NetworkInfo& network = model.networks().at(0);
    CHECK(network.label == "latch" && network.width == 1 && network.weight_count == 1, "info");
    CHECK((network.cost == Cost{1, 0}), "cost");
    CHECK((network.memory == Memory{std::nullopt, latch::settle_frames}), "memory of the network");
    const Stream at_its_rate(model, 48000.0, 1, {}), converted(model, 44100.0, 1, {});
    CHECK((at_its_rate.memory() == Memory{std::nullopt, latch::settle_frames}), "of a stream");
    CHECK(!converted.memory().lookback_frames, "of a stream at another rate");
    CHECK(converted.memory().settle_frames > latch::settle_frames * 44100 / 48000, "settles");
}

void test_other_rooms() {
    const Model lite(random_model_image(3));
    CHECK(lite.networks().at(0).label == "lite", "%d wide", lite.networks().at(0).width);
    CHECK((lite.networks().at(0).memory == Memory{6346, 6347}), "memory of A2");
    CHECK((Stream(lite, 48000.0, 1, {}).memory() == Memory{6346, 6347}), "of its stream");
}

}  // namespace

int main() {
    const Model model(latch_image());
    test_memory(model);
    test_other_rooms();
    for (const double rate_hz : {48000.0, 44100.0, 96000.0}) test_parts(model, rate_hz);
    return failures != 0;
}
