"""From a code, sub-code or title as a source writes it to one Home Office class."""

import re
import unicodedata
from collections import defaultdict
from dataclasses import dataclass
from functools import cache

from vrn_analysis.checks.dates import looks_like_a_date
from vrn_analysis.definition import offence_codes

# what is known of a record's class; all but "known" make the record UNKNOWN
STATUSES = (
    "known",
    "missing",
    "unmapped",
    "ambiguous",
    "unverified",
    "legacy",
    "spreadsheet_date",
)


@dataclass(frozen=True)
class Resolved:
    """The class of one spelling, or why there is none, and what to say about it."""

    status: str
    class_code: str = ""
    subcode: str = ""
    flags: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Tables:
    classes: dict[str, dict[str, str]]
    codes: dict[str, set[str]]
    verified: set[str]
    legacy: set[str]
    titles: dict[str, set[str]]
    doubtful_titles: dict[str, str]


def normalise_code(text: str) -> str:
    """
    Return a code in one spelling: `5d`, `005D` and `"5D "` are 5D; 00501 and 005/01 are 5/1.

    A five-digit number is a class and a sub-code; a sub-code of nothing but zeros is no sub-code.
    """
    text = unicodedata.normalize("NFKC", text).upper()
    text = re.sub(r"[\s'\"`‘’“”]", "", text).replace("⁄", "/").replace("\\", "/")
    text = re.sub(r"^(\d{3})(\d{2})$", r"\1/\2", text)
    text = re.sub(r"^(\d+)\.0$", r"\1", text)
    parts = [part.lstrip("0") for part in text.split("/")]
    return "/".join(part for part in parts if part)


def normalise_title(text: str) -> str:
    """Return a title in lower case, without punctuation, curly quotes or repeated spaces."""
    text = unicodedata.normalize("NFKC", text).casefold()
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.replace("&", " and ")).split())


def _doubt(kind: str) -> str:
    return "legacy" if kind == "legacy" else "unverified"


@cache
def _tables() -> _Tables:
    rows = offence_codes()
    codes, titles, doubtful = defaultdict(set), defaultdict(set), {}
    for row in rows:
        codes[row["code"]].add(row["class_code"])
        # a sub-code or legacy row repeats the title of the class it leads to: not its own
        own = [row["offence_type"]] if row["kind"] == "class" else []
        for name in filter(None, own + row["other_titles"].split(";")):
            if row["verified"] == "yes":
                titles[normalise_title(name)].add(row["class_code"])
            else:
                doubtful[normalise_title(name)] = _doubt(row["kind"])
    return _Tables(
        classes={row["code"]: row for row in rows if row["kind"] == "class"},
        codes=dict(codes),
        verified={row["code"] for row in rows if row["verified"] == "yes"},
        legacy={row["code"] for row in rows if row["kind"] == "legacy"},
        titles=dict(titles),
        doubtful_titles=doubtful,
    )


def class_row(class_code: str) -> dict[str, str]:
    """Return the row of `offence_codes.csv` for a class; empty for an unknown class."""
    return _tables().classes.get(class_code, {})


def _from_code(code: str, title_classes: set[str]) -> tuple[str, str]:
    tables = _tables()
    candidates = tables.codes.get(code)
    if candidates is None:
        return "unmapped", ""
    if len(candidates) == 1 and code in tables.verified:
        return "known", next(iter(candidates))
    # a code that does not decide alone is decided by a title that agrees with it
    agreed = candidates & title_classes
    if len(agreed) == 1:
        return "known", next(iter(agreed))
    if code in tables.legacy:
        return "legacy", ""
    return ("ambiguous" if len(candidates) > 1 else "unverified"), ""


def _disagreements(found: str, subcode: str, title_classes: set[str]) -> list[str]:
    tables = _tables()
    flags = []
    if title_classes and found not in title_classes:
        flags.append("code_and_title_disagree")
    named = tables.codes.get(subcode, set()) if subcode in tables.verified else set()
    if named and found not in named:
        flags.append("code_and_subcode_disagree")
    return flags


def resolve(code: str, subcode: str, title: str) -> Resolved:
    """
    Return the class that a code, sub-code and title name; any of them may be empty.

    The code decides; where it is blank the title does, then the sub-code. A code that is given
    but cannot be used is never passed over in silence: its status says why.
    """
    normal, normal_sub = normalise_code(code), normalise_code(subcode)
    if looks_like_a_date(code) or (not normal and looks_like_a_date(subcode)):
        return Resolved("spreadsheet_date")
    words = normalise_title(title)
    title_classes = _tables().titles.get(words, set())
    slash = normal_sub or (normal if "/" in normal else "")
    flags = []
    if normal:
        status, found = _from_code(normal, title_classes)
        if status == "known" and normal in _tables().legacy:
            flags.append("legacy_code")
    elif len(title_classes) == 1:
        status, found = "known", next(iter(title_classes))
        flags.append("class_from_title")
    elif normal_sub:
        status, found = _from_code(normal_sub, title_classes)
        flags.append("class_from_subcode")
    elif not words:
        return Resolved("missing")
    else:
        doubt = _tables().doubtful_titles.get(words, "unmapped")
        status, found = ("ambiguous" if title_classes else doubt), ""
    if status != "known":
        return Resolved(status, subcode=slash)
    flags += _disagreements(found, normal_sub, title_classes)
    return Resolved("known", found, slash, tuple(flags))
