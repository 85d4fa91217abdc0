// SPDX-License-Identifier: MIT
#include "rates.h"

#include <algorithm>
#include <cmath>
#include <stdexcept>

#include <neural_amp/neural_amp.h>

#include "flush_to_zero.h"
#include "number.h"

namespace neural_amp {
namespace {

/// Frames of the model that are made at once, about: enough to fill the kernels' blocks.
constexpr int block_frames = 128;

double checked_rate(double sample_rate_hz) {
    if (sample_rate_hz >= Model::min_sample_rate_hz && sample_rate_hz <= Model::max_sample_rate_hz)
        return sample_rate_hz;
    throw std::invalid_argument("sample_rate is " + number(sample_rate_hz) +
                                " Hz; accepted are 8000 to 384000 Hz");
}

std::int64_t rounded_mhz(double hz) { return std::llround(checked_rate(hz) * 1000); }

/// Calls `convert(begin, n)` for all `frames`, a block at a time.
template <class Convert>
void in_blocks(std::size_t frames, int block, Convert&& convert) {
    for (std::size_t f = 0; f < frames;) {
        const int n = int(std::min<std::size_t>(frames - f, std::size_t(block)));
        convert(f, n);
        f += n;
    }
}

}  // namespace

Rates::Rates(double host_hz, double model_hz)
    : same(rounded_mhz(host_hz) == rounded_mhz(model_hz)), host_per_model(host_hz / model_hz),
      host_block_frames(same ? block_frames : std::max(1, int(block_frames * host_per_model))),
      model_block_frames(same ? block_frames
                              : int(std::ceil(host_block_frames / host_per_model)) + 1) {
    if (same) return;
    to_model = resampler_table(host_hz, model_hz);
    to_host = resampler_table(model_hz, host_hz);
    latency_frames = to_model->half_frames + int(std::ceil(to_host->half_frames * host_per_model));
}

std::int64_t Rates::first_model_frame(std::int64_t host_frame) const noexcept {
    return same ? host_frame : to_model->ratio.first_output(host_frame - to_model->half_frames);
}

std::size_t Rates::model_frames(std::int64_t host_frame, std::size_t host_frames) const noexcept {
    return std::size_t(first_model_frame(host_frame + std::int64_t(host_frames)) -
                       first_model_frame(host_frame));
}

ToModelRate::ToModelRate(double host_hz, double model_hz)
    : rates_(std::make_shared<const Rates>(host_hz, model_hz)) {
    if (!rates_->same)
        resampler_ = std::make_unique<Resampler>(rates_->to_model, rates_->host_block_frames);
    reset();
}

ToModelRate::~ToModelRate() = default;
ToModelRate::ToModelRate(ToModelRate&&) noexcept = default;
ToModelRate& ToModelRate::operator=(ToModelRate&&) noexcept = default;

std::size_t ToModelRate::model_frames(std::size_t frames) const noexcept {
    return rates_->model_frames(next_frame_, frames);
}

void ToModelRate::process(const float* in, float* out, std::size_t frames) noexcept {
    const FlushToZero flush_to_zero;
    in_blocks(frames, rates_->host_block_frames, [&](std::size_t f, int n) {
        const auto made = model_frames(n);
        if (resampler_) {
            resampler_->push(in + f, n);
            resampler_->pull(out, int(made));
        } else {
            std::copy_n(in + f, n, out);
        }
        out += made;
        next_frame_ += n;
    });
}

void ToModelRate::reset(std::int64_t first_frame) noexcept {
    next_frame_ = first_frame;
    if (resampler_) resampler_->reset(rates_->first_model_frame(first_frame), first_frame, 0.0f);
}

int ToModelRate::latency_frames() const noexcept {
    return rates_->same ? 0 : rates_->to_model->half_frames;
}

FromModelRate::FromModelRate(double host_hz, double model_hz, float silence)
    : rates_(std::make_shared<const Rates>(host_hz, model_hz)) {
    if (!rates_->same) {
        // Beside what the next frame reads waits what came for the part of a frame after it.
        const int waiting = int(std::ceil(1 / rates_->host_per_model)) + 2;
        resampler_ =
            std::make_unique<Resampler>(rates_->to_host, waiting + rates_->model_block_frames);
    }
    reset(silence);
}

FromModelRate::~FromModelRate() = default;
FromModelRate::FromModelRate(FromModelRate&&) noexcept = default;
FromModelRate& FromModelRate::operator=(FromModelRate&&) noexcept = default;

std::size_t FromModelRate::model_frames(std::size_t frames) const noexcept {
    return rates_->model_frames(next_frame_, frames);
}

void FromModelRate::process(const float* in, float* out, std::size_t frames) noexcept {
    const FlushToZero flush_to_zero;
    in_blocks(frames, rates_->host_block_frames, [&](std::size_t f, int n) {
        const auto taken = model_frames(n);
        if (resampler_) {
            resampler_->push(in, int(taken));
            resampler_->pull(out + f, n);
        } else {
            std::copy_n(in, n, out + f);
        }
        in += taken;
        next_frame_ += n;
    });
}

void FromModelRate::reset(float silence, std::int64_t first_frame) noexcept {
    next_frame_ = first_frame;
    if (resampler_)
        resampler_->reset(first_frame - rates_->latency_frames,
                          rates_->first_model_frame(first_frame), silence);
}

int FromModelRate::latency_frames() const noexcept { return rates_->latency_frames; }

}  // namespace neural_amp
