# SPDX-License-Identifier: MIT
"""`python -m pedalboard_nam.cli` is `reamp`."""

from . import main

main()
