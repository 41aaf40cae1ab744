"""How well the values of a column fit each column of the contracts."""

import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache

from vrn_analysis.count.classify.codes import is_code, is_title
from vrn_analysis.count.classify.people import AGE_UNKNOWN, parse_age_band
from vrn_analysis.drafting.dates import Dated, clock_share, read_dates
from vrn_analysis.drafting.headings import NOT_STOOD, Words
from vrn_analysis.read.extracts.labels import flags_in
from vrn_analysis.read.extracts.mapping import Origin
from vrn_analysis.read.extracts.meanings import meaning
from vrn_analysis.read.extracts.vocabulary import WORDED

# what no assignment may make: the values say that the column is something else
NEVER = -1.0
# how much of a column has to fit where its values alone say what it is
LEAST_FIT = 0.8
LONGEST_LABEL, MOST_LABELS, MOST_LOOKED_AT = 70, 600, 400
# labels of these are so much their own that they tell a column by themselves
DISTINCT = (
    "location_type", "weapon", "relationship_to_victim", "offence_title", "offence_code",
    "lsoa_code", "grid_reference", "longitude", "latitude", "role",
)  # fmt: skip
_LSOA = re.compile(r"[EWSN]\d{8}")
_AREA_CODE = re.compile(r"[A-Z]{1,5}\d{3,8}")
_AGE = re.compile(
    r"(?i)0*\d{1,3}(?:\.0+)?\s*(?:y|yo|yrs?|years?|oed)?(?:\s*/?\s*(?:old|yrs?|years?))?\.?|\d+\s*(?:m|mths?|months?|w|wks?|weeks?|days?)"
)
_WORDY_AGE = re.compile(r"(?i)juv\w*|adult|child|youth|minor")
_CODE = re.compile(r"\d{1,3}[A-Za-z]?")
OUTCOMES = {"outcome", "disposal", "result"}
_SLASH = re.compile(r"\d{1,3}[A-Za-z]?/\d{1,3}")
# the squares of the National Grid begin with few letters
GRID = re.compile(
    r"(?i)[HNOST][A-HJ-Z]\s*\d{2,5}\s*\d{2,5}|\d{5,6}(?:\.\d+)?\s*[,/;]\s*\d{4,7}(?:\.\d+)?"
)
_IDENTIFIER = re.compile(r"(?i)(?=.*\d)[\w/*.#-]{1,40}(?: [\w/*.#-]{1,20}){0,2}")
_GRADES = ("standard", "medium", "high")
_UNKNOWN = frozenset(
    ("", "-", "n/a", "n/k", "na", "nk", "nan", "null", "not known", "unknown", "unk", "none")
)


@dataclass(frozen=True)
class Column:
    """
    A column as received: its heading, and how many of the rows looked at have each value.

    `how` says how its cells are read. One that lists persons has `most` in a cell. Keywords are
    `boxed` where a cell also lists those that are not set.
    """

    name: str
    words: Words
    counts: Counter
    rows: int
    how: Origin = Origin()
    most: int = 0
    boxed: bool = False

    @cached_property
    def said(self) -> dict[str, int]:
        """The values that say something, most first."""
        return {v: n for v, n in self.counts.most_common() if v.lower() not in _UNKNOWN}

    @cached_property
    def top(self) -> dict[str, int]:
        """The commonest values, which are enough to tell a category."""
        return dict(list(self.said.items())[:MOST_LOOKED_AT])

    @cached_property
    def dates(self) -> Dated:
        """The form of the dates."""
        return read_dates(self.said)

    @cached_property
    def blanks(self) -> int:
        """How many of the rows have nothing there."""
        return self.rows - sum(self.counts.values())

    def share(self, fits: Callable[[str], bool]) -> float:
        """Return how much of what is said fits."""
        total = sum(self.top.values())
        return sum(n for value, n in self.top.items() if fits(value)) / total if total else 0.0

    def within(self, least: float, most: float, digits: int = 1) -> float:
        """Return how much of what is said is a number between two limits."""

        def fits(text: str) -> bool:
            try:
                return least <= float(text.replace(",", "")) <= most and (
                    len(text.split(".")[0].strip("-")) >= digits
                )
            except ValueError:
                return False

        return self.share(fits)


