# SPDX-License-Identifier: MIT
"""Values that users give: how they are checked, and said."""
