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

void test(const neural_amp::Model& model, double sample_rate_hz) {
    const long before = allocations;
    neural_amp::Stream stream(model, sample_rate_hz, num_channels, {});
    CHECK(allocations > before, "a stream without memory: does this test count nothing?");
    const long counted = allocations_while_processing(stream);
    CHECK(counted == 0, "%ld allocations, %s at %g Hz", counted,
          model.networks().at(0).label.data(), sample_rate_hz);
}

}  // namespace

int main() {
    for (const auto& image :
         {random_model_image(3), random_model_image(8), random_lstm_image(1, 16),
          random_lstm_image(3, 9), random_convnet_image(), random_wavenet_image(),
          random_linear_image(100), random_linear_image(1000), random_sequential_image(3, 1000)}) {
        const neural_amp::Model model(image);
        for (const double rate_hz : {48000.0, 44100.0, 96000.0, 8000.0, 37123.0, 384000.0})
            test(model, rate_hz);
    }
    return failures != 0;
}
