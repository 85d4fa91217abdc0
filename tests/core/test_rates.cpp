// SPDX-License-Identifier: MIT
// Every pair of rates gives as many frames as it takes, from memory made ahead: for assertions and
// the address sanitizer to see.
#include <cmath>
#include <vector>

#include <neural_amp/neural_amp.h>

#include "check.h"
#include "model_image.h"

int main() {
    for (const double model_hz : {8000.0, 44100.0, 48000.0, 96000.0, 384000.0}) {
        const neural_amp::Model model(random_model_image(3, model_hz));
        for (const double host_hz : {8000.0, 37123.0, 44100.5, 48000.0, 96000.0, 383999.0}) {
            neural_amp::Stream stream(model, host_hz, 1, {});
            std::vector<float> audio(500, 0.1f);
            float* block = audio.data();
            for (const int frames : {1, 3, 117, 118, 500}) stream.process(&block, &block, frames);
            stream.reset();
            stream.process(&block, &block, 500);
            bool finite = true;
            for (const float value : audio) finite = finite && std::isfinite(value);
            CHECK(finite, "model %g Hz, host %g Hz", model_hz, host_hz);
        }
    }
    return failures != 0;
}
