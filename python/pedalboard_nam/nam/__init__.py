# SPDX-License-Identifier: MIT
"""`.nam` files, and the models in them."""
