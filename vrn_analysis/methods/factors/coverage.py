"""Show which levels and life stages the indicators cover, and how they changed."""

import re

import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods.factors.values import described
from vrn_analysis.methods.rates.checks import numbers
from vrn_analysis.read.sources.judgement import words_of

LEVELS = ("individual", "relationship", "community", "societal")
YEARS = 5  # the longest stretch over which a change is read
LIFE_STAGES = {"0-4": (0, 4), "5-9": (5, 9), "10-17": (10, 17), "18-24": (18, 24), "25+": (25, 120)}


def ages_in_words(stages: str) -> str:
    """Return life stages in words: "10-17; 25+" is "10 to 17; 25 and over"."""
    return re.sub(r"(\d)-(\d)", r"\1 to \2", stages).replace("+", " and over")


def level_by_life_stage(catalogue: pd.DataFrame, values: pd.DataFrame) -> pd.DataFrame:
    """
    Return the matrix of risk and protective factors: what is measured, and what is not.

    Parameters
    ----------
    catalogue
        The indicator catalogue; only risk and protective factors are placed.
    values
        Indicator values of this assessment: an indicator is measured where one has a value.

    Returns
    -------
    matrix
        One row a level and life stage, all twenty: `level, life_stage, risk, protective` (number
        measured of each kind), `candidates` (listed, not measured), `indicators` (names of the
        measured), `status` ("measured", "candidates only", "empty"). A factor that acts at
        several stages stands in each.
    """
    placed = catalogue[catalogue["kind"].isin(["risk", "protective"])]
    known = values.loc[values["value"].notna(), "indicator_id"]
    measured = placed["indicator_id"].isin(known)
    rows = []
    for level in LEVELS:
        for stage, (first, last) in LIFE_STAGES.items():
            here = (
                (placed["level"] == level)
                & (placed["age_from"] <= last)
                & (placed["age_to"] >= first)
            )
            named = placed[here & measured]
            rows.append(
                {
                    "level": level,
                    "life_stage": stage,
                    "risk": int((named["kind"] == "risk").sum()),
                    "protective": int((named["kind"] == "protective").sum()),
                    "candidates": int((here & ~measured).sum()),
                    "indicators": "; ".join(named["name"]),
                }
            )
    matrix = pd.DataFrame(rows)
    any_measured = matrix["risk"] + matrix["protective"] > 0
    status = np.select(
        [any_measured, matrix["candidates"] > 0], ["measured", "candidates only"], "empty"
    )
    return matrix.assign(status=pd.Series(status, dtype="str"))


def break_years(words: str) -> dict[int, str]:
    """
    Return the breaks of an indicator: the first year of each new way, and what changed.

    Parameters
    ----------
    words
        `breaks` of the catalogue: "2017: grades reformed; 2020: no examinations".

    Raises
    ------
    DataError
        If a part does not begin with a year and a colon.
    """
    found = {}
    for part in words_of(words):
        match = re.fullmatch(r"(\d{4}): (.+)", part)
        if match is None:
            raise DataError(
                f"The break {part!r} is not written as 'year: what changed'; correct `breaks` in "
                "data/reference/indicators.csv."
            )
        found[int(match[1])] = match[2]
    return found


def series(values: pd.DataFrame, catalogue: pd.DataFrame) -> pd.DataFrame:
    """
    Add the stretch between breaks that each value is in, so that a line stops at a break.

    Parameters
    ----------
    values
        `indicator_id, area_code, year, value`.
    catalogue
        The indicator catalogue, with `breaks`.

    Returns
    -------
    series
        The rows in order of year, with `segment` (0, 1 …) and `break_note` in the first year of
        each new way.
    """
    full = described(values.drop(columns="breaks", errors="ignore"), catalogue, ["breaks"])
    starts = {words: break_years(words) for words in full["breaks"].unique()}
    pairs = list(zip(full["breaks"], full["year"], strict=True))
    segment = [sum(year >= start for start in starts[words]) for words, year in pairs]
    note = [starts[words].get(year, "") for words, year in pairs]
    ordered = full.assign(segment=segment, break_note=pd.Series(note, dtype="str"))
    return ordered.drop(columns="breaks").sort_values(
        ["indicator_id", "area_code", "year"], kind="stable", ignore_index=True
    )


def changes(values: pd.DataFrame, catalogue: pd.DataFrame) -> pd.DataFrame:
    """
    Return how each indicator changed in up to five years, never across a break.

    Parameters
    ----------
    values
        What `values` returns.
    catalogue
        The indicator catalogue.

    Returns
    -------
    changes
        One row an indicator and area: `first_period, last_period, first_value, last_value,
        change` (last less first), `change_ratio, direction` ("rose", "fell", "no clear change",
        "no interval", "no comparable period") and `note`.

    Notes
    -----
    A direction is given only where the two 95 % intervals do not overlap, which is stricter than
    a test at 5 %.
    """
    stretch = series(values[values["value"].notna()], catalogue)
    rows = []
    for (indicator, area), one in stretch.groupby(["indicator_id", "area_code"], sort=False):
        last = one.iloc[-1]
        near = one[one["year"] >= last["year"] - YEARS]
        inside = near[near["segment"] == last["segment"]]
        first = inside.iloc[0]
        stopped = near.iloc[0]["segment"] != last["segment"]
        rows.append(
            {
                "indicator_id": indicator,
                "area_code": area,
                "first_period": first["period"],
                "last_period": last["period"],
                "first_value": first["value"],
                "last_value": last["value"],
                "direction": _direction(first, last),
                "note": "begins at a break" if stopped else "",
            }
        )
    table = pd.DataFrame(rows)
    first = numbers(table, "first_value")
    ratio = np.divide(numbers(table, "last_value"), first, where=first > 0, out=first * np.nan)
    return table.assign(change=table["last_value"] - table["first_value"], change_ratio=ratio)


def _direction(first: pd.Series, last: pd.Series) -> str:
    if first["period"] == last["period"]:
        return "no comparable period"
    limits = [first["lower_95_ci"], first["upper_95_ci"], last["lower_95_ci"], last["upper_95_ci"]]
    if np.isnan(np.asarray(limits, dtype=float)).any():
        return "no interval"
    if limits[2] > limits[1]:
        return "rose"
    return "fell" if limits[3] < limits[0] else "no clear change"
