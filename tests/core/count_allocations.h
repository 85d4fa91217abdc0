// SPDX-License-Identifier: MIT
// Counts every way to the heap that this thread takes, in what includes this and in what it loads.
// For one source file of a program: the definitions are not inline.
//
// Sanitizers bring their own malloc; under them only the program's own `new` counts.
#pragma once

#include <cstddef>
#include <cstdlib>
#include <new>

static thread_local long allocations;

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
