# SPDX-License-Identifier: MIT
"""The documentation site: `sphinx-build -W docs build/docs`, with the package installed."""

from importlib.metadata import version as version_of

from docutils.nodes import Node
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from pedalboard_nam.settings import declared

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


def settings_rows() -> list[str]:
    """The table of settings in Markdown, as they are declared."""
    return ["| setting | accepted | default | what it does |", "|---|---|---|---|"] + [
        f"| `{one.name}` | `{one.kind.accepted}` | `{one.default!r}` | {one.help} |"
        for one in declared.values()
    ]


class SettingsTable(SphinxDirective):
    def run(self) -> list[Node]:
        return self.parse_text_to_nodes("\n".join(settings_rows()))


def setup(app: Sphinx) -> None:
    app.add_directive("settings-table", SettingsTable)
