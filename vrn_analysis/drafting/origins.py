"""Where the values of each column of the contracts come from, as a mapping says it."""

from collections.abc import Mapping as Lookup
from collections.abc import Sequence
from dataclasses import dataclass, replace

from vrn_analysis.count.classify.codes import is_title
from vrn_analysis.count.classify.people import AGE_UNKNOWN, parse_age_band
from vrn_analysis.drafting.columns import Found
from vrn_analysis.drafting.evidence import Column, grades, stands_not
from vrn_analysis.drafting.headings import NOT_STOOD, template
from vrn_analysis.read.extracts.labels import flags_in
from vrn_analysis.read.extracts.mapping import Origin
from vrn_analysis.read.extracts.meanings import meaning

DATES = ("occurred_from", "occurred_to", "recorded_on", "extracted_on", "born")
FLAGS = ("domestic_flag", "sexual_flag")
# of a column of keywords: what it is asked, and what a keyword found makes of it
KEYWORDS = {"domestic_flag": "", "sexual_flag": "", "weapon": "knife_or_sharp"}
MANY = 0.02


@dataclass(frozen=True)
class Question:
    """
    What only the analyst can tell: the records it moves, the answers there are and the first guess.

    `key` names it in the `[answers]` of a mapping; `needed` without an answer nothing is read.
    """

    key: str
    text: str
    records: int
    options: tuple[str, ...]
    default: str
    needed: bool = False

    def answered(self, answers: Lookup[str, str]) -> str:
        """Return the answer given, else the default."""
        return answers.get(self.key, self.default)


def month_first(columns: Sequence[Column]) -> bool | None:
    """Return whether dates have the month first, as any column shows; None where none does."""
    orders = {column.dates.order for column in columns if column.dates.share > 0.5}
    if "day" in orders or "both" in orders:
        return False
    return True if "month" in orders else None


def order_question(columns: Sequence[Column]) -> Question | None:
    """Return what is to be asked of the order of day and month, if anything is."""
    from_values = [c for c in columns if c.dates.share > 0.5 and "%m" in c.dates.form]
    from_values = [c for c in from_values if not c.dates.form.startswith("%Y")]
    both = [c.name for c in from_values if c.dates.order == "both"]
    if both:
        text = f"{', '.join(both)}: some dates give the day first and some the month first."
        text += " Ask for the file again with dates as YYYY-MM-DD. Which order do most use?"
    elif from_values and month_first(columns) is None:
        text = "The dates do not show whether the day or the month comes first. Which is it?"
    else:
        return None
    return Question("date_order", text, from_values[0].rows, ("day", "month"), "day")


def numbered(found: Found) -> str:
    """Return the heading of a column, with `{n}` where the number of a person stands."""
    return template(found.column.name, found.number)


def dated(found: Found, *, swapped: bool | None, time: str = "") -> Origin:
    """Return a date, in the format that its values show."""
    from vrn_analysis.drafting.dates import read_dates

    form = read_dates(found.column.said, month_first=swapped).form
    name = numbered(found)
    if found.field == "born":
        return replace(found.column.how, born=name, format=form)
    return replace(found.column.how, column=name, time=time, format=form)


def _says_yes(column: Column, field: str) -> list[str]:
    return [value for value in column.said if meaning(value, field) == "yes"]


def only_yes(column: Column, field: str) -> bool:
    """Return whether a flag is written only where it is yes, so that a blank may be a no."""
    graded = grades(column) if field == "domestic_flag" else ()
    said = {"yes" if value in graded else meaning(value, field) for value in column.said}
    return said == {"yes"} and column.blanks > 0


def blank_question(found: Found) -> Question:
    """Return what is to be asked of a flag's blanks."""
    name, field = found.column.name, found.field.replace("_flag", "")
    text = (
        f"{name} is blank in {found.column.blanks:,} records and never says no. "
        f"Does a blank mean not {field} (no), or not recorded (unknown)?"
    )
    return Question(f"blank:{found.field}", text, found.column.blanks, ("no", "unknown"), "no")


def flag(found: Found, answers: Lookup[str, str]) -> tuple[Origin, list[Question]]:
    """Return a flag, and what is to be asked of its blanks."""
    if not only_yes(found.column, found.field):
        return replace(found.column.how, column=found.column.name), []
    asked = blank_question(found)
    blank = asked.answered(answers)
    return replace(found.column.how, column=found.column.name, blank=blank), [asked]


