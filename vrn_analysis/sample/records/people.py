"""Residents of the invented county, and the deprivation of its small areas."""

import geopandas as gpd
import numpy as np
import pandas as pd
from numpy.random import Generator

from vrn_analysis.core.contracts import ETHNIC_GROUPS
from vrn_analysis.sample.plan.assumptions import Assumed
from vrn_analysis.sample.plan.county import settlement_points
from vrn_analysis.sample.plan.streams import shares_to_counts, stream

AGES = np.arange(91)
SEXES = ("female", "male")


def settle(small_areas: gpd.GeoDataFrame, *, assumed: Assumed, seed: int) -> gpd.GeoDataFrame:
    """
    Return the small areas with what records are generated from.

    Returns
    -------
    small_areas
        The same rows with `residents` and `deprivation_rank`: 0 the least to 1 the most deprived
        end of the residents, each area standing at the middle of its own residents (ridit).
    """
    rng = stream("people", seed=seed)
    size = assumed["residents"]
    spread = rng.normal(0, size["spread"], len(small_areas))
    residents = np.round(size["mean"] * np.exp(spread)).astype(np.int64)
    order = np.argsort(_hardship(rng, small_areas, assumed), kind="stable")
    upper = residents[order].cumsum()
    rank = np.empty(len(small_areas))
    rank[order] = (upper - residents[order] / 2) / upper[-1]
    return small_areas.assign(residents=residents, deprivation_rank=rank)


def _hardship(rng: Generator, small_areas: gpd.GeoDataFrame, assumed: Assumed) -> np.ndarray:
    """Return an unscaled hardship: higher in towns, in patches, with some chance."""
    x, y = small_areas["centre_x"].to_numpy(), small_areas["centre_y"].to_numpy()
    hardship = rng.normal(0, 0.45, len(small_areas))
    for length in (14_000, 5_000):
        for turn in rng.uniform(0, 2 * np.pi, 4):
            wave = (x * np.cos(turn) + y * np.sin(turn)) / length
            hardship += 0.35 * np.sin(2 * np.pi * wave + 3 * turn)
    for point, place in zip(settlement_points(assumed), assumed["settlements"], strict=True):
        distance = np.hypot(x - point[0], y - point[1]) / (place["spread"] * 1000)
        hardship += 1.5 * np.exp(-distance / 1.4)
    return hardship


def population(small_areas: gpd.GeoDataFrame, *, assumed: Assumed, seed: int) -> pd.DataFrame:
    """Return the `population` contract: residents by small area, sex and single year of age."""
    rng = stream("population", seed=seed)
    pyramid = assumed["age_pyramid"]
    shapes = {kind: single_years(pyramid[kind]) for kind in ("town", "city")}
    by_sex = np.array([pyramid["female_share"], 1 - pyramid["female_share"]])
    counts = []
    for area in small_areas.itertuples():
        share = shapes["city" if area.is_city else "town"]
        # each area leans a little to the young or the old
        leaning = np.exp(rng.normal(0, 0.004) * (AGES - 40))
        cell = np.outer(by_sex, share * leaning).ravel()
        counts.append(rng.multinomial(area.residents, cell / cell.sum()))
    index = pd.MultiIndex.from_product(
        [small_areas["lsoa_code"], SEXES, AGES], names=["lsoa_code", "sex", "age"]
    )
    return pd.Series(np.concatenate(counts), index=index, name="population").reset_index()


def ethnicity(small_areas: gpd.GeoDataFrame, *, assumed: Assumed) -> pd.DataFrame:
    """Return the residents by district and ethnic group: the same shares everywhere."""
    groups = [name for name in ETHNIC_GROUPS if name in assumed["ethnicity"]]
    shares = np.array([assumed["ethnicity"][name] for name in groups])
    sizes = small_areas.groupby("district_code")["residents"].sum()
    frames = [
        pd.DataFrame(
            {
                "district_code": code,
                "self_defined_ethnicity": groups,
                "population": shares_to_counts(shares, size),
            }
        )
        for code, size in sizes.items()
    ]
    return pd.concat(frames, ignore_index=True)


def single_years(bands: list[list[float]]) -> np.ndarray:
    """Spread the share of each band over its single years; the last runs out towards 90."""
    start = np.array([band[0] for band in bands])
    width = np.diff(np.append(start, 91))
    band = np.searchsorted(start, AGES, side="right") - 1
    return np.array([band[1] for band in bands])[band] / width[band]


def deprivation(small_areas: gpd.GeoDataFrame, *, assumed: Assumed, seed: int) -> pd.DataFrame:
    """
    Return the `deprivation` contract.

    `income_rate` follows the area's rank exactly; `index_score` follows income with noise, as an
    index that holds other domains would; `decile` cuts the index at an invented nation's deciles.
    """
    rng = stream("deprivation", seed=seed)
    given = assumed["deprivation"]
    low, high = given["income_rate_least"], given["income_rate_most"]
    rank = small_areas["deprivation_rank"].to_numpy()
    income = low + (high - low) * rank ** given["curve"]
    score = given["index_per_income_rate"] * income + rng.normal(
        0, given["index_noise"], len(income)
    )
    score = np.maximum(score, given["index_floor"])
    cuts = np.array(given["decile_cuts"])
    return pd.DataFrame(
        {
            "lsoa_code": small_areas["lsoa_code"].to_numpy(),
            "index_score": score.round(3),
            "income_rate": income.round(4),
            "decile": 1 + (score[:, None] < cuts).sum(axis=1),
        }
    )
