# SPDX-License-Identifier: MIT
"""What a capture or an audio file is like, measured."""
