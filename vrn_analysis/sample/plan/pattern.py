"""Expected weights of the SYNTHETIC sample by month, code, context and area."""

from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd

from vrn_analysis.read.files.periods import financial_year
from vrn_analysis.sample.plan import rhythm
from vrn_analysis.sample.plan.assumptions import Assumed, recorded_crime
from vrn_analysis.sample.plan.county import settlement_points
from vrn_analysis.sample.plan.streams import stream


@dataclass(frozen=True)
class Pattern:
    """
    Expected weights that offences are drawn from.

    `cells` is month x code x context; `area_weights` month x setting x small area (a month's
    private setting sums to one, and its public setting would but for the intervention);
    `day_weights` context x day; `hour_weights` context x weekday x hour; `hotspots` names the
    planted small areas, one row a small area and financial year.
    """

    assumed: Assumed
    codes: pd.DataFrame
    calendar: pd.DatetimeIndex
    months: pd.DatetimeIndex
    cells: np.ndarray
    area_weights: np.ndarray
    day_weights: np.ndarray
    hour_weights: np.ndarray
    hotspots: pd.DataFrame
    small_areas: gpd.GeoDataFrame

    @property
    def contexts(self) -> list[str]:
        """The names of the contexts, in order."""
        return self.assumed["contexts"]["order"]

    @property
    def by_month(self) -> np.ndarray:
        """Expected records in each month."""
        return self.cells.sum(axis=(1, 2))

    @property
    def by_context(self) -> np.ndarray:
        """Expected records by month and context."""
        return self.cells.sum(axis=1)


def pattern(small_areas: gpd.GeoDataFrame, *, assumed: Assumed, seed: int) -> Pattern:
    """Return everything that offences are drawn from."""
    calendar = rhythm.days(assumed)
    months = pd.date_range(calendar[0], calendar[-1], freq="MS")
    codes = recorded_crime()
    hotspots = planted_hotspots(small_areas, months, assumed=assumed)
    weights = _area_weights(small_areas, months, hotspots, assumed=assumed, seed=seed)
    day_weights = rhythm.day_weights(assumed)
    return Pattern(
        assumed=assumed,
        codes=codes,
        calendar=calendar,
        months=months,
        cells=_cells(codes, months, calendar, day_weights, weights, assumed),
        area_weights=weights,
        day_weights=day_weights,
        hour_weights=rhythm.hour_weights(assumed),
        hotspots=hotspots,
        small_areas=small_areas,
    )


def _nearest(small_areas: gpd.GeoDataFrame, point: np.ndarray) -> np.ndarray:
    distance = np.hypot(small_areas["centre_x"] - point[0], small_areas["centre_y"] - point[1])
    return np.argsort(distance.to_numpy(), kind="stable")


def planted_hotspots(
    small_areas: gpd.GeoDataFrame, months: pd.DatetimeIndex, *, assumed: Assumed
) -> pd.DataFrame:
    """
    Return the planted hotspots: one row a small area and financial year.

    Returns
    -------
    hotspots
        `kind` (persistent or moving), `financial_year, area` (row of the small area),
        `lsoa_code, rate_ratio`.
    """
    points, given = settlement_points(assumed), assumed["hotspots"]
    years = financial_year(months).unique()
    rows = []
    for spot in given["persistent"]:
        near = _nearest(small_areas, points[spot["settlement"]])[: spot["among"]]
        area = near[small_areas["deprivation_rank"].to_numpy()[near].argmax()]
        rows += [("persistent", year, area, spot["rate_ratio"]) for year in years]
    moving = given["moving"]
    around = _nearest(small_areas, points[moving["settlement"]])
    for year, rank in zip(years, moving["ranks"], strict=True):
        rows.append(("moving", year, around[rank], moving["rate_ratio"]))
    table = pd.DataFrame(rows, columns=["kind", "financial_year", "area", "rate_ratio"])
    codes = small_areas["lsoa_code"].to_numpy()
    return table.assign(lsoa_code=codes[table["area"].to_numpy(dtype=np.int64)])


def intervention_district(small_areas: gpd.GeoDataFrame, *, assumed: Assumed) -> str:
    """Return the code of the district that the intervention works in."""
    point = settlement_points(assumed)[assumed["intervention"]["settlement"]]
    return small_areas["district_code"].iloc[_nearest(small_areas, point)[0]]


def gradient(small_areas: gpd.GeoDataFrame, *, assumed: Assumed) -> np.ndarray:
    """Return the planted factor of each small area for its rank of deprivation."""
    index = assumed["deprivation_gradient"]["relative_index"]
    return np.exp(np.log(index) * (small_areas["deprivation_rank"].to_numpy() - 0.5))


