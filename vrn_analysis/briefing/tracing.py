"""Every number that a briefing says is in a table that it publishes: found, linked, or refused."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup

from vrn_analysis.briefing import prose
from vrn_analysis.briefing.chapters import Chapter
from vrn_analysis.briefing.published import Published, numbers, said_file
from vrn_analysis.errors import AssessmentError

MOST_TOLD = 10
SHORT = 140  # letters of a passage that an error tells


def _link(file: str) -> str:
    name = Path(file).stem.replace("_", " ")
    number = name[:2]
    said = f"{number} what its sentences are made of" if file == said_file(number) else name
    return f'<a href="{escape(file)}">{escape(said)} (CSV)</a>'


def _sources(html: str, held: Published) -> list[str]:
    text = BeautifulSoup(html, "html.parser").get_text(" ", strip=True)
    return held.sources(numbers(text))


def _line(sources: list[str], *, about: str = "") -> str:
    return f'<p class="trace">Figures: {", ".join(map(_link, sources))}{about}.</p>'


def _body(chapter: Chapter, held: Published) -> str:
    """Return a chapter's body with a line of sources below each sentence that has a number."""
    soup = BeautifulSoup(chapter.body, "html.parser")
    for computed in soup.find_all("div", class_="computed"):
        if sources := _sources(str(computed), held):
            computed.append(BeautifulSoup(_line(sources), "html.parser"))
    return str(soup)


def traced(chapter: Chapter, published: Published, *, definition: str) -> Chapter:
    """
    Return a chapter whose sentences name the tables that hold their numbers.

    Parameters
    ----------
    published
        The tables of the run.
    definition
        The name of the definition, or "" where none was applied.
    """
    held = published.of(chapter.number)
    about = f"; notebook {chapter.name}"
    about += f"; definition {escape(definition)}" if definition else "; as published, no definition"
    sources = _sources(chapter.finding, held)
    trace = _line(sources, about=about) if sources else ""
    return replace(chapter, body=_body(chapter, held), trace=trace)


def _untraced(
    html: str, published: Published, *, skip: frozenset[str], names: Collection[str]
) -> list[str]:
    found = []
    for passage in prose.passages(html):
        if passage.chapter in skip:
            continue
        held = published.of(passage.chapter) if passage.chapter else published
        text = passage.text
        for name in filter(None, names):
            text = text.replace(" ".join(name.split()), "…")
        found += [
            f"{number.written}{'%' if number.is_share else ''} in "
            f"{text[max(0, number.start - SHORT // 2) :][:SHORT]!r}"
            for number in held.untraced(text)
        ]
    return list(dict.fromkeys(found))


def untraced(
    pages: Mapping[str, str], published: Published, *, names: Collection[str] = ()
) -> list[str]:
    """
    Return the numbers that pages say and no published table holds, each with its sentence.

    A chapter's numbers are looked for in the tables of its notebook; what the pages say outside
    chapters, in all of them. Commentary is left out: `commentary.check` looks at it.

    Parameters
    ----------
    pages
        File names and their HTML.
    names
        What the settings call the assessment and its areas: a number in a name is none of a result.
    """
    alone = frozenset(name[:2] for name in pages if name[:2].isdigit())
    return [
        f"{name}: {problem}"
        for name, html in pages.items()
        # a chapter with a page of its own is read there
        for problem in _untraced(
            html, published, skip=frozenset() if name[:2].isdigit() else alone, names=names
        )
    ]


def check(pages: Mapping[str, str], published: Published, *, names: Collection[str] = ()) -> None:
    """
    Refuse pages that say a number which no published table holds; parameters as `untraced`.

    Raises
    ------
    AssessmentError
        All such numbers, with the page and the words around each.
    """
    if found := untraced(pages, published, names=names):
        more = f"; and {len(found) - MOST_TOLD} more" if len(found) > MOST_TOLD else ""
        raise AssessmentError(
            f"The briefing was refused: {len(found)} numbers of its text are in no table of "
            f"theirs: {'; '.join(found[:MOST_TOLD])}{more}. Save the result that a number is of "
            "with publish.save, or make its sentence with vrn_analysis.findings."
        )


def warnings(
    pages: Mapping[str, str], published: Published, *, names: Collection[str] = ()
) -> list[str]:
    """Return what `check` would refuse, as warnings; parameters as `untraced`."""
    found = untraced(pages, published, names=names)
    return [f"{problem}: this number is in no published table" for problem in found]
