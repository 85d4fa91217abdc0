// SPDX-License-Identifier: MIT
#include "resampler.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <mutex>
#include <numbers>
#include <numeric>

#include "simd/kernels.h"

namespace neural_amp {
namespace {

/// Kaiser window: 110 dB down over a transition from 0.45 to 0.5 of the lower rate takes a half
/// length of 71.1 / lower rate. (J. F. Kaiser, 1974: N = (A - 7.95) / (2.285 * width).)
constexpr double attenuation_db = 110.0;
constexpr double pass_edge = 0.45;
constexpr double stop_edge = 0.5;

/// Tables end at 1 MB; finer positions are interpolated between rows. That is 1,820 rows for each
/// period of the lower rate at any ratio, for an error of -128 dB.
constexpr std::int64_t max_weights = 1 << 18;

/// Taps come in sixteens, as the dot product takes them.
constexpr int half_frames_step = 8;

constexpr std::size_t max_tables = 16;

double bessel_i0(double x) {
    double sum = 1.0, term = 1.0;
    for (int k = 1; term > sum * 1e-17; ++k) {
        term *= (x / (2 * k)) * (x / (2 * k));
        sum += term;
    }
    return sum;
}

double sinc(double x) {
    const double angle = std::numbers::pi * x;
    return std::abs(angle) < 1e-9 ? 1.0 : std::sin(angle) / angle;
}

std::int64_t floor_div(std::int64_t a, std::int64_t b) { return a / b - (a % b < 0); }

/// n * a / b, rounded down. Ratios are below 2^29, so that no step here overflows before the
/// answer.
Position scaled(std::int64_t n, std::int64_t a, std::int64_t b) {
    const std::int64_t whole = floor_div(n, b);
    const std::int64_t rest = (n - whole * b) * a;
    return {whole * a + rest / b, rest % b};
}

ResamplerTable make_table(RateRatio ratio) {
    const double lower = std::min(1.0, double(ratio.to) / double(ratio.from));  // re input rate
    const double width = 2 * std::numbers::pi * (stop_edge - pass_edge) * lower;
    const double half = (attenuation_db - 7.95) / (2.285 * width) / 2;
    const double beta = 0.1102 * (attenuation_db - 8.7);
    const double bandwidth = (pass_edge + stop_edge) * lower;  // twice the cut-off

    ResamplerTable table{ratio, 0, 0, {}};
    table.half_frames = int(std::ceil(half / half_frames_step)) * half_frames_step;
    table.rows = std::min(ratio.to, max_weights / table.taps());
    table.weights.resize((table.rows + 1) * table.taps());
    for (std::int64_t r = 0; r <= table.rows; ++r) {
        float* row = table.weights.data() + r * table.taps();
        std::vector<double> exact(table.taps());
        for (int k = 0; k < table.taps(); ++k) {
            const double t = k + 1 - table.half_frames - double(r) / double(table.rows);
            const double inside = std::max(0.0, 1.0 - (t / half) * (t / half));
            exact[k] = std::abs(t) > half
                           ? 0.0
                           : sinc(bandwidth * t) * bessel_i0(beta * std::sqrt(inside));
        }
        const double sum = std::accumulate(exact.begin(), exact.end(), 0.0);
        for (int k = 0; k < table.taps(); ++k) row[k] = float(exact[k] / sum);
    }
    return table;
}

}  // namespace

RateRatio::RateRatio(double from_hz, double to_hz)
    : from(std::llround(from_hz * 1000)), to(std::llround(to_hz * 1000)) {
    const auto common = std::gcd(from, to);
    from /= common;
    to /= common;
}

Position RateRatio::position(std::int64_t output) const noexcept {
    return scaled(output, from, to);
}

std::int64_t RateRatio::first_output(std::int64_t input) const noexcept {
    const Position at = scaled(input, to, from);
    return at.frame + (at.part > 0);
}

std::shared_ptr<const ResamplerTable> resampler_table(double from_hz, double to_hz) {
    static std::mutex mutex;
    static std::vector<std::shared_ptr<const ResamplerTable>> recent;
    const RateRatio ratio(from_hz, to_hz);
    const std::lock_guard lock(mutex);
    for (const auto& table : recent)
        if (table->ratio.from == ratio.from && table->ratio.to == ratio.to) return table;
    if (recent.size() == max_tables) recent.erase(recent.begin());
    return recent.emplace_back(std::make_shared<const ResamplerTable>(make_table(ratio)));
}

Resampler::Resampler(std::shared_ptr<const ResamplerTable> table, int max_waiting_frames)
    : table_(std::move(table)), dot_(simd::kernels().dot),
      input_(table_->taps() + max_waiting_frames) {}

void Resampler::reset(std::int64_t first_output, std::int64_t first_input, float past) noexcept {
    const Position position = table_->ratio.position(first_output);
    part_ = position.part;
    begin_ = 0;
    filled_ = first_input - (position.frame + 1 - table_->half_frames);
    assert(filled_ >= 0 && filled_ <= std::int64_t(input_.size()));
    std::fill_n(input_.begin(), filled_, past);
}

void Resampler::push(const float* in, int frames) noexcept {
    const std::int64_t done = std::min(begin_, filled_);
    std::copy(input_.begin() + done, input_.begin() + filled_, input_.begin());
    begin_ -= done;
    filled_ -= done;
    assert(filled_ + frames <= std::int64_t(input_.size()));
    std::copy_n(in, frames, input_.begin() + filled_);
    filled_ += frames;
}

void Resampler::pull(float* out, int frames) noexcept {
    const auto [from, to] = table_->ratio;
    const std::int64_t rows = table_->rows;
    const int taps = table_->taps();
    for (int f = 0; f < frames; ++f) {
        assert(begin_ + taps <= filled_);
        const float* x = input_.data() + begin_;
        const std::int64_t r = part_ * rows / to;
        const std::int64_t between = part_ * rows - r * to;
        out[f] = dot_(x, table_->row(r), taps);
        if (between != 0) {
            const float next = dot_(x, table_->row(r + 1), taps);
            out[f] += (next - out[f]) * (float(between) / float(to));
        }
        begin_ += from / to;
        part_ += from % to;
        if (part_ >= to) {
            part_ -= to;
            ++begin_;
        }
    }
}

void Resampler::save_input(std::byte* bytes) const noexcept {
    assert(begin_ <= filled_);
    const std::size_t used = std::size_t(filled_ - begin_) * sizeof(float);
    std::memcpy(bytes, input_.data() + begin_, used);
    std::memset(bytes + used, 0, input_bytes() - used);
}

void Resampler::restore_input(const std::byte* bytes) noexcept {
    assert(begin_ == 0);
    std::memcpy(input_.data(), bytes, std::size_t(filled_) * sizeof(float));
}

}  // namespace neural_amp
