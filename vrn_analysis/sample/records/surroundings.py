"""Context of the SYNTHETIC records: policing areas, workdays, assets, other forces, indicators."""

from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.random import Generator

from vrn_analysis.read.sources import catalogue
from vrn_analysis.sample.plan.assumptions import Assumed, recorded_crime
from vrn_analysis.sample.plan.county import settlement_points
from vrn_analysis.sample.plan.pattern import Pattern
from vrn_analysis.sample.plan.streams import stream

FORCES = ("Ashmark", "Bellhaven", "Carrowdale", "Dunmoor", "Elverton", "Farrowby", "Glenmarsh")
SIMILAR = FORCES[:4]
KINDS = {"Youth centre": "Youth Centre", "Family hub": "Family Hub", "Sports club": "Sports Club"}


def policing_areas(small_areas: pd.DataFrame) -> pd.DataFrame:
    """Return five areas of whole middle areas that cross district borders, one small area a row."""
    middles = small_areas.groupby("msoa_code")[["centre_x", "centre_y"]].mean()
    offset = middles - middles.median()
    near = np.hypot(*offset.to_numpy().T) < np.hypot(*offset.to_numpy().T).mean() * 0.6
    east, north = offset["centre_x"] >= 0, offset["centre_y"] >= 0
    name = np.select(
        [near, north & east, north, east], ["Centre", "North East", "North West", "South East"],
        default="South West",
    )  # fmt: skip
    names = pd.Series(name, index=middles.index)
    codes = {one: f"SYNP{number:02d}" for number, one in enumerate(sorted(set(name)), start=1)}
    called = small_areas["msoa_code"].map(names)
    return pd.DataFrame(
        {
            "lsoa_code": small_areas["lsoa_code"],
            "area_code": called.map(codes),
            "area_name": called + " policing area",
        }
    )


def workday_population(expected: Pattern, *, seed: int) -> pd.DataFrame:
    """Return residents who stay and people who come: the nearer a town's middle, the more."""
    areas = expected.small_areas
    points = settlement_points(expected.assumed)
    at = areas[["centre_x", "centre_y"]].to_numpy()
    away = np.hypot(*(at[:, None, :] - points[None, :, :]).transpose(2, 0, 1)).min(axis=1)
    chance = stream("workday", seed=seed).normal(0, 0.15, len(areas))
    pull = np.exp(-away / 900) * np.exp(chance)
    come = 0.35 * areas["residents"].sum() * pull / pull.sum()
    there = (0.65 * areas["residents"] + come).round().astype("int64")
    return pd.DataFrame({"lsoa_code": areas["lsoa_code"], "population": there})


def asset_points(expected: Pattern, *, seed: int) -> pd.DataFrame:
    """Return invented places that are strong in the county, near where people live."""
    areas = expected.small_areas
    rng = stream("asset points", seed=seed)
    chosen = areas.iloc[rng.choice(len(areas), 24, replace=False)]
    inside = chosen.geometry.representative_point()
    kind = [list(KINDS)[number % len(KINDS)] for number in range(len(chosen))]
    return pd.DataFrame(
        {
            "name": [f"{m} {KINDS[k]}" for m, k in zip(chosen["msoa_name"], kind, strict=True)],
            "kind": kind,
            "easting": inside.x.round().astype("int64"),
            "northing": inside.y.round().astype("int64"),
        }
    )


def other_forces(expected: Pattern, *, rows: int, seed: int) -> pd.DataFrame:
    """Return a year of listed offences, before exclusions, of invented forces and the county's."""
    mix = recorded_crime()
    listed = (
        mix.loc[mix["offence_code"].isin(expected.assumed["listed"]), [1, 2, 3, 4]].sum().mean()
    )
    period = expected.assumed["period"]
    years = (period["end"] - period["start"]).days / 365.25
    residents = int(expected.small_areas["residents"].sum())
    own = round(rows * listed / years)
    rng = stream("other forces", seed=seed)
    people = rng.integers(450_000, 2_400_000, len(FORCES))
    factor = np.exp(rng.normal(0, 0.25, len(FORCES)))
    offences = rng.poisson(own / residents * people * factor)
    table = pd.DataFrame(
        {
            "area_name": [f"{name} Police (SYNTHETIC)" for name in FORCES],
            "offences": offences,
            "denominator": people,
            "is_similar": ["yes" if name in SIMILAR else "no" for name in FORCES],
        }
    )
    mine = [expected.assumed["names"]["force"], own, residents, "no"]
    return pd.concat([table, pd.DataFrame([mine], columns=table.columns)], ignore_index=True)


def neighbours(small_areas: pd.DataFrame) -> pd.DataFrame:
    """Return six districts that stand in for the statistical neighbours of the city."""
    city, *others = sorted(small_areas["district_code"].unique())
    return pd.DataFrame({"area_code": city, "neighbour_code": others[:6]})


def write(folder: Path, expected: Pattern, *, rows: int, seed: int) -> None:
    """Write the files around the records into a sample folder."""
    tables = {
        "custom_areas.csv": policing_areas(expected.small_areas),
        "workday_population.csv": workday_population(expected, seed=seed),
        "asset_points.csv": asset_points(expected, seed=seed),
        "other_forces.csv": other_forces(expected, rows=rows, seed=seed),
        "neighbours.csv": neighbours(expected.small_areas),
    }
    for name, table in tables.items():
        table.to_csv(folder / name, index=False, lineterminator="\n")


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
