# SPDX-License-Identifier: MIT
"""The documentation site: `sphinx-build -W docs build/docs`, with the package installed."""

from importlib.metadata import version as version_of

project = "pedalboard-nam"
copyright = "the pedalboard-nam authors"
release = version = version_of("pedalboard-nam")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.mathjax", "sphinx.ext.napoleon"]
myst_enable_extensions = ["dollarmath"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "description"
autodoc_typehints_description_target = "documented_params"
napoleon_google_docstring = False
napoleon_use_rtype = False

html_theme = "furo"
html_title = "pedalboard-nam"
