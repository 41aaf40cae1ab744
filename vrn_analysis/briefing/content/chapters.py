"""One notebook as a chapter: prose, charts and tables in the order a reader needs, no code."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape
from pathlib import Path

import mistune
from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader
from nbformat import NotebookNode

from vrn_analysis.briefing.content import exhibits, silence
from vrn_analysis.briefing.content.markup import HEADINGS
from vrn_analysis.briefing.plan.notebooks import FINDING, REMOVE
from vrn_analysis.core import facts
from vrn_analysis.count.assessment.needs import About, about

TEMPLATE = Path(__file__).resolve().parent.parent / "template"
# what a page may hold; anything else in a notebook's HTML is shown as the text it is
ALLOWED = frozenset(
    re.findall(
        r"\w+",
        """a abbr b blockquote br caption code col colgroup data dd del div dl dt em figcaption
        figure h1 h2 h3 h4 h5 h6 hr i img li ol p pre s section small span strong sub sup table
        tbody td tfoot th thead tr u ul""",
    )
)
KEPT_ATTRIBUTES = frozenset(
    ("alt", "class", "colspan", "data-appendix", "data-board", "data-caption", "data-credit")
    + ("data-csv", "data-fact", "data-first", "data-kind", "data-missing", "href", "rowspan")
    + ("scope", "src", "value")
)
# tags of cells that the Board summary or the first screen shows, too: `board-5`, `first-1`
MARKED = re.compile(r"(board|first)-(\d+)")
CHARTS = ("5", "6")  # these of the first screen stay in their chapter, with the words beside them
DROPPED = ("style", "link", "meta", "title")
# the prose has raw HTML escaped: an area's name can hold anything
prose = mistune.create_markdown(escape=True, plugins=["table", "strikethrough"])


@dataclass(frozen=True)
class Chapter:
    """
    One notebook ready for a page.

    `body` starts below the title, with headings from h2; every id begins with `anchor`.
    `sections` are the ids and texts of its h2 headings. `finding`, `question` and `stamp` are HTML.
    `missing` are the reasons why something cannot be said, as text, each with the headings of the
    sections that it leaves out. `board` and `first` are what the Board summary and the first screen
    show of it, too: number of the point, and HTML. `stopped` tells that the notebook failed
    half-way. `trace` names the tables of the finding, `commentary` is what somebody makes of
    the chapter; both are HTML. `about` is what its notebook says of it.
    """

    name: str
    title: str
    anchor: str
    body: str
    question: str = ""
    finding: str = ""
    stamp: str = ""
    sections: list[tuple[str, str]] = field(default_factory=list)
    board: list[tuple[int, str]] = field(default_factory=list)
    first: list[tuple[int, str]] = field(default_factory=list)
    missing: dict[str, list[str]] = field(default_factory=dict)
    stopped: bool = False
    trace: str = ""
    commentary: str = ""
    about: About | None = None

    @property
    def number(self) -> str:
        """The notebook's two digits."""
        return self.name[:2]

    @property
    def is_silent(self) -> bool:
        """Whether the data supplied can fill nothing of it."""
        return bool(self.missing) and not self.finding and not self.body


def _kind_of_cell(tags: Iterable[str], source: str) -> str:
    if FINDING in tags:
        return "finding"
    return "stamp" if "run.stamp()" in source else ""


def _mark_of_cell(tags: Iterable[str], kind: str) -> str:
    """Return the number that a cell is marked with for the Board or the first screen, or ""."""
    marks = filter(None, map(MARKED.fullmatch, tags))
    return next((found[2] for found in marks if found[1] == kind), "")


def told(text: str, spans: list[dict]) -> str:
    """
    Return Markdown as HTML in which each fact is data that names its cell.

    Parameters
    ----------
    spans
        As `facts.Said` has them, each fact with its `address`.
    """

    def element(found: re.Match) -> str:
        about = facts.Said(found[0]).spans[0]
        if "name" not in about:
            return found[2]
        name = escape(about.get("address", ""))
        return f'<data data-fact="{name}" value="{about["value"]:.6g}">{found[2]}</data>'

    return facts.MARK.sub(element, prose(facts.marked(text, spans)))


def _rendered(notebook: NotebookNode) -> str:
    """Return prose and outputs as HTML, without the cells that are tagged to be left out."""
    templates = Environment(loader=FileSystemLoader(TEMPLATE), autoescape=False)
    templates.filters |= {
        "told": told, "kind_of_cell": _kind_of_cell, "mark_of_cell": _mark_of_cell
    }  # fmt: skip
    shown = [cell for cell in notebook.cells if REMOVE not in cell.metadata.get("tags", [])]
    return templates.get_template("notebook.html.j2").render(cells=shown)


def _sanitise(soup: BeautifulSoup) -> None:
    """Leave only elements and attributes a page may hold."""
    for element in soup.find_all(DROPPED):
        element.decompose()
    for element in soup.find_all(True):
        if element.name not in ALLOWED:
            element.replace_with(str(element))
            continue
        for name in [name for name in element.attrs if name not in KEPT_ATTRIBUTES]:
            del element[name]


