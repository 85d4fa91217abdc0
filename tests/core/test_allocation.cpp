// SPDX-License-Identifier: MIT
// `process` and `reset` allocate nothing, whatever the block, also one larger than any before.
#include <utility>
#include <vector>

#include <neural_amp/neural_amp.h>

#include "check.h"
#include "count_allocations.h"
#include "model_image.h"

namespace {

constexpr int num_channels = 2;
constexpr std::size_t blocks[] = {0,   1,   15,   16,   17,   64,   100, 127, 128, 129,
                                  255, 256, 1000, 4096, 3000, 1000, 129, 128, 1,   5000};

static_assert(noexcept(std::declval<neural_amp::Stream&>().process({}, {}, 0)));
static_assert(noexcept(std::declval<neural_amp::Stream&>().reset()));

long allocations_while_processing(neural_amp::Stream& stream) {
    std::vector<float> audio(num_channels * 5000, 0.1f);
    const float* in[] = {audio.data(), audio.data() + 5000};
    float* out[] = {audio.data(), audio.data() + 5000};
    const long before = allocations;
    for (const std::size_t frames : blocks) stream.process(in, out, frames);
    stream.reset();
    stream.process(in, out, 1000);
    return allocations - before;
}

void test(int channels, double sample_rate_hz) {
    const auto image = random_model_image(channels);
    const neural_amp::Model model(image);
    const long before = allocations;
    neural_amp::Stream stream(model, sample_rate_hz, num_channels, {});
    CHECK(allocations > before, "a stream without memory: does this test count nothing?");
    const long counted = allocations_while_processing(stream);
    CHECK(counted == 0, "%ld allocations, %d channels at %g Hz", counted, channels, sample_rate_hz);
}

}  // namespace

int main() {
    for (const int channels : {3, 8})
        for (const double rate_hz : {48000.0, 44100.0, 96000.0, 8000.0, 37123.0, 384000.0})
            test(channels, rate_hz);
    return failures != 0;
}
