# SPDX-License-Identifier: MIT
"""Audio in arrays and files."""