def _unwrap_cells(soup: BeautifulSoup) -> None:
    """Leave prose and outputs; an output or a heading keeps the marks that its cell had."""
    for cell in soup.find_all("div", class_="cell"):
        for output in cell.find_all(["div", "figure"], class_=["computed", "chart", "table"]):
            for kind in ("board", "first"):
                output[f"data-{kind}"] = cell.get(f"data-{kind}", "")
    for cell in soup.find_all("div", attrs={"data-appendix": True}):
        for heading in cell.find_all("h2"):
            heading["data-appendix"] = "true"
    for cell in soup.find_all("div", class_=["cell", "prose"]):
        cell.unwrap()


def _remove_introductions(soup: BeautifulSoup) -> None:
    """Take out the words that lead to what is not in this run, up to the next heading."""
    for absent in soup.find_all("div", class_="absent"):
        for after in absent.find_next_siblings():
            if after.name in HEADINGS:
                break
            if after.name in ("p", "ul", "ol"):
                after.decompose()


def _marked(soup: BeautifulSoup, kind: str) -> list[tuple[int, str]]:
    """Return the outputs marked for the Board summary or first screen, and take the marks off."""
    found = []
    for output in soup.find_all(attrs={f"data-{kind}": True}):
        number = output.attrs.pop(f"data-{kind}")
        if number and "absent" not in output.get("class", []):
            found.append((int(number), str(output)))
    return found


def _figures(soup: BeautifulSoup) -> list[tuple[int, str]]:
    """Take the figures of the first screen out of the flow: only that screen shows them."""
    found = []
    for output in soup.find_all("div", class_="computed", attrs={"data-first": True}):
        if output["data-first"] in ("", *CHARTS) or "absent" in output["class"]:
            continue
        found.append((int(output["data-first"]), output.decode_contents().strip()))
        output.decompose()
    return found


def _taken(soup: BeautifulSoup, kind: str) -> str:
    """Take the outputs of a kind of cell out of the flow, and return what they say, if anything."""
    said = []
    for cell in soup.find_all("div", attrs={"data-kind": kind}):
        if cell.find(class_="absent"):
            continue
        said += [output.decode_contents().strip() for output in cell.find_all(class_="computed")]
        cell.decompose()
    return "\n".join(said)


def _credit(soup: BeautifulSoup) -> str:
    """Return the credit of the run, which the stamp at the head of every page says, too."""
    found = soup.find(attrs={"data-credit": True})
    return str(found["data-credit"]) if found else ""


def _title(soup: BeautifulSoup, default: str) -> tuple[str, str]:
    """Take the title and the question below it out of the flow."""
    heading = soup.find("h1")
    if heading is None:
        return default, ""
    title, question = heading.get_text(" ", strip=True), ""
    after = heading.find_next_sibling()
    if after is not None and after.name == "p":
        question = after.extract().decode_contents()
    heading.decompose()
    return title, question


def _anchor_headings(soup: BeautifulSoup, anchor: str) -> list[tuple[str, str]]:
    """Give every heading an id of its own; return the h2 headings."""
    seen: dict[str, int] = {}
    sections = []
    for heading in soup.find_all(HEADINGS):
        slug = re.sub(r"[^a-z0-9]+", "-", heading.get_text(" ", strip=True).lower())
        slug = slug.strip("-")[:60].strip("-") or "part"
        seen[slug] = seen.get(slug, 0) + 1
        again = f"-{seen[slug]}" if seen[slug] > 1 else ""
        heading["id"] = f"{anchor}-{slug}{again}"
        if heading.name == "h2":
            sections.append((heading["id"], heading.get_text(" ", strip=True)))
    return sections


def chapter(notebook: NotebookNode, *, name: str) -> Chapter:
    """
    Return an executed notebook as a chapter.

    Code, standard error and cells tagged `remove-cell` are left out. The finding is taken to the
    top. A table next to a chart is folded below it. Charts and tables are numbered by chapter.

    Parameters
    ----------
    name
        The notebook's file name without its ending: `NN_words`.
    """
    soup = BeautifulSoup(_rendered(notebook), "html.parser")
    _sanitise(soup)
    anchor, number = f"chapter-{name[:2]}", name[:2]
    credit = _credit(soup)
    stamp, finding = _taken(soup, "stamp"), _taken(soup, "finding")
    _unwrap_cells(soup)
    _remove_introductions(soup)
    title, question = _title(soup, name[3:].replace("_", " ").capitalize())
    figures = _figures(soup)
    missing = silence.take_out(soup, told=bool(finding))
    exhibits.arrange(soup, number=number, anchor=anchor, credit=credit)
    sections = _anchor_headings(soup, anchor)
    board, first = _marked(soup, "board"), [*figures, *_marked(soup, "first")]
    body = str(soup).strip()
    return Chapter(
        name, title, anchor, body, question, finding, stamp, sections, board, first, missing,
        about=about(notebook.metadata, name=name),
    )  # fmt: skip
