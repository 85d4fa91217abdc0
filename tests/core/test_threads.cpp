// SPDX-License-Identifier: MIT
// One model, many streams, many threads: the same bits, and nothing for the thread sanitizer to
// see.
#include <cmath>
#include <thread>
#include <vector>

#include <neural_amp/neural_amp.h>

#include "check.h"
#include "model_image.h"

using namespace neural_amp;

namespace {

std::vector<float> run(const Model& model, double sample_rate_hz) {
    Stream stream(model, sample_rate_hz, 1, {});
    std::vector<float> audio(5000);
    for (std::size_t f = 0; f < audio.size(); ++f) audio[f] = float(std::sin(0.05 * double(f)));
    for (std::size_t f = 0; f < audio.size(); f += 500) {
        float* block = audio.data() + f;
        stream.process(&block, &block, 500);
    }
    return audio;
}

}  // namespace

int main() {
    const Model model(random_model_image(8));
    for (const double rate_hz : {48000.0, 44100.0}) {
        std::vector<std::vector<float>> found(4);
        std::vector<std::thread> threads;
        for (auto& audio : found)
            threads.emplace_back([&] {
                audio = run(model, rate_hz);
            });
        for (auto& thread : threads) thread.join();
        const auto alone = run(model, rate_hz);
        for (const auto& audio : found) CHECK(audio == alone, "at %g Hz", rate_hz);
    }
    return failures != 0;
}
