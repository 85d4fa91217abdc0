// SPDX-License-Identifier: MIT
#include <neural_amp/bench.h>

#include <chrono>

#include "flush_to_zero.h"
#include "model.h"
#include "simd/kernels.h"

namespace neural_amp {
namespace {

template <class Body>
double seconds(Body&& body) {
    const auto start = std::chrono::steady_clock::now();
    body();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

}  // namespace

struct Bench::State {
    std::shared_ptr<const Weights> weights;
    std::unique_ptr<Network> network;
};

Bench::Bench(const Model& model, int network_index) : state_(std::make_unique<State>()) {
    state_->weights = model.contents_->weights.at(network_index);
    state_->network = state_->weights->make_network();
}

Bench::~Bench() = default;

double Bench::seconds_per_block(int block_frames, int blocks) {
    const FlushToZero flush_to_zero;
    std::vector<float> in(block_frames), out(block_frames);
    std::uint32_t noise = 1;
    for (float& value : in) {
        noise = noise * 1664525u + 1013904223u;
        value = (float(noise >> 8) / float(1 << 24) - 0.5f) * 0.5f;
    }
    const float* const from = in.data();
    float* const to = out.data();
    state_->network->process(&from, &to, block_frames);
    return seconds([&] {
               for (int b = 0; b < blocks; ++b) state_->network->process(&from, &to, block_frames);
           }) /
           blocks;
}

double Bench::seconds_per_reset(int resets) {
    return seconds([&] {
               for (int r = 0; r < resets; ++r) state_->network->reset(0);
           }) /
           resets;
}

double fma_peak(long rounds) {
    const FlushToZero flush_to_zero;
    float sink[16];
    for (float& value : sink) value = 0.5f;
    const auto& peak = simd::kernels().fma_peak;
    return double(rounds) * peak.multiply_adds_per_round / seconds([&] {
               peak.run(rounds, sink);
           });
}

const char* compiler() {
#if defined(__clang__)
    return "clang " __clang_version__;
#else
    return "gcc " __VERSION__;
#endif
}

}  // namespace neural_amp
