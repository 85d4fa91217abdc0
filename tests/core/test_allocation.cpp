// SPDX-License-Identifier: MIT
// `process` and `reset` allocate nothing, whatever the block, also one larger than any before.
//
// Every way to the heap counts. Sanitizers bring their own malloc; under them only `new` counts.
#include <atomic>
#include <cstdlib>
#include <new>
#include <utility>
#include <vector>

#include <neural_amp/neural_amp.h>

#include "check.h"
#include "model_image.h"

static std::atomic<long> allocations;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer) ||                         \
    __has_feature(realtime_sanitizer)
#define SANITIZER 1
#endif
#endif

#if defined(__GLIBC__) && !defined(SANITIZER)
extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

// noexcept, because glibc declares them so.
void* malloc(std::size_t size) noexcept { return ++allocations, __libc_malloc(size); }
void* calloc(std::size_t n, std::size_t size) noexcept {
    return ++allocations, __libc_calloc(n, size);
}
void* realloc(void* p, std::size_t size) noexcept { return ++allocations, __libc_realloc(p, size); }
void* memalign(std::size_t alignment, std::size_t size) noexcept {
    return ++allocations, __libc_memalign(alignment, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) noexcept {
    return memalign(alignment, size);
}
int posix_memalign(void** p, std::size_t alignment, std::size_t size) noexcept {
    *p = memalign(alignment, size);
    return *p ? 0 : 12;
}
}
#else
void* operator new(std::size_t size) {
    ++allocations;
    if (void* p = std::malloc(size)) return p;
    throw std::bad_alloc();
}
void operator delete(void* p) noexcept { std::free(p); }
void operator delete(void* p, std::size_t) noexcept { std::free(p); }
#endif

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
