# SPDX-License-Identifier: MIT


class ModelError(ValueError):
    """A file that is not a usable model.

    The message says which file and which field, what was found and what is accepted.
    """

    __module__ = "pedalboard_nam"


def located(where: str, error: ValueError) -> ValueError:
    """The same error, with the place in front of its message."""
    return (ModelError if isinstance(error, ModelError) else ValueError)(f"{where}: {error}")
