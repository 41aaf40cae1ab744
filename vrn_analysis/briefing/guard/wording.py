"""Words and dignity on built pages: what is said, what stands beside a map, who is not profiled."""

from collections.abc import Collection, Mapping
from functools import cache

import numpy as np
import pandas as pd

from vrn_analysis.briefing.content import markup
from vrn_analysis.briefing.content.markup import parsed
from vrn_analysis.briefing.content.published import SAID, Published
from vrn_analysis.core.errors import AssessmentError, DisclosureError, listed
from vrn_analysis.count.tables import profiled
from vrn_analysis.say import language

STRONG = "community assets"  # in the description of a map with assets marked
NO_ASSETS = "No list of community assets"


@cache
def _rules(ecological: bool) -> pd.DataFrame:
    words = language.word_list()
    if ecological:
        # there, what a sentence is about need not be said again for its verb to claim a cause
        causal = words["kind"] == "causal"
        words = words.assign(beside=words["beside"].mask(causal, ""))
    return words


def _passages(pages: Mapping[str, str]) -> dict[str, set[str]]:
    """Return the passages of pages by chapter, each once."""
    found: dict[str, set[str]] = {}
    for html in pages.values():
        for passage in markup.passages(html):
            found.setdefault(passage.chapter, set()).add(passage.text)
    return found


def _cells(known: Published) -> set[str]:
    """Return the texts of the tables, small letters: the words of whoever sent the data."""
    tables = [table for name, table in known.tables.items() if not name.endswith(SAID)]
    return {str(cell).lower() for table in tables for cell in np.unique(table.to_numpy(str))}


def problems(pages: Mapping[str, str], *, ecological: Collection[str] = ()) -> pd.DataFrame:
    """
    Return the words of pages that an assessment does not use, as `language.problems` does.

    `ecological` are the numbers of the chapters that compare areas: there a causal verb is refused
    in every sentence.
    """
    none = language.problems("")
    found = [
        language.problems("\n\n".join(sorted(texts)), words=_rules(chapter in ecological))
        for chapter, texts in _passages(pages).items()
    ]
    return pd.concat([none, *found], ignore_index=True).drop_duplicates()


def check(pages: Mapping[str, str], known: Published, *, names: Collection[str] = ()) -> list[str]:
    """
    Refuse pages with words that an assessment does not use; return warnings.

    A word that comes from the data, such as the name of a partner's programme, or from the names of
    the settings, is a warning.

    Raises
    ------
    AssessmentError
        All such words of our own, each with its sentence and what to write instead.
    """
    compare = [number for number, about in known.about.items() if about.ecological]
    found = problems(pages, ecological=compare)
    cells = _cells(known) | {name.lower() for name in names} if len(found) else set()
    told = {
        f"“{row.found}” in {row.sentence[:120]!r}: {row.reason} Write instead: {row.alternative}":
        any(row.found.lower() in cell for cell in cells)
        for row in found.itertuples()
    }  # fmt: skip
    if ours := [text for text, from_data in told.items() if not from_data]:
        raise AssessmentError(
            f"The briefing was refused: {len(ours)} words that an assessment does not use: "
            f"{listed(ours)}."
        )
    return [f"in the words of a source: {text}" for text in told]


def _maps_alone(html: str, chapter: str) -> list[str]:
    soup = parsed(html)
    beside = "" if chapter == html else parsed(chapter).get_text(" ")
    sections = soup.select("section.chapter, section.cover, section.points") or [soup]
    found = []
    for section in sections:
        alts = [image.get("alt", "") for image in section.find_all("img")]
        maps = [alt for alt in alts if alt.startswith("Map of") or " maps side by side" in alt]
        said = section.get_text(" ") + beside
        if maps and NO_ASSETS not in said and not any(STRONG in alt for alt in maps):
            found.append(maps[0][:80])
    return found


def check_maps(pages: Mapping[str, str]) -> None:
    """
    Refuse a page whose maps show violence without community assets.

    Raises
    ------
    AssessmentError
        If no assets are marked, and the page does not state that none were supplied.
    """
    alone = [
        f"{name}: {alt!r}"
        for name, html in pages.items()
        # an appendix is a part of its chapter
        for alt in _maps_alone(html, pages.get(name.replace("_appendix.", "."), ""))
    ]
    if alone:
        raise AssessmentError(
            f"The briefing was refused: {len(alone)} pages show maps of violence without "
            f"community assets: {'; '.join(alone)}. Give the figure assets=, or call "
            "publish.save_assets in the same chapter."
        )


def check_children(known: Published) -> None:
    """
    Refuse a table with a row about suspects under the age of criminal responsibility.

    Raises
    ------
    DisclosureError
        The tables, and how many of their rows.
    """
    found = [
        f"{name}.csv ({rows} of {len(table)} rows)"
        for name, table in known.tables.items()
        if "role" in table and (rows := len(table) - len(profiled(table)))
    ]
    if found:
        raise DisclosureError(
            f"The briefing was refused: suspects under 10 are not profiled; {len(found)} tables "
            f"have rows about them: {', '.join(found)}. Put tables.profiled after protection."
        )
