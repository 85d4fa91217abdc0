# SPDX-License-Identifier: MIT
"""What is in many model files: their facts, which of them are meant, and in which order."""
