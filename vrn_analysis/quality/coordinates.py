"""
Points that are not where it happened: default points, centres of areas, outside, rounded, snapped.

Only distinct points leave the engine, each with its number of records, and no word about any.
"""

from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
import shapely
from ibis import _

from vrn_analysis.quality.measures import Found, beyond_chance, measured

if TYPE_CHECKING:
    import geopandas as gpd

PLACES = "Coordinates"
# east, north and the system they are in, in the order they are looked for
SYSTEMS = (("easting", "northing", 27700), ("longitude", "latitude", 4326))
NATIONAL_GRID = 27700
# metres beyond a generalised outline that are no fault
TOLERANCE = 100.0
# a default point holds at least this many records, and this share of all with a point …
LEAST, SHARE = 20, 0.001
# … that name several small areas, or homes and public places at once
AREAS, BOTH = 3, 0.1
# records within a metre of the centre of an area
CENTRE_LEAST, CENTRE_REACH = 5, 1.0
# a point whose numbers both end in 00 comes up once in 10,000 by chance
ROUND_TO, ROUND_CHANCE = 100, 1e-4
NO_POINT, SNAPPED, EXACT = "No coordinates", "Moved by the publisher", "As recorded, to the metre"
OUTSIDE, DEFAULT, CENTRE, ROUNDED = (
    "Outside the area", "Default point", "Centre of an area", "Rounded to 100 m",
)  # fmt: skip


def distinct_points(records: ibis.Table) -> pd.DataFrame:
    """
    Return each point once, with what is counted there.

    Parameters
    ----------
    records
        Records in the engine with `easting, northing` or `longitude, latitude` (without either,
        every record is without a point), `lsoa_code` and, where known, `place_class`.

    Returns
    -------
    points
        `x, y` (British National Grid metres; missing where a record has none), `lsoa_code`,
        `count`, `private`, `public` (records there in homes, and in public). A point named in two
        small areas is two rows. For use inside the checks only.
    """
    there = [system for system in SYSTEMS if set(system[:2]) <= set(records.columns)]
    nowhere = ibis.null("float64")
    east, north, system = there[0] if there else (nowhere, nowhere, NATIONAL_GRID)
    if there:
        east, north = records[east], records[north]
    place = records.place_class if "place_class" in records.columns else ibis.literal("unknown")
    both = east.notnull() & north.notnull()
    table = records.select(
        x=ibis.ifelse(both, east, None).cast("float64"),
        y=ibis.ifelse(both, north, None).cast("float64"),
        lsoa_code=records.lsoa_code,
        private=(place == "private").fill_null(False).cast("int64"),
        public=(place == "public").fill_null(False).cast("int64"),
    )
    points = (
        table.group_by("x", "y", "lsoa_code")
        .aggregate(count=_.count(), private=_.private.sum(), public=_.public.sum())
        .order_by("x", "y", "lsoa_code")
        .to_pandas()
    )
    if system != NATIONAL_GRID:
        points = _on_the_grid(points, system)
    return points.assign(snapped=system != NATIONAL_GRID)


def _on_the_grid(points: pd.DataFrame, system: int) -> pd.DataFrame:
    from pyproj import Transformer

    to_grid = Transformer.from_crs(system, NATIONAL_GRID, always_xy=True)
    known = points["x"].notna()
    x, y = to_grid.transform(points.loc[known, "x"], points.loc[known, "y"])
    return points.assign(
        x=pd.Series(x, index=points.index[known]), y=pd.Series(y, index=points.index[known])
    )


def add_faults(points: pd.DataFrame, areas: "gpd.GeoDataFrame | None") -> pd.DataFrame:
    """
    Add what is wrong with each point.

    Parameters
    ----------
    points
        As `distinct_points` returns them.
    areas
        Small areas: `area_code` and their shapes, in British National Grid metres. Without them
        nothing is said of `is_outside, is_elsewhere, is_centre`, which are False.

    Returns
    -------
    points
        The same rows and `is_missing, is_outside` (over 100 m from every area), `is_elsewhere`
        (over 100 m from the small area it names), `is_default, is_centre, is_rounded`.
    """
    missing = points["x"].isna()
    rounded = (points["x"] % ROUND_TO == 0) & (points["y"] % ROUND_TO == 0) & ~points["snapped"]
    flagged = points.assign(
        is_missing=missing,
        is_default=_default(points),
        is_rounded=rounded & ~missing,
        is_outside=False,
        is_elsewhere=False,
        is_centre=False,
    )
    if areas is None or missing.all():
        return flagged
    located = flagged[~missing]
    return flagged.assign(
        **{
            name: pd.Series(value, index=located.index).reindex(points.index, fill_value=False)
            for name, value in _against(located, areas).items()
        }
    )


