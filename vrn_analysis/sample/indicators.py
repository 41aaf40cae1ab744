"""Risk and protective factors as SYNTHETIC partners send them, by district and year."""

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.random import Generator

from vrn_analysis.sample.assumptions import Assumed
from vrn_analysis.sample.streams import stream
from vrn_analysis.sources import catalogue

COUNTY = "SYNC01"
FIRST, LAST, MIDDLE = 2019, 2023, 2021


def _places(small_areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return each district's residents and its mean deprivation rank, about 0."""
    areas = pd.DataFrame(
        {
            "area_code": small_areas["district_code"],
            "residents": small_areas["residents"],
            "weighted": small_areas["residents"] * (small_areas["deprivation_rank"] - 0.5),
        }
    )
    sums = areas.groupby("area_code", as_index=False)[["residents", "weighted"]].sum()
    return sums.assign(deprivation=sums["weighted"] / sums["residents"]).drop(columns="weighted")


def _one(rng: Generator, given: dict[str, float], per: float, places: pd.DataFrame,
         share: bool) -> pd.DataFrame:  # fmt: skip
    """Draw one indicator: counts by district and year, and the county as their sum."""
    frames = []
    for year in range(FIRST, LAST + 1):
        step = given["slope"] * places["deprivation"] + given["trend"] * (year - MIDDLE)
        chance = given["level"] / per * np.exp(step).to_numpy()
        people = np.maximum((places["residents"] * given["of"]).round().to_numpy(int), 1)
        count = (
            rng.binomial(people, np.minimum(chance, 0.99))
            if share
            else rng.poisson(people * chance)
        )
        codes = [*places["area_code"], COUNTY]
        both = {"count": [*count, count.sum()], "denominator": [*people, people.sum()]}
        frames.append(pd.DataFrame({"area_code": codes, "period": year} | both))
    table = pd.concat(frames, ignore_index=True)
    return table.assign(value=(table["count"] / table["denominator"] * per).round(4))


def indicators(small_areas: gpd.GeoDataFrame, *, assumed: Assumed, seed: int) -> pd.DataFrame:
    """
    Return the indicators in the tidy form of `sources.partner_indicators`.

    Parameters
    ----------
    small_areas
        With `residents` and `deprivation_rank`.
    assumed
        Its `indicators` give each one's level (in its unit), slope (log change from the least to
        the most deprived end), trend (log change a year) and denominator as a share of residents.
    seed
        Each indicator has a stream of its own.

    Returns
    -------
    indicators
        `indicator_id, area_code, period, value, unit, count, denominator`: nine districts and the
        county, five years.
    """
    known = catalogue.catalogue().set_index("indicator_id")
    places = _places(small_areas)
    frames = []
    for name, given in assumed["indicators"].items():
        rng = stream(f"indicators/{name}", seed=seed)
        row = known.loc[name]
        drawn = _one(rng, given, row["per"], places, row["statistic"] == "proportion")
        frames.append(drawn.assign(indicator_id=name, unit=row["unit"]))
    columns = ["indicator_id", "area_code", "period", "value", "unit", "count", "denominator"]
    return pd.concat(frames, ignore_index=True)[columns]
