"""
What a table or a sentence gives away by itself: a count that the profile hides, or its companion.

A rate, a share or an interval is checked by making it again from the count that is shown: one made
from the true count would give it back.
"""

import re
from collections.abc import Collection, Sequence

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods import rates
from vrn_analysis.show.disclosure import Profile

COUNTED = "offences|victims|suspects|incidents|homicides|admissions|attendances|records|people"
COUNTED += "|persons|children|young people|crimes|cases|deaths"
# columns that hold how many there are, by a word in their name
_HOLDS_COUNTS = re.compile(rf"(^|_)(count|number|n|unknown|here|{COUNTED})(_|$)")
_NO_COUNT = re.compile(r"share|per_cent|rate|_ci$|error|score|interval|note|ratio|rank|reference")
# numbers of a suppressed row that are about all rows, or about residents
OF_ALL = re.compile(
    r"(^|_)(denominator|benchmark|funnel|mean|limit|dispersion|quintile|decile|hour|age|year|month"
    r"|period|weight|residents|code|areas)(_|$)|^(area|place)_share$|^rank_"
)
# digits that name several: "120 young victims", and not "95% of victims" or "under 25 victims"
_SAID = re.compile(
    rf"(?<![\w.,/-])(?<!fewer than )(?<!under )(?<!below )([1-9][\d,]*)"
    rf"(?: (?:different|young|recorded|more|fewer|other|known))* ({COUNTED})\b",
)
AS_PUBLISHED = "as published"  # the status of counts that their source has made public
NEAR = 2e-5  # a CSV holds six digits
LIMITS = ("lower_95_ci", "upper_95_ci", "lower_99_8_ci", "upper_99_8_ci")


def publishable(counts: np.ndarray, rules: Collection[Profile]) -> np.ndarray:
    """Return which counts one of the profiles would show, as they are."""
    counts = np.asarray(counts, dtype=float)
    fine = np.isnan(counts) | (counts == 0)
    for rule in rules:
        fine |= (counts >= rule.threshold) & (counts % rule.base == 0)
    return fine


def said_problems(text: str, rules: Collection[Profile]) -> list[str]:
    """
    Return the counts in a text that no profile would show, without saying them.

    Parameters
    ----------
    rules
        The profiles in use; one is enough to let a count pass.
    """
    bad = [
        match[2].lower()
        for match in _SAID.finditer(" ".join(text.split()))
        if not publishable(np.array([float(match[1].replace(",", ""))]), rules)[0]
    ]
    return [
        f"says a number of {noun} that the profile does not show" for noun in dict.fromkeys(bad)
    ]


def _floats(table: pd.DataFrame, column: str) -> np.ndarray | None:
    """Return a column as numbers, or None where it holds none."""
    values = table[column]
    if pd.api.types.is_bool_dtype(values) or not pd.api.types.is_numeric_dtype(values):
        return None
    return values.to_numpy(dtype=float, na_value=np.nan)


def _count_problems(table: pd.DataFrame, rules: Sequence[Profile]) -> list[str]:
    problems, base = [], min(rule.base for rule in rules)
    for column in map(str, table.columns):
        if not _HOLDS_COUNTS.search(column.lower()) or _NO_COUNT.search(column.lower()):
            continue
        values = _floats(table, column)
        if values is None or (np.isfinite(values) & (values % 1 != 0)).any():
            continue
        # a difference of counts that are shown can be small, but it is as round as they are
        fine = publishable(values, rules) | (
            (base > 1) & (column != "count") & (values % base == 0)
        )
        if (bad := int((~fine).sum())) and (column == "count" or base > 1 or (values >= 0).all()):
            problems.append(
                f"{bad} of {len(table)} values of {column} are counts that the profile does not "
                "show: put publish.protect straight after the count"
            )
    return problems


def _hidden_problems(table: pd.DataFrame) -> list[str]:
    if "status" not in table:
        return []
    hidden = (table["status"] == "suppressed").to_numpy(dtype=bool)
    leaks = [
        str(column)
        for column in table.columns
        if not OF_ALL.search(str(column))
        and (values := _floats(table, column)) is not None
        and np.isfinite(values[hidden]).any()
    ]
    if not leaks:
        return []
    return [
        f"{int(hidden.sum())} rows are suppressed, yet {', '.join(leaks)} contains numbers there"
    ]


def _made_again(rows: pd.DataFrame, statistic: str) -> pd.DataFrame | None:
    """Return the rows with the value and interval that their counts have, where they are known."""
    kept = [n for n in ("count", "count_error", "denominator", "denominator_error") if n in rows]
    base = rows[kept].astype("Float64")
    if statistic == "count":
        return rates.count_interval(base)
    if "denominator" not in rows:
        return None
    if statistic.startswith("crude rate per "):
        return rates.crude_rate(base, per=float(statistic.split(" ")[-1].replace(",", "")))
    per = {"percentage": 100, "proportion": 1}.get(statistic)
    return rates.proportion(base.round(), per=per) if per else None


def _companion_problems(table: pd.DataFrame) -> list[str]:
    if not {"count", "value", "statistic"} <= set(table.columns):
        return []
    problems = []
    for statistic, rows in table.groupby("statistic"):
        try:
            again = _made_again(rows, str(statistic))
        except DataError:
            continue
        if again is None:
            continue
        value = rows["value"].to_numpy(dtype=float, na_value=np.nan)
        apart = ~np.isclose(value, again["value"], rtol=NEAR, atol=1e-9, equal_nan=True)
        apart &= ~(np.isnan(value) & ~np.isnan(again["value"].to_numpy()))
        narrow = _narrower(rows, again)
        if bad := int((apart | narrow).sum()):
            problems.append(
                f"{bad} of {len(rows)} values or intervals ({statistic}) are not those of the "
                "counts that are shown: make them after publish.protect"
            )
    return problems


def _narrower(rows: pd.DataFrame, again: pd.DataFrame) -> np.ndarray:
    """Return the rows whose interval leaves out a count that the shown one can stand for."""
    found = np.zeros(len(rows), dtype=bool)
    for name in LIMITS:
        if name in rows:
            limit = rows[name].to_numpy(dtype=float, na_value=np.nan)
            made = again[name].to_numpy(dtype=float)
            beyond = limit > made if name.startswith("lower") else limit < made
            found |= beyond & ~np.isclose(limit, made, rtol=10 * NEAR, atol=1e-6)
    return found


def table_problems(table: pd.DataFrame, rules: Sequence[Profile]) -> list[str]:
    """
    Return what a table gives away by itself, without saying it.

    Parameters
    ----------
    table
        As it is published, in memory or read back from a file.
    rules
        The profiles in use; one is enough to let a count pass.
    """
    if "status" in table:
        table = table[table["status"] != AS_PUBLISHED]
    if not len(table):
        return []
    found = [*_count_problems(table, rules), *_hidden_problems(table), *_companion_problems(table)]
    if "count" in table and "status" not in table:
        found.append("its counts were not protected")
    for column in table.select_dtypes(include=["str", "object"]):
        found += said_problems(". ".join(table[column].dropna().astype(str).unique()), rules)
    return list(dict.fromkeys(found))
