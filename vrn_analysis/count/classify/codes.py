"""Find the Home Office classes that a code, sub-code or title can be."""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache, reduce

from vrn_analysis.core.definition import offence_codes
from vrn_analysis.count.classify.wordings import Reading, read_wording
from vrn_analysis.read.checks.dates import looks_like_a_date

# what is known of a record's class; all but "known" leave it UNKNOWN, unless a definition treats
# every class that it can be alike
STATUSES = (
    "known", "missing", "unmapped", "ambiguous", "unverified", "legacy", "spreadsheet_date",
    "contradicted",
)  # fmt: skip
NOBODY: frozenset[str] = frozenset()
_CODE = r"\d{1,3}(?:[A-Z]|\.\d{1,2})?"
# a code before words has a letter, a sub-code, a leading zero or a mark that sets it apart
_LEADING = re.compile(
    rf"({_CODE}[/\\]\d{{1,3}}|\d{{5}}|\d{{1,3}}[A-Z]|0\d\d|{_CODE}(?=\s*[-–—:|])|\d\.\d{{1,2}})"
    r"(?![\w/.])\W*(.*[A-Z].*)",
    re.IGNORECASE,
)
_TRAILING = re.compile(
    rf"(.*[A-Z].*?)[\s\W]+({_CODE}[/\\]\d{{1,3}}|\d{{1,3}}[A-Z])[)\]\s]*", re.IGNORECASE
)
_NUMBERED = re.compile(r"(\d{1,2}) +(.*[A-Za-z].*)|(.*[A-Za-z].*?) *[\[(](\d{1,2})[\])]")
_HOME_OFFICE = re.compile(
    r"^\W*(?:(?:HO|HOC|HOCR|HOME OFFICE|OFFENCE|CLASS|CODE)\b[\s.:]*)+(?=\d)|^HO(?=\d)",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Resolved:
    """
    The class of one spelling, or why it has none, and the flags to show.

    `classes` holds every class it can be, and is empty where that is not known either; "-" is an
    offence that the list of codes does not have.
    """

    status: str
    class_code: str = ""
    subcode: str = ""
    flags: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Tables:
    classes: dict[str, dict[str, str]]
    codes: dict[str, frozenset[str]]
    numbers: dict[str, frozenset[str]]
    verified: set[str]
    legacy: set[str]
    titles: dict[str, frozenset[str]]
    legacy_titles: set[str]


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


@cache
def _tables() -> _Tables:
    codes, numbers, titles = defaultdict(set), defaultdict(set), defaultdict(set)
    legacy_titles, rows = set(), offence_codes()
    for row in rows:
        code = row["class_code"]
        codes[row["code"]].add(code)
        numbers[re.match(r"\d+", code).group()].add(code)
        # a sub-code or legacy row repeats the title of the class it leads to: not its own
        own = [row["offence_type"]] if row["kind"] == "class" else []
        for name in map(normalise_title, filter(None, own + row["other_titles"].split(";"))):
            if row["kind"] == "legacy":
                legacy_titles.add(name)
            elif row["verified"] == "yes" or name not in titles:
                titles[name].add(code)
    return _Tables(
        classes={row["code"]: row for row in rows if row["kind"] == "class"},
        codes={code: frozenset(found) for code, found in codes.items()},
        numbers={number: frozenset(found) for number, found in numbers.items()},
        verified={row["code"] for row in rows if row["verified"] == "yes"},
        legacy={row["code"] for row in rows if row["kind"] == "legacy"},
        titles={name: frozenset(found) for name, found in titles.items()},
        legacy_titles=legacy_titles,
    )


def class_row(class_code: str) -> dict[str, str]:
    """Return the row of `offence_codes.csv` for a class; empty for an unknown class."""
    return _tables().classes.get(class_code, {})


def _listed_code(code: str) -> str:
    """Return the code that the list has: itself, or the class before its slash; else ""."""
    first = code.split("/")[0]
    lettered = first if re.search(r"[A-Z.]", first) else ""
    return next((one for one in (code, lettered) if one in _tables().codes), "")


@lru_cache(maxsize=10_000)
def _read_title(words: str) -> tuple[Reading, ...]:
    name, tables = normalise_title(words), _tables()
    if name in tables.legacy_titles:
        return (Reading(NOBODY, NOBODY, "legacy"),)
    if name in tables.titles:
        return (Reading(tables.titles[name], tables.titles[name]),)
    return read_wording(words)


def _split(text: str) -> tuple[str, str]:
    """Return the code and the words of a cell, which may contain either or both."""
    text = _HOME_OFFICE.sub("", text.strip())
    if _listed_code(code := normalise_code(text)):
        return code, ""
    if found := _LEADING.fullmatch(text):
        return normalise_code(found[1]), found[2]
    found = _TRAILING.fullmatch(text)
    if found and _listed_code(normalise_code(found[2])):
        return normalise_code(found[2]), found[1]
    # a bare number, as in "1 Murder" and "MURDER [1]", is a code where the words say the same
    numbered = _NUMBERED.fullmatch(text)
    if numbered and any(
        {numbered[1], numbered[4]} & one.classes for one in _read_title(numbered[2] or numbered[3])
    ):
        return "", numbered[2] or numbered[3]
    return ("", text) if _read_title(text) else (code, "")


def is_code(text: str) -> bool:
    """Return whether a text is, or begins or ends with, a code of the list of offence codes."""
    return bool(_listed_code(_split(text)[0]))


def is_title(text: str) -> bool:
    """Return whether the words of a text are a known offence, if only one of several classes."""
    return bool(_read_title(_split(text)[1]))


def _read_code(code: str) -> Reading:
    tables, listed = _tables(), _listed_code(code)
    if not listed:
        # a sub-code in no list still names the number of its class
        number = code.split("/")[0]
        classes = tables.numbers.get(number, NOBODY) if number.isdigit() else NOBODY
        return Reading(classes, classes, "unmapped")
    status = "known" if listed in tables.verified else "unverified"
    classes = tables.codes[listed]
    return Reading(classes, classes, "legacy" if listed in tables.legacy else status)


def _agree(readings: Sequence[Reading]) -> frozenset[str]:
    """Return the classes that some reading names and none rules out."""
    named = reduce(frozenset.union, (one.classes for one in readings), NOBODY)
    return reduce(frozenset.intersection, (one.full for one in readings), named)


def _weigh(code: Reading | None, others: Sequence[Reading]) -> tuple[str, frozenset[str]]:
    """Return the status and classes of a code, given the other evidence."""
    if code and not code.classes:
        return code.status, NOBODY
    every = [*([code] if code else []), *others]
    agreed = _agree(every)
    if not agreed:
        # a code that is not verified may have a meaning that is not listed
        doubtful = code and code.status in ("unverified", "legacy")
        union = frozenset().union(*(one.classes for one in every))
        return "contradicted", NOBODY if doubtful else union
    if code and code.status != "known":
        agreed = _agree(others)
        if not agreed or not agreed <= code.classes:
            return code.status, NOBODY
    if len(agreed) > 1:
        return "ambiguous", agreed
    (only,) = agreed
    if only not in _tables().classes:
        return "unmapped", agreed
    return ("known" if only in _tables().verified else "unverified"), agreed


def _contradicts(a: Reading, b: Reading) -> bool:
    return a.full.isdisjoint(b.classes) and b.full.isdisjoint(a.classes)


def resolve(code: str, subcode: str, title: str) -> Resolved:
    """
    Return the class that a code, sub-code and title name; any of them may be empty.

    Each is evidence for the others. A code or sub-code that is not verified counts where the title
    agrees; a title decides where there is no code. Evidence that disagrees leaves the class open
    between what each says, and a code that cannot be used is never passed over in silence.
    """
    if looks_like_a_date(code) or (not normalise_code(code) and looks_like_a_date(subcode)):
        return Resolved("spreadsheet_date")
    cells = [_split(text) for text in (code, subcode, title)]
    given, second = cells[0][0], cells[1][0]
    inside = cells[2][0] if _listed_code(cells[2][0]) and not title.strip().isdigit() else ""
    read = [found for _code, words in cells if words for found in _read_title(words)]
    titles = [found for found in read if found.classes]
    first = given or inside
    slash = next((re.sub("[A-Z]/", "/", one) for one in (second, first) if "/" in one), second)
    main = _read_code(first or second) if first or second else None
    if not first and main and titles and main.status != "known":
        # a sub-code that is not verified leaves the title to decide, unless it contradicts it
        main = main if main.classes and _contradicts(main, titles[0]) else None
    if main is None and not titles:
        legacy = any(found.status == "legacy" for found in read)
        said = "unmapped" if (code + subcode + title).strip(" 0") else "missing"
        return Resolved("legacy" if legacy else said, subcode=slash)
    parts = [_read_code(second)] if first and second in _tables().verified else []
    status, classes = _weigh(main, [*parts, *titles])
    flags = {
        "legacy_code": status == "known" and given in _tables().legacy,
        "class_from_title": not given and bool(titles or inside),
        "class_from_subcode": not given and not titles and not inside,
        "code_and_title_disagree": any(_contradicts(main or titles[0], one) for one in titles),
        "code_and_subcode_disagree": any(_contradicts(main, one) for one in parts if main),
    }
    useful = classes or status == "contradicted"
    return Resolved(
        status,
        min(classes) if status == "known" else "",
        slash,
        tuple(name for name, holds in flags.items() if holds and useful),
        tuple(sorted(classes)),
    )
