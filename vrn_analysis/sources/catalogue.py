"""The indicator catalogue: which risk and protective factors, where from, and what is missing."""

from collections.abc import Sequence
from pathlib import Path

import pandas as pd

from vrn_analysis.config import resource
from vrn_analysis.errors import DataError
from vrn_analysis.sources.files import read_csv, require_columns

KINDS = ("risk", "protective", "context", "outcome")
LEVELS = ("individual", "relationship", "community", "societal")
POLARITIES = ("higher_is_worse", "lower_is_worse", "ambiguous")
EVIDENCE = ("graded", "named in a review", "not graded")
STATISTICS = ("proportion", "crude rate", "directly standardised rate", "mean", "published")
READERS = ("lait", "neet", "els", "small_areas", "population", "tidy")
TEXT = [
    "indicator_id",
    "name",
    "kind",
    "level",
    "definition",
    "numerator",
    "denominator",
    "statistic",
    "unit",
    "polarity",
    "geographies",
    "breaks",
    "evidence",
    "evidence_reference",
    "source",
    "licence",
    "verified",
    "last_checked",
    "reader",
    "source_file",
    "source_item",
    "value_column",
    "count_item",
    "denominator_column",
    "check_area",
    "check_period",
    "note",
]
NUMBERS = ("age_from", "age_to", "per", "minimum_count", "check_value")
# what a reader must be told before an indicator counts as verified
WHEN_VERIFIED = [
    "definition",
    "polarity",
    "geographies",
    "licence",
    "last_checked",
    "source",
    "reader",
    "source_file",
    "value_column",
    "statistic",
    "unit",
]


def catalogue_file() -> Path:
    """Return the indicator catalogue that ships with the project."""
    return resource("data", "reference", "indicators.csv")


def catalogue(file: Path | None = None) -> pd.DataFrame:
    """
    Read the indicator catalogue and hold it to its schema.

    Parameters
    ----------
    file
        Another catalogue of the same columns; default: the one that ships.

    Returns
    -------
    catalogue
        One row an indicator: its name, `kind` (risk, protective, context or outcome), `level`,
        `age_from, age_to` (life stage, completed years), definition, `statistic, per, unit`,
        `polarity`, `minimum_count`, `breaks`, evidence with its reference, source, licence,
        `verified` ("yes" where its values have been read in a source), and how to read it.

    Raises
    ------
    DataError
        With every problem found: an unknown word, a repeated name, a verified indicator that is
        not fully described, evidence without a reference.
    """
    file = file or catalogue_file()
    table = read_csv(file, text=TEXT)
    require_columns(table.columns, [*TEXT, *NUMBERS], file=file)
    table = table.assign(**{name: table[name].fillna("") for name in TEXT})
    if problems := catalogue_problems(table):
        raise DataError(f"{file} cannot be used:\n  - " + "\n  - ".join(problems) + ".")
    return table


def _rows(table: pd.DataFrame, bad: pd.Series) -> str:
    names = ", ".join(table.loc[bad, "indicator_id"].head(5))
    return f"{int(bad.sum())} of {len(table)} indicators ({names})"


def _unknown_words(table: pd.DataFrame) -> list[str]:
    allowed: dict[str, Sequence[str]] = {
        "kind": KINDS,
        "level": LEVELS,
        "polarity": POLARITIES,
        "evidence": EVIDENCE,
        "verified": ("yes", "no"),
        "statistic": (*STATISTICS, ""),
        "reader": (*READERS, ""),
    }
    return [
        f"{name} of {_rows(table, bad)} is none of {', '.join(word for word in words if word)}"
        for name, words in allowed.items()
        if (bad := ~table[name].isin(list(words))).any()
    ]


def catalogue_problems(table: pd.DataFrame) -> list[str]:
    """
    Return everything about a catalogue that breaks its rules, in words.

    Parameters
    ----------
    table
        A catalogue, its text columns without missing values.
    """
    verified = table["verified"] == "yes"
    problems = _unknown_words(table)
    repeated = table["indicator_id"].duplicated() | (table["indicator_id"] == "")
    if repeated.any():
        problems.append(f"indicator_id of {_rows(table, repeated)} is empty or repeated")
    ages = ~(table["age_from"] <= table["age_to"])
    if ages.any():
        problems.append(f"age_from, age_to of {_rows(table, ages)} are missing or reversed")
    for name in WHEN_VERIFIED:
        if (bare := verified & (table[name] == "")).any():
            problems.append(f"{name} of {_rows(table, bare)} is empty, but they are verified")
    lacking = verified & (table["minimum_count"].isna() | table["check_value"].isna())
    if lacking.any():
        problems.append(f"minimum_count or check_value of {_rows(table, lacking)} is missing")
    unsourced = (table["evidence"] != "not graded") & (table["evidence_reference"] == "")
    if unsourced.any():
        problems.append(f"evidence of {_rows(table, unsourced)} names no reference")
    rate = (verified & table["statistic"].isin(["proportion", "crude rate"])) & table["per"].isna()
    if rate.any():
        problems.append(f"per of {_rows(table, rate)} is missing")
    return problems


def neighbours(file: Path) -> pd.DataFrame:
    """
    Read which authorities are like which: `area_code, neighbour_code`, one row a pair.

    Raises
    ------
    DataError
        If a column is missing, a code is empty, or an area is its own neighbour.
    """
    table = read_csv(file, text=["area_code", "neighbour_code"])
    require_columns(table.columns, ["area_code", "neighbour_code"], file=file)
    pairs = table[["area_code", "neighbour_code"]]
    empty = int(pairs.isna().any(axis=1).sum())
    own = int((pairs["area_code"] == pairs["neighbour_code"]).sum())
    if empty or own:
        raise DataError(
            f"{file}: {empty} of {len(pairs)} rows lack a code and {own} name an area as its own "
            "neighbour. Take these rows out."
        )
    return pairs.drop_duplicates().reset_index(drop=True)
