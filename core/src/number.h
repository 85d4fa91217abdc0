// SPDX-License-Identifier: MIT
#pragma once

#include <string>

namespace neural_amp {

/// A number for a sentence: without the zeros that to_string appends.
inline std::string number(double value) {
    std::string text = std::to_string(value);
    if (text.find('.') == std::string::npos) return text;  // nan, inf
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

}  // namespace neural_amp
