"""What a SYNTHETIC hospital provider sends: yearly admissions for assault with a sharp object."""

from typing import Any

import pandas as pd

from vrn_analysis.sample.streams import stream


def admissions(population: pd.DataFrame, *, assumed: dict[str, Any], seed: int) -> pd.DataFrame:
    """
    Return admissions of residents by financial year and age group, as counts.

    Returns
    -------
    admissions
        `period, age_group` ("All ages", "Under 25"), `count`.
    """
    rng = stream("admissions", seed=seed)
    given, period = assumed["admissions"], assumed["period"]
    young = population["age"] < 25
    people = {name: population.loc[at, "population"].sum() for name, at in
              (("under_25", young), ("25_and_over", ~young))}  # fmt: skip
    rows = []
    for year in range(period["start"].year, period["end"].year):
        drawn = {name: int(rng.poisson(n * given[name] / 100_000)) for name, n in people.items()}
        words = f"{year}/{(year + 1) % 100:02d}"
        rows += [(words, "All ages", sum(drawn.values())), (words, "Under 25", drawn["under_25"])]
    return pd.DataFrame(rows, columns=["period", "age_group", "count"])
