"""Every number that a briefing says names a cell that it publishes: linked, checked, or refused."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup

from vrn_analysis.briefing.content import exhibits, markup
from vrn_analysis.briefing.content.chapters import Chapter
from vrn_analysis.briefing.content.published import SAID, TYPED, Published, Text, texts
from vrn_analysis.briefing.run.runner import Result
from vrn_analysis.core import facts
from vrn_analysis.core.errors import AssessmentError, listed

SHORT = 140  # letters of a passage that an error tells
TABLE = re.compile(r'data-fact="([^":]+):')


def _numbered(chapters: Iterable[Chapter]) -> dict[str, str]:
    """Return what a page calls each table that it shows, by the table's name."""
    found = {}
    for chapter in chapters:
        soup = BeautifulSoup(chapter.body, "html.parser")
        for link in soup.select("p.csv a"):
            name = link.get_text().removesuffix(exhibits.AS_FILE)
            found.setdefault(Path(link["href"]).stem, name)
    return found


def _line(html: str, numbered: Mapping[str, str], about: str = "") -> str:
    """Return the line below a sentence: the tables that its facts are cells of."""
    names = list(dict.fromkeys(TABLE.findall(html)))
    names = [name for name in names if not name.endswith(SAID)] or names
    links = [
        f'<a href="tables/{escape(name)}.csv">{escape(_called(name, numbered))} (CSV)</a>'
        for name in names
    ]
    return f'<p class="trace">Figures: {", ".join(links)}{about}.</p>' if links else ""


def _called(name: str, numbered: Mapping[str, str]) -> str:
    derived = "the figures behind these sentences"
    return derived if name.endswith(SAID) else numbered.get(name, name.replace("_", " "))


def traced(chapters: Iterable[Chapter], *, definition: str) -> list[Chapter]:
    """
    Return chapters whose sentences name the tables that hold their numbers.

    Parameters
    ----------
    definition
        The name of the definition, or "" where none was applied.
    """
    chapters, found = list(chapters), []
    basis = f"definition {escape(definition)}" if definition else "as published, no definition"
    numbered = _numbered(chapters)
    for chapter in chapters:
        soup = BeautifulSoup(chapter.body, "html.parser")
        for computed in soup.find_all("div", class_="computed"):
            computed.append(BeautifulSoup(_line(str(computed), numbered), "html.parser"))
        trace = _line(chapter.finding, numbered, f"; notebook {chapter.name}; {basis}")
        found.append(replace(chapter, body=str(soup), trace=trace))
    return found


def _around(text: str, at: int) -> str:
    return repr(text[max(0, at - SHORT // 2) :][:SHORT])


def _problems(one: Text, known: Published, names: Collection[str]) -> Iterator[str]:
    """Yield what is wrong with the numbers of a text."""
    text = one.text
    for span in one.spans:
        said = text[span["start"] : span["end"]]
        if "name" not in span:
            continue
        cell = known.value(span.get("address", ""))
        if cell is None or f"{cell:.6g}" != f"{span['value']:.6g}":
            yield f"{said} in {_around(text, span['start'])} is in no published table"
        elif not facts.says(said, span["value"] * span["scale"]):
            yield f"{said} in {_around(text, span['start'])} is not what its table contains"
    for name in filter(None, names):
        text = text.replace(name, "\0" * len(name))
    for left in TYPED.finditer(text):
        yield f"{left[0]} names no cell that contains its number"
    text = TYPED.sub(lambda left: "\0" * len(left[0]), text)
    for number in facts.loose(text, one.spans, typed=one.typed):
        share = "%" * text[number.end() :].startswith("%")
        yield f"{number[0]}{share} in {_around(one.text, number.start())} names no source"


def problems(
    results: Iterable[Result],
    known: Published,
    *,
    pages: Mapping[str, str] | None = None,
    names: Collection[str] = (),
) -> list[str]:
    """
    Return the numbers of a briefing that name no cell, or one that holds another number.

    Parameters
    ----------
    results
        The notebooks, as `published.resolved` returns them.
    known
        The cells, as they are in the folder of the briefing.
    pages
        File names and their HTML: what stands outside chapters is typed text, too.
    names
        What the settings call the assessment and its areas: a number in a name is none of a result.
    """
    found = [
        f"{result.name}: {problem}"
        for result in results
        for one in [*texts(result.notebook), *_loose_html(result)]
        for problem in _problems(one, known, names)
    ]
    for name, html in (pages or {}).items():
        said = (p for p in markup.passages(html) if not p.chapter and not p.is_quoted)
        outside = (Text(p.text, [], typed=True) for p in said)
        found += [f"{name}: {p}" for one in outside for p in _problems(one, known, names)]
    return list(dict.fromkeys(found))


def _loose_html(result: Result) -> Iterator[Text]:
    """Yield the words of HTML that no function of ours made, without the cells of its tables."""
    for cell in result.notebook.cells:
        for output in cell.get("outputs", []):
            about = output.get("metadata", {}).get("text/html", {})
            if "text/html" in output.get("data", {}) and not about.get("csv"):
                for passage in markup.passages(output.data["text/html"]):
                    yield Text(passage.text, [], typed=True)


def check(found: Collection[str]) -> None:
    """
    Refuse a briefing with numbers that name no source.

    Raises
    ------
    AssessmentError
        All such numbers, with the notebook and the words around each.
    """
    if found := list(found):
        raise AssessmentError(
            f"The briefing was refused: {len(found)} numbers of its text name no source: "
            f"{listed(found)}. Make the sentence with vrn_analysis.say.findings, or "
            "name the cell: {{03_headline:IN:count}}."
        )
