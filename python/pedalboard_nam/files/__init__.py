# SPDX-License-Identifier: MIT
"""Files that appear whole or not at all."""