@lru_cache(maxsize=20_000)
def _means(label: str, field: str) -> bool:
    return meaning(label, field) is not None


def stands_not(column: Column) -> dict[str, int]:
    """Return the labels of a status or outcome that say that a record does not stand."""
    # a few labels of an outcome that are not understood do not make the others stand
    named = {*OUTCOMES, "status"} & set(column.words.words)
    known = column.share(lambda label: _means(label, "status"))
    if len(column.said) > MOST_LABELS or known < (0.5 if named else 0.9):
        return {}
    return {label: n for label, n in column.said.items() if meaning(label, "status") in NOT_STOOD}


def grades(column: Column) -> list[str]:
    """
    Return the labels that grade a risk, as DASH does where there was domestic abuse.

    There are none where another label says more than that there was no abuse, or where every
    record has a grade: then it may be a grade of something else.
    """
    graded = [v for v in column.said if re.sub(r"[\W_]*risk[\W_]*", "", v.lower()) in _GRADES]
    others = {meaning(value, "domestic_flag") for value in column.said if value not in graded}
    return graded if others <= {"no"} and (others or column.blanks) else []


def _labelled(column: Column, field: str) -> float:
    values = column.said
    if not values:
        return 0.3
    longest = sum(len(v) * n for v, n in column.top.items()) / max(sum(column.top.values()), 1)
    many = len(values) > MOST_LABELS or (len(values) > 40 and 2 * len(values) > column.rows)
    if longest > LONGEST_LABEL or many or column.dates.share > 0.5:
        return NEVER
    known = column.share(lambda label: _means(label, field))
    counts = len(values) == 1 and column.within(0, 10**9)
    if counts or (known < 0.1 and column.share(is_title) > 0.3):
        return NEVER  # how many, the number of a version, or the title of an offence
    return _of_labels(column, field, known)


def _of_labels(column: Column, field: str, known: float) -> float:
    """Return how well labels fit, of which a share is understood."""
    if field == "domestic_flag" and grades(column):
        return 1.0
    if field == "status":
        return known if stands_not(column) else 0.75 * known
    if field == "investigation_outcome" and not OUTCOMES & set(column.words.words):
        # another list of codes may have the same numbers
        return NEVER if column.share(lambda text: bool(_CODE.fullmatch(text))) > 0.5 else known
    if field in ("domestic_flag", "sexual_flag", "sex", "role", "time_precision"):
        return known if known >= 0.6 else NEVER
    if field in ("location_type", "relationship_to_victim") and known < 0.1:
        # a list of codes of one's own needs a name to be told, and numbers are no labels
        return NEVER if column.within(0, 10**9) > 0.8 else 0.1
    return known


def _dated(column: Column, field: str) -> float:
    dates = column.dates
    if not column.said:
        return 0.0
    if dates.share < 0.6:
        return NEVER
    birth = dates.years[1] - dates.years[0] > 25 or dates.years[1] < 2000
    if field == "born":
        return 1.0 if birth else (0.3 if dates.years[1] - dates.years[0] > 5 else NEVER)
    if birth:
        return NEVER if dates.years[1] < 2000 else 0.2
    early = {"occurred_from": 0.9, "occurred_to": 0.9, "recorded_on": 0.8, "extracted_on": 0.7}
    return early[field] + 0.1 * (dates.timed == (field in ("occurred_from", "occurred_to")))


def _identifier(column: Column, field: str) -> float:
    if not column.said or column.dates.share > 0.5:
        return NEVER
    like = column.share(lambda text: bool(_IDENTIFIER.fullmatch(text)))
    distinct = len(column.said) / max(sum(column.said.values()), 1)
    # flags and categories repeat, identifiers do not
    if like < 0.5 or (distinct < 0.02 and len(column.said) < 20):
        return NEVER
    filled = 1 - column.blanks / max(column.rows, 1)
    # of incidents some are no crimes
    if field == "offence_id" and filled < (0.3 if "crime" in column.words.words else 0.9):
        return NEVER
    if set(column.said) == {str(number) for number in range(1, len(column.said) + 1)}:
        return 0.2  # the number of the row, where anything else will do
    return 0.4 * like + 0.6 * min(1.0, distinct * 1.6)


