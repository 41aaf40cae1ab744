"""Settings of the documentation site, which `make docs` builds into docs/_build."""

import re
import sys
from pathlib import Path

from docutils import nodes

from vrn_analysis import __version__

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import generated_pages  # noqa: E402  (it is in this folder)

project = "vrn_analysis"
author = "the vrn_analysis contributors"
copyright = "the vrn_analysis contributors, MIT licence"  # noqa: A001
version = release = __version__
language = "en-GB"

extensions = ["myst_parser", "numpydoc", "sphinx.ext.autodoc", "sphinx.ext.autosummary"]
exclude_patterns = ["_build"]

myst_heading_anchors = 3
myst_enable_extensions = ["colon_fence"]

default_role = "code"
autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autosummary_generate = False
numpydoc_show_class_members = False
add_module_names = False
# long signatures have one parameter on each line
maximum_signature_line_length = 72
toc_object_entries_show_parents = "hide"

html_theme = "furo"
html_title = "vrn_analysis"
html_static_path = ["_static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_theme_options = {
    "light_css_variables": {"color-brand-primary": "#12436D", "color-brand-content": "#12436D"}
}
pygments_style = "a11y-light"


def link_functions(app: object, doctree: nodes.document, docname: str) -> None:
    """Link a name such as `rates.crude_rate` to its page; on GitHub it stays a name."""
    every = app.env.get_domain("py").objects
    objects = {name.removeprefix("vrn_analysis."): found for name, found in every.items()}
    # pages name a module without its room
    objects |= {name.partition(".")[2]: found for name, found in objects.items()}
    for node in list(doctree.findall(nodes.literal)):
        name = node.astext().removeprefix("vrn_analysis.")
        if name in objects and not isinstance(node.parent, nodes.reference):
            page, anchor = objects[name].docname, objects[name].node_id
            target = f"{app.builder.get_relative_uri(docname, page)}#{anchor}"
            node.replace_self(nodes.reference("", "", node.deepcopy(), refuri=target))


# accessibility faults that axe finds in the theme's pages, and their corrections
CORRECTED = (
    ('role="heading"', 'role="heading" aria-level="2"'),
    ("<pre>", '<pre tabindex="0">'),
    ('class="table-wrapper', 'tabindex="0" role="region" aria-label="Table" class="table-wrapper'),
    (r"<dl>\s*(<dd><em class=.sig-param.>.*?)</dl>", r'<span class="sig-list">\1</span>'),
    (r"<dd>(<em class=.sig-param.>.*?)</dd>", r'<span class="sig-line">\1</span>'),
)


def correct(app: object, page: str, template: str, context: dict, doctree: object) -> None:
    """Make a page as accessible as the briefing, for keyboards and screen readers."""
    for part in {"body", "furo_navigation_tree"} & set(context):
        for found, instead in CORRECTED:
            context[part] = re.sub(found, instead, context[part], flags=re.DOTALL)


def setup(app: object) -> None:
    """Write the generated pages before Sphinx reads the sources."""
    generated_pages.write(HERE / "generated")
    app.connect("doctree-resolved", link_functions)
    app.connect("html-page-context", correct, priority=900)
