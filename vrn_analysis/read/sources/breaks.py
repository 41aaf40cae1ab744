"""Register of breaks: changes in recording or in daily life, and what is known of each."""

from collections.abc import Collection
from pathlib import Path

import pandas as pd

from vrn_analysis.core.config import Settings, resource
from vrn_analysis.core.contracts import CONTRACTS
from vrn_analysis.read.files.files import read_csv
from vrn_analysis.read.files.tables import checked

# every force and the sample; every force of the real world
EVERYWHERE, NATIONAL = "all", "England and Wales"


def register(file: Path | None = None) -> pd.DataFrame:
    """
    Return every break of a register.

    Parameters
    ----------
    file
        A partnership's own; without it `data/reference/breaks.csv`.

    Returns
    -------
    breaks
        `force` (a force, "England and Wales", or "all" for those and the sample), `codes` (the
        classes of offences, or series, that it affects, joined by `;`; "" for all), `date`,
        `until` (missing where the change lasts), `label, affects, effect, verified` ("yes" or
        "no"), `source, note`.

    Raises
    ------
    DataError
        If columns are missing, words are, a date cannot be read, or `verified` is neither yes nor
        no: all at once.
    """
    file = file or resource("data", "reference", "breaks.csv")
    table = read_csv(file, text=CONTRACTS["breaks"].names).rename(columns=str.strip)
    breaks = checked(
        table,
        CONTRACTS["breaks"],
        file=file,
        rules=lambda change: {"have until before date": change["until"] < change["date"]},
    )
    return breaks.fillna({"codes": "", "note": ""})


def breaks_of(
    every: pd.DataFrame,
    settings: Settings,
    months: pd.DatetimeIndex,
    *,
    codes: Collection[str] = (),
) -> pd.DataFrame:
    """
    Return the breaks of a register that a run must reckon with.

    Parameters
    ----------
    every
        As `register` returns it.
    settings
        The run's: the sample, an invented county, has none of the real world's but the pandemic,
        which was planted.
    months
        The months of the run.
    codes
        The classes of offences that are counted; without them a break is left out for its classes
        only where these name no class of offences at all (a break of health data).

    Returns
    -------
    breaks
        The columns of the register but `force`; those of the same force, months and classes.
        Whether one is verified is in its column: a label is shown to readers who cannot mend it.
    """
    forces = {EVERYWHERE, settings.force}
    if settings.kind != "sample":
        forces.add(NATIONAL)
    mine = every["force"].isin(forces)
    end = every["until"].fillna(every["date"])
    inside = (every["date"] <= months[-1]) & (end >= months[0])
    named = every["codes"].str.split(";")
    if len(codes):
        counted = named.map(lambda names: names == [""] or bool(set(names) & set(codes)))
    else:
        # a series, such as knife or health data, is written in words; a class starts with a digit
        counted = named.map(lambda names: names == [""] or names[0][:1].isdigit())
    chosen = every[mine & inside & counted.astype(bool)]
    return chosen.drop(columns="force").reset_index(drop=True)
