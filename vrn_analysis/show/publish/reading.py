"""A table of numbers in the words and the HTML that a reader meets."""

import math
from collections.abc import Collection
from html import escape
from typing import Any

import pandas as pd

from vrn_analysis.count.assessment.about import dated
from vrn_analysis.count.classify import REASONS
from vrn_analysis.methods.factors import ages_in_words

SUPPRESSED = "[c]"  # the Government Statistical Service's shorthand for confidential
NO_LIMIT = "no limit"  # of an interval that is open above
MISSING = "[z]"  # and for not applicable: no denominator, or too few events to calculate
LABELS = {
    "area_name": "Area",
    "denominator": "Person-years",
    "interval": "95% CI",
    "age_focus": "Age",
    "age_group": "Age",
    "self_defined_ethnicity": "Ethnicity",
    "bound_low": "Lowest possible",
    "bound_high": "Highest possible",
}
# labels that code works with, in the words of a reader
WORDS = {reason.code: reason.label for reason in REASONS} | {
    "UNDER_25": "Under 25",
    "25_AND_OVER": "25 and over",
    "UNKNOWN_AGE": "Age not known",
    "IN": "Counted",
    "OUT": "Not counted",
    "UNKNOWN": "Undecided",
    "IN + UNKNOWN": "Counted if all undecided records were included",
    "": "",
}
# columns a machine needs and a reader does not: they stay in the CSV
MACHINE = frozenset(
    {
        "area_code",
        "status",
        "count_error",
        "dispersion",
        "denominator_error",
        "statistic",
        "method",
        "lower_95_ci",
        "upper_95_ci",
        "lower_99_8_ci",
        "upper_99_8_ci",
    }
)


def _decimals(values: pd.Series) -> int:
    # three or four digits are as many as anybody reads, and none that were rounded away
    known = values[values.abs() < math.inf]
    most = known.abs().max()
    if most >= 1_000:
        return 0
    return 1 if most >= 10 or (known == known.round(1)).all() else 2


def _number(value: Any, *, decimals: int = 0, missing: str = MISSING) -> str:
    if pd.isna(value):
        return missing
    return NO_LIMIT if math.isinf(value) else f"{value:,.{decimals}f}".replace("-", "\u2212")


def _text(value: Any) -> str:
    if isinstance(value, pd.Timestamp):
        return f"{value:%B %Y}"
    return MISSING if pd.isna(value) else WORDS.get(value, dated(str(value)))


def _counts(table: pd.DataFrame) -> list[str]:
    return [
        _number(value, missing=SUPPRESSED if status == "suppressed" else MISSING)
        for value, status in zip(table["count"], table["status"], strict=True)
    ]


def _intervals(table: pd.DataFrame, *, whole: bool) -> list[str]:
    limits = pd.concat([table["lower_95_ci"], table["upper_95_ci"]])
    places = 0 if whole else _decimals(limits)
    return [
        MISSING
        if pd.isna(lower)
        else f"{_number(lower, decimals=places)} to {_number(upper, decimals=places)}"
        for lower, upper in zip(table["lower_95_ci"], table["upper_95_ci"], strict=True)
    ]


def _shares(values: pd.Series) -> list[str]:
    known = values.dropna()
    places = 0 if (known.round(2) == known).all() else 1
    return [MISSING if pd.isna(value) else f"{value:.{places}%}" for value in values]


def _column(values: pd.Series, *, name: str) -> list[str]:
    if name.endswith("_share") and pd.api.types.is_float_dtype(values):
        return _shares(values)
    if name == "life_stage":
        return [MISSING if pd.isna(value) else ages_in_words(str(value)) for value in values]
    if pd.api.types.is_float_dtype(values):
        places = 0 if name == "denominator" else _decimals(values)
        return [_number(value, decimals=places) for value in values]
    if pd.api.types.is_integer_dtype(values) and name != "quintile":
        return [_number(value) for value in values]
    return [_text(value) for value in values]


def in_words(table: pd.DataFrame) -> pd.DataFrame:
    """
    Return the table as text: what a machine needs left out, an interval in one column.

    A count that is its own value is shown once.
    """
    is_count = "statistic" in table and (table["statistic"] == "count").all()
    words = pd.DataFrame(index=table.index)
    for name in table.columns:
        if name == "count":
            words[name] = _counts(table)
        elif name not in MACHINE and not (is_count and name == "value"):
            words[name] = _column(table[name], name=name)
    if {"lower_95_ci", "upper_95_ci"} <= set(table.columns):
        beside = "count" if is_count or "value" not in words else "value"
        at = words.columns.get_loc(beside) + 1 if beside in words else len(words.columns)
        words.insert(at, "interval", _intervals(table, whole=is_count))
    return words


def headers(table: pd.DataFrame) -> dict[str, str]:
    """Return the header of each column in words; a value is called by its statistic."""
    names = [*table.columns, "interval"]
    plain = {name: name.replace("_", " ").capitalize() for name in names}
    if "statistic" in table and table["statistic"].nunique() == 1:
        statistic = table["statistic"].iloc[0]
        plain["value"] = statistic[:1].upper() + statistic[1:]
    return plain | LABELS


def as_html(words: pd.DataFrame, *, caption: str, numeric: Collection[str]) -> str:
    """Return the table as HTML with a caption and scoped headers, every text escaped."""
    head = "".join(f'<th scope="col">{escape(column)}</th>' for column in words.columns)
    rows = []
    for row in words.itertuples(index=False):
        total = ' class="total"' if str(row[0]) == "All" else ""
        cells = [f'<th scope="row">{escape(row[0][:1].upper() + row[0][1:])}</th>'] + [
            f'<td class="{"number" if name in numeric else "words"}">{escape(value)}</td>'
            for name, value in zip(words.columns[1:], row[1:], strict=True)
        ]
        rows.append(f"<tr{total}>{''.join(cells)}</tr>")
    return (
        f"<table><caption>{escape(caption)}</caption><thead><tr>{head}</tr></thead>"
        f"<tbody>{''.join(rows)}</tbody></table>"
    )