def _default(points: pd.DataFrame) -> pd.Series:
    """Tell the points whose records cannot all have happened there."""
    at = points[points["x"].notna()].groupby(["x", "y"])
    sums = at[["count", "private", "public"]].sum().join(at["lsoa_code"].nunique().rename("areas"))
    known = (sums["private"] + sums["public"]).clip(lower=1)
    both = np.minimum(sums["private"], sums["public"]) / known >= BOTH
    heavy = sums["count"] >= max(LEAST, SHARE * sums["count"].sum())
    default = sums[heavy & (both | (sums["areas"] >= AREAS))].index
    return pd.Series(pd.MultiIndex.from_frame(points[["x", "y"]]).isin(default), points.index)


def _against(points: pd.DataFrame, areas: "gpd.GeoDataFrame") -> dict[str, np.ndarray]:
    shapes = areas.geometry.to_numpy()
    shapely.prepare(shapes)
    at = shapely.points(points["x"], points["y"])
    tree = shapely.STRtree(shapes)
    point, area = tree.query(at, predicate="dwithin", distance=TOLERANCE)
    near = np.zeros(len(points), dtype=bool)
    near[point] = True
    codes = areas["area_code"].to_numpy()
    own = np.zeros(len(points), dtype=bool)
    named = points["lsoa_code"].to_numpy()
    own[point[codes[area] == named[point]]] = True
    known = points["lsoa_code"].isin(set(codes)).to_numpy()
    middles = [areas.geometry.centroid, areas.geometry.representative_point()]
    centres = shapely.STRtree(np.concatenate([middle.to_numpy() for middle in middles]))
    hit = np.zeros(len(points), dtype=bool)
    hit[centres.query(at, predicate="dwithin", distance=CENTRE_REACH)[0]] = True
    there = points.groupby(["x", "y"])["count"].transform("sum").to_numpy()
    return {
        "is_outside": ~near,
        "is_elsewhere": near & known & ~own,
        "is_centre": hit & (there >= CENTRE_LEAST) & ~points["snapped"].to_numpy(),
    }


def point_faults(points: pd.DataFrame) -> pd.DataFrame:
    """
    Return the checks of coordinates.

    Parameters
    ----------
    points
        As `add_faults` returns them.

    Returns
    -------
    measures
        As `measured` returns them, of the records that have a point; those without one, of all.
    """
    of, located = int(points["count"].sum()), points[~points["is_missing"]]
    known = int(located["count"].sum())

    def size(flags: pd.Series) -> int:
        return int(located.loc[flags, "count"].sum())

    stacked, centre = located["is_default"], located["is_centre"]
    if located["snapped"].any():
        shared = size(located["snapped"])
        at = len(located[["x", "y"]].drop_duplicates())
        words = [Found("Moved by the publisher to a shared point", shared, known,
                       f"{at:,} points in all")]  # fmt: skip
    else:
        excess = beyond_chance(size(located["is_rounded"]), known, ROUND_CHANCE)
        words = [
            Found("Rounded to 100 m", excess, known),
            Found("At the centre of an area", size(centre), known, _places(located[centre])),
        ]
    return measured(
        PLACES,
        [
            Found("No coordinates", of - known, of),
            Found("Outside the area", size(located["is_outside"]), known),
            Found("In another small area than the record names", size(located["is_elsewhere"]),
                  known),
            Found("Stacked on a default point", size(stacked), known, _places(located[stacked])),
            *words,
        ],
    )  # fmt: skip


def _places(points: pd.DataFrame) -> str:
    at = len(points[["x", "y"]].drop_duplicates())
    return f"{at} point{'s' * (at != 1)}" if at else ""


def location_confidence(points: pd.DataFrame) -> pd.DataFrame:
    """
    Count the records by how far their point can be trusted, each in the first kind that fits.

    Parameters
    ----------
    points
        As `add_faults` returns them.

    Returns
    -------
    table
        `confidence, count`; they sum to the records. Of points that a publisher has moved nothing
        is asked that only a recorded point can be.
    """
    moved = points["snapped"].any()
    kinds = {
        NO_POINT: points["is_missing"],
        OUTSIDE: points["is_outside"],
        DEFAULT: points["is_default"],
    }
    if not moved:
        kinds |= {CENTRE: points["is_centre"], ROUNDED: points["is_rounded"]}
    rest = SNAPPED if moved else EXACT
    kind = np.select(list(kinds.values()), list(kinds), rest)
    counts = points["count"].groupby(kind).sum().reindex([*kinds, rest], fill_value=0)
    return pd.DataFrame({"confidence": counts.index, "count": counts.to_numpy()}).astype(
        {"confidence": "str", "count": "Int64"}
    )
