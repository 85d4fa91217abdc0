// SPDX-License-Identifier: MIT
#include "rates.h"

#include <algorithm>
#include <cmath>
#include <cstring>
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

/// From 0 on, for negative numbers too.
std::int64_t modulo(std::int64_t a, std::int64_t b) { return (a % b + b) % b; }

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

namespace {

/// Both numbers of a memory by the same rule.
template <class Rule>
Memory each(const Memory& memory, Rule&& rule) {
    Memory result{std::nullopt, rule(memory.settle_frames)};
    if (memory.lookback_frames) result.lookback_frames = rule(*memory.lookback_frames);
    return result;
}

}  // namespace

Memory Rates::model_memory(Memory host) const noexcept {
    if (same) return host;
    return each(host, [&](std::int64_t frames) {
        return std::int64_t(std::ceil(double(frames + latency_frames) / host_per_model)) +
               to_host->half_frames;
    });
}

Memory Rates::host_memory(Memory model) const noexcept {
    if (same) return model;
    return each(model, [&](std::int64_t frames) {
        return std::int64_t(std::ceil(double(frames) * host_per_model)) + to_model->half_frames;
    });
}

namespace {

/// What a converter remembers: where it is in a period, and the input that waits. At the model's
/// own rate, nothing.
std::size_t state_bytes_of(const Resampler* resampler) {
    return resampler ? sizeof(std::int64_t) + resampler->input_bytes() : 0;
}

void save_to(std::byte* state, const Rates& rates, std::int64_t next_frame,
             const Resampler* resampler) {
    if (!resampler) return;
    const std::int64_t place = modulo(next_frame, rates.period_frames());
    std::memcpy(state, &place, sizeof place);
    resampler->save_input(state + sizeof place);
}

/// `reset(next_frame)` and what waited then.
template <class Reset>
void restore_from(const std::byte* state, const Rates& rates, Resampler* resampler, Reset&& reset) {
    if (!resampler) return;
    std::int64_t place;
    std::memcpy(&place, state, sizeof place);
    reset(modulo(place, rates.period_frames()));
    resampler->restore_input(state + sizeof place);
}

}  // namespace

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

int ToModelRate::latency_frames() const noexcept { return rates_->latency_to_model_frames(); }

std::size_t ToModelRate::state_bytes() const noexcept { return state_bytes_of(resampler_.get()); }

void ToModelRate::save(std::byte* state) const noexcept {
    save_to(state, *rates_, next_frame_, resampler_.get());
}

void ToModelRate::restore(const std::byte* state) noexcept {
    restore_from(state, *rates_, resampler_.get(), [&](std::int64_t next_frame) {
        reset(next_frame);
    });
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

std::size_t FromModelRate::state_bytes() const noexcept { return state_bytes_of(resampler_.get()); }

void FromModelRate::save(std::byte* state) const noexcept {
    save_to(state, *rates_, next_frame_, resampler_.get());
}

void FromModelRate::restore(const std::byte* state) noexcept {
    restore_from(state, *rates_, resampler_.get(), [&](std::int64_t next_frame) {
        reset(0.0f, next_frame);
    });
}

}  // namespace neural_amp
