# SPDX-License-Identifier: MIT
"""`Stream`, `render` and what plays a file: the engine without pedalboard."""