def from_keywords(
    found: Found, lacking: Sequence[str], answers: Lookup[str, str]
) -> tuple[dict[str, Origin], list[Question]]:
    """Return the flags that a column of keywords gives, and what is to be asked of them."""
    origins: dict[str, Origin] = {}
    questions = []
    for field, says in KEYWORDS.items():
        words = _keywords_for(found.column, field, says)
        if field not in lacking or not words:
            continue
        blank = "unknown"
        if field in FLAGS and not found.column.boxed:
            text = (
                f"{found.column.name} says {words[0]!r} in some records. Without it, is a record "
                f"not {field.replace('_flag', '')} (no), or is that not recorded (unknown)?"
            )
            without = found.column.rows - sum(
                n for value, n in found.column.said.items() if field in flags_in(value)
            )
            asked = Question(f"blank:{field}", text, without, ("no", "unknown"), "no")
            questions.append(asked)
            blank = asked.answered(answers)
        origins[field] = Origin(
            column=found.column.name, contains=tuple(words), blank=blank, says=says or "yes",
            listed=found.column.how.listed, coded=found.column.how.coded,
        )  # fmt: skip
    return origins, questions


def _keywords_for(column: Column, field: str, says: str) -> list[str]:
    import re

    words: dict[str, int] = {}
    for cell, number in column.said.items():
        for word in re.split(r"\s*[,;|/]\s*", cell):
            if flags_in(word).get(field) in ({says} if says else {"yes"}):
                words[word] = words.get(word, 0) + number
    return sorted(words, key=lambda word: -words[word])


def aged(
    found: Found, answers: Lookup[str, str], values: Lookup[str, int]
) -> tuple[dict[str, Origin], list[Question]]:
    """
    Return the age of a person, its bands where some are written so, and what 0 may mean.

    `values` are those of all columns with its name, in other sheets too.
    """
    name = numbered(found)
    unknown: tuple[str, ...] = ()
    questions = []
    zeros = [value for value in values if value.strip("0. ") == ""]
    none = sum(values[value] for value in zeros)
    infants = sum(n for value, n in values.items() if value.lstrip("0") in ("1", "2"))
    if none > MANY * sum(values.values()) and none > 3 * max(infants, 1):
        asked = Question(
            f"zero:{found.party}", f"{name} is 0 in {none:,} records. Is that an age, or unknown?",
            none, ("unknown", "age"), "unknown",
        )  # fmt: skip
        questions.append(asked)
        unknown = tuple(zeros) if asked.answered(answers) == "unknown" else ()
    origins = {"age": replace(found.column.how, column=name, unknown=unknown)}
    bands = any(not value.isdigit() and is_band(value) for value in values)
    if bands:
        origins["age_band"] = replace(found.column.how, column=name)
    return origins, questions


def is_band(text: str) -> bool:
    """Return whether a text is a band of ages, not an age."""
    low, high = parse_age_band(text)
    worded = text.lower()[:3] in ("juv", "adu")
    return worded or ((low, high) != AGE_UNKNOWN and low != high)


def status(found: Sequence[Found]) -> dict[str, Origin]:
    """Return the status, from every column that says of some records that they do not stand."""
    columns = {one.column.name: one.column for one in found}
    says = {name: stands_not(column) for name, column in columns.items()}
    # what says that some records do not stand comes first
    named = {one.column.name for one in found if one.field == "status"}
    telling = [name for name in says if says[name]]
    telling += [name for name in says if name in named and not says[name]]
    if len(telling) > 1:
        marks = sum((columns[name].how.filled or ("",) for name in telling), ())
        labels = tuple(dict.fromkeys(label for name in telling for label in says[name]))
        filled = marks if any(marks) else ()
        coded = sum((columns[name].how.coded for name in telling), ())
        name = " | ".join(telling)
        return {"status": Origin(column=name, first=labels, filled=filled, coded=coded)}
    return {"status": replace(columns[telling[0]].how, column=telling[0])} if telling else {}


def status_in_class(found: Found) -> dict[str, Origin]:
    """Return the status that the class of an offence says of records that do not stand."""
    labels = [v for v in found.column.said if not is_title(v) and meaning(v, "status") in NOT_STOOD]
    said = Origin(column=found.column.name, contains=tuple(labels), says="cancelled")
    return {"status": said} if labels else {}


def knives(column: Column) -> tuple[str, ...]:
    """Return the labels for yes of a column that says only whether there was a knife."""
    flags = all(meaning(value, "domestic_flag") is not None for value in column.said)
    return tuple(_says_yes(column, "domestic_flag")) if flags else ()


def weapon(found: Found) -> Origin:
    """Return a weapon, from labels or from a flag that says whether there was a knife."""
    if yes := knives(found.column):
        how = replace(found.column.how, column=numbered(found))
        return replace(how, contains=yes, says="knife_or_sharp")
    return replace(found.column.how, column=numbered(found))
