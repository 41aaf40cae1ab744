"""The three Home Office measures, each with its under-25 cut and its limits of publication."""

from collections.abc import Mapping
from typing import Any

import pandas as pd

from vrn_analysis.core.errors import DataError, SettingsError
from vrn_analysis.count.assessment import NotInThisRun
from vrn_analysis.methods.rates import count_interval, crude_rate

MEASURES = ("admissions", "knife", "homicide")
AGE_GROUPS = ("All ages", "Under 25")
POOLED_YEARS = 3
# any other column is a breakdown
PLAIN = {"period", "age_group", "count", "count_error", "status", "denominator"}
ASKED = ("title", "counts", "codes", "codes_status", "source", "per", "under_25", "public")


def _definition(measures: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    if name not in measures:
        raise SettingsError(
            f"The file of Home Office measures has no [{name}]; it has {', '.join(measures)}."
        )
    if missing := [word for word in ASKED if word not in measures[name]]:
        raise SettingsError(f"[{name}] of the Home Office measures has no {', '.join(missing)}.")
    return measures[name]


def _problems(table: pd.DataFrame, needed: tuple[str, ...]) -> list[str]:
    problems = [f"column {name!r} is missing" for name in needed if name not in table]
    if problems:
        return problems
    found = set(table["age_group"].dropna().astype("str"))
    if strange := sorted(found - set(AGE_GROUPS)):
        problems.append(f"age_group contains {', '.join(strange)}; use {' and '.join(AGE_GROUPS)}")
    if lacking := [group for group in AGE_GROUPS if group not in found]:
        problems.append(f"there is no row of {', '.join(lacking)}: each measure has both cuts")
    return problems


def _named(table: pd.DataFrame, words: Mapping[str, Any], name: str) -> pd.DataFrame:
    return table.assign(
        measure=name,
        title=words["title"],
        counts=words["counts"],
        codes=f"{words['codes']} ({words['codes_status']})",
        source=words["source"],
        caveats=" ".join(words.get("caveats", [])),
    )


def measure(table: pd.DataFrame, measures: Mapping[str, Any], *, name: str) -> pd.DataFrame:
    """
    Return one of the two measures that have a rate, with its interval.

    Parameters
    ----------
    table
        One row a period and age group ("All ages", "Under 25"): `period, age_group, count,
        denominator` (residents of the same ages); optionally area columns, `count_error`.
    measures
        The file `data/reference/home_office_measures.toml`, read.
    name
        "admissions" or "knife". Homicide has its own function and no rate.

    Returns
    -------
    table
        The rows with rate and interval (`rates.crude_rate`), and `measure, title, counts, codes,
        source, caveats`.

    Raises
    ------
    SettingsError
        If the file does not describe the measure.
    DataError
        If a column or one of the two age cuts is missing.
    """
    words = _definition(measures, name)
    if "rate" not in words["public"]:
        raise DataError(f"{words['title']} is only ever a count: use harm.homicide.")
    if problems := _problems(table, ("period", "age_group", "count", "denominator")):
        raise DataError(f"{words['title']} cannot be shown: " + "; ".join(problems) + ".")
    return _named(crude_rate(table, per=words["per"]), words, name)


def homicide(table: pd.DataFrame, measures: Mapping[str, Any], *, audience: str) -> pd.DataFrame:
    """
    Return non-domestic homicide: a count over the last three years, with its interval.

    Parameters
    ----------
    table
        One row a year and age group: `period` (years, in order), `age_group, count`.
    measures
        The file `data/reference/home_office_measures.toml`, read.
    audience
        "internal", "partners" or "public".

    Returns
    -------
    table
        One row an age group: `period` (first to last of the three years), `age_group, count`,
        interval columns of `rates.count_interval`, and the words of the measure. Never a rate.

    Raises
    ------
    SettingsError
        If the file does not describe the measure.
    DataError
        If a year lacks a row, an age cut is missing, or, in a public edition, the table is broken
        down by anything else.
    NotInThisRun
        If there are fewer than three years.
    """
    words = _definition(measures, "homicide")
    problems = _problems(table, ("period", "age_group", "count"))
    extra = sorted(set(table.columns) - PLAIN)
    if extra and audience != "internal":
        problems.append(
            f"broken down by {', '.join(extra)}: outside an internal edition homicide is one count "
            "over three years, with no place and no other cut"
        )
    years = list(dict.fromkeys(table["period"])) if "period" in table else []
    few = len(years) < POOLED_YEARS
    if few:
        problems.append(f"{len(years)} years are too few: {POOLED_YEARS} are counted together")
    if problems:
        # a short period is not an error
        kind = NotInThisRun if few and len(problems) == 1 else DataError
        raise kind(f"{words['title']} cannot be shown: " + "; ".join(problems) + ".")
    last = years[-POOLED_YEARS:]
    kept = table[table["period"].isin(last)]
    keys = ["age_group", *extra]
    sizes = kept.groupby(keys, sort=False)["period"].nunique()
    if (sizes < POOLED_YEARS).any():
        raise DataError(f"{words['title']}: a year is missing in {int((sizes < 3).sum())} groups.")
    sums = kept.groupby(keys, as_index=False, sort=False)["count"].sum(min_count=POOLED_YEARS)
    pooled = sums.assign(period=f"{last[0]} to {last[-1]}")[["period", *keys, "count"]]
    return _named(count_interval(pooled), words, "homicide")
