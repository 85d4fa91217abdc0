// SPDX-License-Identifier: MIT
// For tests that are run once per ISA, by PEDALBOARD_NAM_ISA.
#pragma once

#include <cstdio>
#include <stdexcept>

#include <neural_amp/neural_amp.h>

/// Whether this CPU has the ISA that the environment asks for; says so if not.
inline bool has_wanted_isa() {
    try {
        neural_amp::isa();
        return true;
    } catch (const std::invalid_argument& error) {
        std::printf("skipped: %s\n", error.what());
        return false;
    }
}
