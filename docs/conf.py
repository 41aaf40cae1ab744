"""Settings of the documentation site, which `make docs` builds into docs/_build."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import generated_pages  # noqa: E402  (it lies beside this file)

from vrn_analysis import __version__  # noqa: E402

project = "vrn_analysis"
author = "the vrn_analysis contributors"
copyright = "the vrn_analysis contributors, MIT licence"  # noqa: A001
version = release = __version__
language = "en-GB"

extensions = ["myst_parser", "numpydoc", "sphinx.ext.autodoc"]
exclude_patterns = ["_build"]

myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]

default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
numpydoc_show_class_members = False

html_theme = "furo"
html_title = "vrn_analysis"
html_static_path = []
html_show_sourcelink = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#12436D", "color-brand-content": "#12436D"}
}
pygments_style = "a11y-light"


def setup(app: object) -> None:
    """Write the pages that are made from the package's own data before anything is read."""
    generated_pages.write(HERE / "generated")
