"""
Find words that an assessment does not use, with the reason and the alternative.

The list is a file, `data/reference/words.csv`, so that a partnership can add to it. It knows words
and the words beside them, not meaning: it finds slips, and does not replace a careful reader.
"""

import re
from pathlib import Path

import pandas as pd

from vrn_analysis.core import config
from vrn_analysis.core.errors import DataError
from vrn_analysis.read.sources.judgement import words_of

KINDS = ("person", "place", "victim", "group", "health", "alarm", "causal", "plain")
COLUMNS = ["term", "kind", "beside", "allowed", "reason", "alternative", "example", "fine"]
NEEDED = ["term", "kind", "reason", "alternative", "example"]
FOUND = ["found", "term", "kind", "sentence", "reason", "alternative"]
# a full stop, a blank line, or the start of a list item, a table row or a heading ends a sentence
BREAK = re.compile(r"(?<=[.!?])[\"'”’)]*\s+|\n\s*\n|\n\s*(?=[-*|#>])|\s*\|\s*")
# "suspect, not perpetrator" tells a writer which word to leave
NAMED = re.compile(r"\b(?:not|never|nor)\s+[\"'“‘`]?(?:\w+\s+)?$", re.IGNORECASE)
# "this does not show that deprivation causes violence" is what an ecological result may say
DENIED = re.compile(
    r"\b(?:not|nothing|never|no|none|nor|cannot|neither|without|whether)\b", re.IGNORECASE
)
DENIED_WITHIN = 60  # characters before a causal word


def _pattern(terms: list[str]) -> re.Pattern[str]:
    """Return a pattern of terms: `*` is any ending, a space also a hyphen or a new line."""
    words = (re.escape(term).replace(r"\*", r"\w*") for term in terms)
    spaced = (re.sub(r"(?:\\[ -])+", r"[\\s\\-\\u2010\\u2011]+", word) for word in words)
    return re.compile(rf"(?<!\w)(?:{'|'.join(spaced)})(?!\w)", re.IGNORECASE)


def _mistakes(words: pd.DataFrame) -> list[str]:
    if missing := [column for column in COLUMNS if column not in words]:
        return [f"no column {', '.join(missing)}"]
    found = [
        f"line {at + 2} has no {column}"
        for column in NEEDED
        for at in words.index[words[column].str.strip() == ""]
    ]
    unknown = words.loc[~words["kind"].isin(KINDS), "kind"].unique()
    if len(unknown):
        found.append(f"kind {', '.join(map(repr, unknown))} is none of {', '.join(KINDS)}")
    if len(twice := words.loc[words["term"].duplicated(), "term"]):
        found.append(f"twice in the list: {', '.join(twice)}")
    return found


def word_list(file: Path | None = None) -> pd.DataFrame:
    """
    Read the list of words.

    Parameters
    ----------
    file
        A list of your own; None means the one that ships with the project.

    Returns
    -------
    words
        `term` (`*` stands for any ending; several parted by semicolons), `kind` (person, place,
        victim, group, health, alarm or causal), `beside` (the term is a problem only where one of
        these stands in the same sentence; empty means everywhere), `allowed` (phrases that hold
        the term and are fine), `reason`, `alternative`, `example` (a sentence that is caught) and
        `fine` (one that is not).

    Raises
    ------
    DataError
        If columns, reasons or alternatives are missing, or a term is there twice: all at once.
    """
    file = file or config.resource("data", "reference", "words.csv")
    words = pd.read_csv(file, dtype="str", keep_default_na=False, encoding="utf-8")
    if found := _mistakes(words):
        raise DataError(f"{file.name}: {len(found)} mistakes: {'; '.join(found)}.")
    return words[COLUMNS]


def sentences(text: str) -> list[str]:
    """Return the sentences of a text: also its headings, list items and table cells."""
    parts = (" ".join(part.split()) for part in BREAK.split(text))
    return [part for part in parts if part]


def _is_denied(before: str, kind: str) -> bool:
    if NAMED.search(before):
        return True
    return kind == "causal" and bool(DENIED.search(before[-DENIED_WITHIN:]))


def _found_by(rule: pd.Series, text: str) -> list[dict[str, str]]:
    """Return the words of a text that break one rule, as they are written there."""
    term, beside, allowed = (_pattern(words_of(rule[c])) for c in ("term", "beside", "allowed"))
    if not term.search(text):
        return []
    found = []
    for sentence in sentences(text):
        if rule["beside"] and not beside.search(sentence):
            continue
        fine = [match.span() for match in allowed.finditer(sentence)] if rule["allowed"] else []
        found += [
            {"found": match.group(), "sentence": sentence}
            for match in term.finditer(sentence)
            if not any(start <= match.start() and match.end() <= end for start, end in fine)
            and not _is_denied(sentence[: match.start()], rule["kind"])
        ]
    return [one | rule[["term", "kind", "reason", "alternative"]].to_dict() for one in found]


def problems(text: str, *, words: pd.DataFrame | None = None) -> pd.DataFrame:
    """
    Return the words of a text that an assessment does not use.

    A word that a sentence names in order to leave it ("suspect, not perpetrator") is no problem,
    nor is a causal word that the sentence denies ("does not show that it causes").

    Parameters
    ----------
    text
        Plain text or Markdown.
    words
        A list as `word_list` returns it; None means the one that ships with the project.

    Returns
    -------
    problems
        One row a finding, in the order of the list: `found` (as written), `term`, `kind`,
        `sentence`, `reason`, `alternative`. Empty where there is none.
    """
    rules = word_list() if words is None else words
    rows = [row for _, rule in rules.iterrows() for row in _found_by(rule, text)]
    return pd.DataFrame(rows, columns=FOUND, dtype="str")
