"""Every number that a briefing says is in a table that it publishes: found, linked, or refused."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup

from vrn_analysis.briefing import exhibits, prose
from vrn_analysis.briefing.chapters import Chapter
from vrn_analysis.briefing.published import SAID, Published, numbers, said_file
from vrn_analysis.errors import AssessmentError

MOST_TOLD = 10
SHORT = 140  # letters of a passage that an error tells


def _numbered(chapters: Iterable[Chapter]) -> dict[str, str]:
    """Return what a page calls each table that it shows, by the table's file."""
    found = {}
    for chapter in chapters:
        soup = BeautifulSoup(chapter.body, "html.parser")
        for link in soup.select("p.csv a"):
            found.setdefault(link["href"], link.get_text().removesuffix(exhibits.AS_FILE))
    return found


def _link(file: str, numbered: Mapping[str, str]) -> str:
    name = Path(file).stem.replace("_", " ")
    said = "what the sentences are made of" if file.endswith(SAID) else numbered.get(file, name)
    return f'<a href="{escape(file)}">{escape(said)} (CSV)</a>'


def _line(
    html: str, chapter: Chapter, held: Published, numbered: Mapping[str, str], about: str = ""
) -> str:
    """Return the line below a sentence: the tables that hold its numbers, or what it is made of."""
    text = BeautifulSoup(html, "html.parser").get_text(" ", strip=True)
    files = held.sources(text) or [said_file(chapter.number)] * bool(numbers(text))
    links = ", ".join(_link(file, numbered) for file in files if file in held.tables)
    return f'<p class="trace">Figures: {links}{about}.</p>' if links else ""


def _traced(
    chapter: Chapter, published: Published, numbered: Mapping[str, str], about: str
) -> Chapter:
    held, soup = published.of(chapter.number), BeautifulSoup(chapter.body, "html.parser")
    for computed in soup.find_all("div", class_="computed"):
        line = _line(str(computed), chapter, held, numbered)
        computed.append(BeautifulSoup(line, "html.parser"))
    about = f"; notebook {chapter.name}; {about}"
    trace = _line(chapter.finding, chapter, held, numbered, about)
    return replace(chapter, body=str(soup), trace=trace)


def traced(chapters: Iterable[Chapter], published: Published, *, definition: str) -> list[Chapter]:
    """
    Return chapters whose sentences name the tables that hold their numbers.

    Parameters
    ----------
    published
        The tables of the run.
    definition
        The name of the definition, or "" where none was applied.
    """
    chapters = list(chapters)
    about = f"definition {escape(definition)}" if definition else "as published, no definition"
    numbered = _numbered(chapters)
    return [_traced(chapter, published, numbered, about) for chapter in chapters]


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
