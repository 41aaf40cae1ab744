"""
Find points that are not where the offence happened: default, rounded, outside, snapped.

Only distinct points leave the engine, each with its number of records, and no word about any.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

import ibis
import numpy as np
import pandas as pd
import shapely
from ibis import _

from vrn_analysis.read.geography.boundaries import COORDINATES, NATIONAL_GRID
from vrn_analysis.say.quality.measures import Found, beyond_chance, measured

if TYPE_CHECKING:
    import geopandas as gpd

PLACES = "Coordinates"
# metres outside a generalised outline that are not a fault
TOLERANCE = 100.0
# a default point has at least this many records, and this share of all with a point …
LEAST, SHARE = 20, 0.001
# … that name several small areas, or homes and public places at once
AREAS, BOTH = 3, 0.1
# records within a metre of the centre of an area
CENTRE_LEAST, CENTRE_REACH = 5, 1.0
# a point whose numbers both end in 00 comes up once in 10,000 by chance
ROUND_TO, ROUND_CHANCE = 100, 1e-4
# points that leave the engine at a time
BATCH = 100_000
FLAGS = (
    "snapped", "is_missing", "is_outside", "is_elsewhere", "is_default", "is_centre", "is_rounded",
)  # fmt: skip
NO_POINT, SNAPPED, EXACT = "No coordinates", "Moved by the publisher", "As recorded, to the metre"
OUTSIDE, DEFAULT, CENTRE, ROUNDED = (
    "Outside the area", "Default point", "Centre of an area", "Rounded to 100 m",
)  # fmt: skip


def _distinct(records: ibis.Table) -> tuple[ibis.Table, int]:
    """Return each point once for each small area it is named in, and the system it is in."""
    there = [system for system in COORDINATES if set(system[:2]) <= set(records.columns)]
    nowhere = ibis.null("float64")
    east, north, system = there[0] if there else (nowhere, nowhere, NATIONAL_GRID)
    if there:
        east, north = records[east], records[north]
    place = records.place_class if "place_class" in records.columns else ibis.literal("unknown")
    both = east.notnull() & north.notnull()
    table = records.select(
        x=ibis.ifelse(both, east, None).cast("float64"),
        y=ibis.ifelse(both, north, None).cast("float64"),
        lsoa_code=records.lsoa_code.cast("string"),
        private=(place == "private").fill_null(False).cast("int64"),
        public=(place == "public").fill_null(False).cast("int64"),
    )
    points = table.group_by("x", "y", "lsoa_code").aggregate(
        count=_.count(), private=_.private.sum(), public=_.public.sum()
    )
    return points, system


def _stacked(points: ibis.Table) -> ibis.Table:
    """Add how many records are at each point, and whether they cannot all have happened there."""
    at = (
        points.filter(points.x.notnull())
        .group_by("x", "y")
        .aggregate(
            there=_["count"].sum(), private=_.private.sum(), public=_.public.sum(),
            areas=_.lsoa_code.nunique(),
        )
    )  # fmt: skip
    total = int(at.there.sum().fill_null(0).to_pandas())
    both = ibis.least(at.private, at.public) >= BOTH * (at.private + at.public)
    heavy = at.there >= max(LEAST, SHARE * total)
    is_default = heavy & ((both & (at.public > 0)) | (at.areas >= AREAS))
    # points with fewer records are not tested
    few = at.select("x", "y", "there", is_default=is_default).filter(_.there >= CENTRE_LEAST)
    joined = points.left_join(few, ["x", "y"])
    return joined.select(
        "x", "y", "lsoa_code", "count", there=_.there.fill_null(0),
        is_default=_.is_default.fill_null(False),
    )  # fmt: skip


def points_with_faults(records: ibis.Table, areas: "gpd.GeoDataFrame | None") -> pd.DataFrame:
    """
    Return what is wrong with the points of the records.

    However many points there are, only so many leave the engine at a time.

    Parameters
    ----------
    records
        Records in the engine with `easting, northing` or `longitude, latitude` (without either,
        every record is without a point), `lsoa_code` and, where known, `place_class`.
    areas
        Small areas: `area_code` and their shapes, in British National Grid metres. Without them
        nothing is said of `is_outside, is_elsewhere, is_centre`, which are False.

    Returns
    -------
    points
        `x, y` (British National Grid metres), `count` (of records), `snapped` (moved by the
        publisher), `is_missing, is_outside` (over 100 m from every area), `is_elsewhere` (over
        100 m from the small area it names), `is_default, is_centre, is_rounded`. A row for each
        default point, centre and published point, in each small area it is named in; all others
        that have the same faults are one row, without `x, y`. For use inside the checks only.
    """
    distinct, system = _distinct(records)
    look_up = None if areas is None else _Areas.of(areas)
    with distinct.cache() as points:
        marked = _stacked(points)
        found = [
            _folded(_examined(batch.to_pandas(), look_up, system))
            for batch in marked.to_pyarrow_batches(chunk_size=BATCH)
        ] or [_examined(marked.limit(0).to_pandas(), None, system)]
    return _folded(pd.concat(found, ignore_index=True))


def _folded(points: pd.DataFrame) -> pd.DataFrame:
    """Keep special points one by one, and sum the others by their faults."""
    single = points["is_default"] | points["is_centre"] | points["snapped"]
    others = points[~single].groupby(list(FLAGS), as_index=False)["count"].sum()
    kept = points.loc[single, ["x", "y", "count", *FLAGS]]
    order = ["x", "y", "count", *FLAGS]
    return pd.concat([kept, others.assign(x=np.nan, y=np.nan)[order]]).sort_values(
        order, ignore_index=True
    )


def _on_the_grid(points: pd.DataFrame, system: int) -> pd.DataFrame:
    if system == NATIONAL_GRID:
        return points
    from pyproj import Transformer

    to_grid = Transformer.from_crs(system, NATIONAL_GRID, always_xy=True)
    known = points["x"].notna()
    x, y = to_grid.transform(points.loc[known, "x"], points.loc[known, "y"])
    return points.assign(
        x=pd.Series(x, index=points.index[known]), y=pd.Series(y, index=points.index[known])
    )


def _examined(points: pd.DataFrame, areas: "_Areas | None", system: int) -> pd.DataFrame:
    """Add what is wrong with each point of a batch."""
    points = _on_the_grid(points, system)
    missing, snapped = points["x"].isna(), system != NATIONAL_GRID
    rounded = (points["x"] % ROUND_TO == 0) & (points["y"] % ROUND_TO == 0) & ~missing
    flagged = points.assign(
        snapped=snapped,
        is_missing=missing,
        is_rounded=rounded & (not snapped),
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
            for name, value in areas.faults(located).items()
        }
    )


@dataclass(frozen=True)
class _Areas:
    """Small areas, ready for looking up many points in them."""

    codes: np.ndarray
    shapes: shapely.STRtree
    centres: shapely.STRtree

    @classmethod
    def of(cls, areas: "gpd.GeoDataFrame") -> "_Areas":
        shapes = areas.geometry.to_numpy()
        shapely.prepare(shapes)
        middles = [areas.geometry.centroid, areas.geometry.representative_point()]
        centres = np.concatenate([middle.to_numpy() for middle in middles])
        return cls(areas["area_code"].to_numpy(), shapely.STRtree(shapes), shapely.STRtree(centres))

    def faults(self, points: pd.DataFrame) -> dict[str, np.ndarray]:
        """Return which points are outside, in another area than recorded, or at a centre."""
        at = shapely.points(points["x"], points["y"])
        point, area = self.shapes.query(at, predicate="dwithin", distance=TOLERANCE)
        near = np.zeros(len(points), dtype=bool)
        near[point] = True
        own = np.zeros(len(points), dtype=bool)
        named = points["lsoa_code"].to_numpy()
        own[point[self.codes[area] == named[point]]] = True
        known = points["lsoa_code"].isin(set(self.codes)).to_numpy()
        hit = np.zeros(len(points), dtype=bool)
        hit[self.centres.query(at, predicate="dwithin", distance=CENTRE_REACH)[0]] = True
        often = points["there"].to_numpy() >= CENTRE_LEAST
        return {
            "is_outside": ~near,
            "is_elsewhere": near & known & ~own,
            "is_centre": hit & often & ~points["snapped"].to_numpy(),
        }


def point_faults(points: pd.DataFrame) -> pd.DataFrame:
    """
    Return the checks of coordinates.

    Parameters
    ----------
    points
        As `points_with_faults` returns them.

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


def confidence(points: pd.DataFrame) -> pd.DataFrame:
    """
    Count the records by how far their point can be trusted, each in the first kind that fits.

    Parameters
    ----------
    points
        As `points_with_faults` returns them.

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