def _age(column: Column, field: str) -> float:
    if not column.said:
        return 0.3
    if column.dates.share > 0.5:
        return NEVER
    plain = column.share(lambda v: bool(_AGE.fullmatch(v)) and column.within(0, 0) < 1)
    odd = column.share(lambda v: bool(_WORDY_AGE.fullmatch(v)) or parse_age_band(v) != AGE_UNKNOWN)
    best = max(plain, odd) if field == "age" else odd if plain < 0.9 else 0.2
    return best if best >= 0.5 else NEVER


def _title(column: Column) -> float:
    words = column.share(lambda text: len(re.findall(r"[A-Za-z]", text)) >= 4 or is_title(text))
    if words < 0.6 or column.dates.share > 0.5:
        return NEVER
    return column.share(is_title)


def _code(column: Column, field: str) -> float:
    slash = column.share(lambda text: bool(_SLASH.fullmatch(text)))
    known = max(column.share(is_code), slash)
    lettered = column.share(lambda text: bool(re.search(r"\d[A-Za-z]", text)))
    # a number that every record has is that of the force, or of the file
    constant = len(column.said) == 1 and next(iter(column.said)).isdigit()
    if known < 0.35 or column.dates.share > 0.9 or constant:
        return NEVER
    if field == "offence_subcode":
        return known * slash
    # a number alone may count anything
    return known if lettered or slash > 0.5 else 0.5 * known


def _keywords(column: Column) -> float:
    found = column.share(lambda text: bool(flags_in(text)))
    parted = column.share(lambda text: bool(re.search(r"[,;|]", text)))
    short = column.share(lambda text: len(text) < 200)
    return NEVER if found < 0.05 or short < 0.9 else min(1.0, 0.5 * found + 0.5 * parted + 0.3)


_RANGES = {
    "easting": (60_000, 760_000, 5), "northing": (3_000, 1_230_000, 4),
    "longitude": (-9.5, 4.5, 1), "latitude": (49, 61.5, 2),
}  # fmt: skip


def _other(column: Column, field: str) -> float:
    if field in _RANGES:
        found = column.within(*_RANGES[field])
        decimals = column.share(lambda text: "." in text)
        # a place in degrees has decimals, a place in metres six digits
        found *= decimals if field in ("longitude", "latitude") else 1.0
        return found if found >= 0.6 else NEVER
    if field.endswith(".time"):
        clocks = clock_share(column.said) if len(column.said) > 1 else 0.0
        return clocks if clocks >= 0.6 else NEVER
    if field in ("lsoa_code", "home_lsoa_code"):
        # a code of another kind is believed only where the heading says so
        other = column.share(lambda text: bool(_AREA_CODE.fullmatch(text)))
        found = max(column.share(lambda text: bool(_LSOA.fullmatch(text))), 0.7 * other)
        return found if found >= 0.6 else NEVER
    if field == "grid_reference":
        found = column.share(lambda text: bool(GRID.fullmatch(text)) and not text.isdigit())
        return found if found >= 0.6 and column.dates.share < 0.5 else NEVER
    if field == "person_number":
        return column.within(1, 60) if column.within(1, 60) > 0.9 else NEVER
    if field == "recording_force":
        return 0.6 if column.said and len(column.said) < 60 and not column.within(0, 1e9) else NEVER
    return 0.0


def fit(column: Column, field: str) -> float:
    """Return how well the values fit a column of the contracts, from 0 to 1, or `NEVER`."""
    if field in ("occurred_from", "occurred_to", "recorded_on", "extracted_on", "born"):
        return _dated(column, field)
    if field in WORDED:
        return _labelled(column, field)
    if field in ("offence_id", "incident_ref", "person_ref"):
        return _identifier(column, field)
    if field in ("age", "age_band"):
        return _age(column, field)
    if field == "offence_title":
        return _title(column)
    if field in ("offence_code", "offence_subcode"):
        return _code(column, field)
    return _keywords(column) if field == "keywords" else _other(column, field)
