# SPDX-License-Identifier: MIT
"""`python -m pedalboard_nam.cli` is `reamp`."""

from ..cli import main

main()
