// SPDX-License-Identifier: MIT
// CHECK(condition, format, ...): says what went wrong and goes on; `failures` is main's answer.
#pragma once

#include <cstdio>

inline int failures = 0;

#define CHECK(condition, ...)                                                                      \
    do {                                                                                           \
        if (condition) break;                                                                      \
        std::printf("%s:%d: %s: ", __FILE__, __LINE__, #condition);                                \
        std::printf(__VA_ARGS__);                                                                  \
        std::printf("\n");                                                                         \
        ++failures;                                                                                \
    } while (false)