def _centrality(small_areas: gpd.GeoDataFrame, assumed: Assumed) -> np.ndarray:
    """Return how much busier public places are in the middle of a settlement."""
    given, factor = assumed["town_centre"], np.ones(len(small_areas))
    x, y = small_areas["centre_x"].to_numpy(), small_areas["centre_y"].to_numpy()
    for point, place in zip(settlement_points(assumed), assumed["settlements"], strict=True):
        fading = np.exp(-np.hypot(x - point[0], y - point[1]) / given["reach_m"])
        factor += (given[place["kind"]] - 1) * fading
    return factor


def _area_weights(
    small_areas: gpd.GeoDataFrame,
    months: pd.DatetimeIndex,
    hotspots: pd.DataFrame,
    *,
    assumed: Assumed,
    seed: int,
) -> np.ndarray:
    rng = stream("area_factor", seed=seed)
    own = np.exp(rng.normal(0, assumed["unexplained"]["spread"], len(small_areas)))
    base = small_areas["residents"].to_numpy() * gradient(small_areas, assumed=assumed) * own
    public = np.tile(base * _centrality(small_areas, assumed), (len(months), 1))
    year = financial_year(months)
    for spot in hotspots.itertuples():
        public[year == spot.financial_year, spot.area] *= spot.rate_ratio
    weights = np.stack([np.tile(base, (len(months), 1)), public], axis=1)
    weights /= weights.sum(axis=2, keepdims=True)
    return weights * _intervention(small_areas, months, assumed)


def _intervention(
    small_areas: gpd.GeoDataFrame, months: pd.DatetimeIndex, assumed: Assumed
) -> np.ndarray:
    """Return a factor by month, setting and small area: below one where the intervention works."""
    given = assumed["intervention"]
    factor = np.ones((len(months), len(rhythm.SETTINGS), len(small_areas)))
    treated = small_areas["district_code"] == intervention_district(small_areas, assumed=assumed)
    when = rhythm.within(months, given["start"], given["end"])
    factor[np.ix_(when, [rhythm.SETTINGS.index("public")], treated.to_numpy())] = given["ratio"]
    return factor


def code_shares(codes: pd.DataFrame, months: pd.DatetimeIndex, *, assumed: Assumed) -> np.ndarray:
    """Return each code's share by month: its quarter's, moved by the recording break after it."""
    quarter = (months.month.to_numpy() - 4) % 12 // 3 + 1
    share = codes[[1, 2, 3, 4]].to_numpy().T[quarter - 1]
    given = assumed["recording_break"]
    after = months >= pd.Timestamp(given["start"])
    to, source = (
        (codes["offence_code"] == given[name]).to_numpy() for name in ("code", "from_code")
    )
    moved = share[:, to] * (given["ratio"] - 1) * after[:, None]
    share[:, to] += moved
    share[:, source] -= moved
    return share


def _cells(
    codes: pd.DataFrame,
    months: pd.DatetimeIndex,
    calendar: pd.DatetimeIndex,
    day_weights: np.ndarray,
    area_weights: np.ndarray,
    assumed: Assumed,
) -> np.ndarray:
    """Return the expected weight of each month, code and context."""
    context = np.array([assumed["context_by_family"][family] for family in codes["family"]])
    context = context / context.sum(axis=1, keepdims=True)
    in_month = calendar.to_period("M").to_timestamp().to_numpy() == months.to_numpy()[:, None]
    by_day = in_month.astype(float) @ day_weights.T
    by_area = area_weights.sum(axis=2)[:, rhythm.settings(assumed)]
    share = code_shares(codes, months, assumed=assumed)
    return np.einsum("mc,ck,mk->mck", share, context, by_day * by_area)


# offences drawn at once: limits memory for a sample of any size
SIZE = 100_000


@dataclass(frozen=True)
class Block:
    """Part of one month: `size` offences, numbered from `first`."""

    month: int
    part: int
    first: int
    size: int
    prefix: str

    @property
    def name(self) -> str:
        """The name that its streams go by."""
        return f"{self.prefix}/{self.part}"

    @property
    def person_prefix(self) -> str:
        """The beginning of the pseudonyms of persons seen only once."""
        return f"{self.prefix}{self.part:02d}"


def blocks(pattern: Pattern, *, rows: int, seed: int) -> Iterator[Block]:
    """Yield the blocks of a sample: months drawn by their expected weight, cut to size."""
    weight = pattern.cells.sum(axis=(1, 2))
    counts = stream("months/counts", seed=seed).multinomial(rows, weight / weight.sum())
    for month, count in enumerate(counts):
        prefix = f"SYN{pattern.months[month]:%y%m}"
        for part, first in enumerate(range(0, count, SIZE)):
            size = int(min(SIZE, count - first))
            yield Block(month, part, first, size, prefix)
