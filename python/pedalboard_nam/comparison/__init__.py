# SPDX-License-Identifier: MIT
"""How alike two recordings are."""
