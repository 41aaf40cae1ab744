"""Count records in the cells of a grid, without keeping any location."""

import geopandas as gpd
import ibis
import numpy as np
import pandas as pd

from vrn_analysis.count.assessment import NotInThisRun
from vrn_analysis.methods import hotspots
from vrn_analysis.methods.places.classes import LABELS, rounded
from vrn_analysis.read.geography.boundaries import COORDINATES

# metres
CELL_SIZE = 500.0
BANDWIDTH = 1_000.0
# metres: an assumption for recorded addresses, the standard deviation of a wrong one
ADDRESS_ERROR = 100.0


def _columns(records: ibis.Table) -> tuple[str, str, int]:
    for east, north, system in COORDINATES:
        if {east, north} <= set(records.columns):
            return east, north, system
    raise NotInThisRun(
        "The records have no location: neither easting and northing, nor longitude and latitude."
    )


def points_of(records: ibis.Table, crs: object) -> gpd.GeoDataFrame:
    """Return where the records are, without a word about any of them, in no order of theirs."""
    east, north, system = _columns(records)
    at = records.select(x=records[east], y=records[north]).order_by("x", "y").to_pandas()
    shapes = gpd.points_from_xy(at["x"].astype(float), at["y"].astype(float), crs=system)
    located = at.notna().all(axis=1).to_numpy()
    return gpd.GeoDataFrame(geometry=gpd.GeoSeries(shapes).where(located).to_crs(crs))


def count_in_cells(records: ibis.Table, area: gpd.GeoDataFrame) -> gpd.GeoDataFrame:
    """
    Count records in the cells of a grid over an area.

    Parameters
    ----------
    records
        Records in the engine with `easting, northing` (British National Grid) or `longitude,
        latitude` (WGS 84).
    area
        Polygons in metres; the cells are clipped to them.

    Returns
    -------
    cells
        `cell_id, row, column, geometry, count`: true counts, not for a reader. `attrs` say how
        many records were not counted, see `hotspots.count_in_cells`.

    Raises
    ------
    NotInThisRun
        If the records have no location.
    """
    grid = hotspots.make_grid(area, cell_size=CELL_SIZE)
    return hotspots.count_in_cells(grid, points_of(records, area.crs))


def recounted(cells: gpd.GeoDataFrame, records: ibis.Table) -> gpd.GeoDataFrame:
    """Return the cells with the `count` of other records."""
    return hotspots.count_in_cells(cells.drop(columns="count"), points_of(records, cells.crs))


def add_next(cells: gpd.GeoDataFrame, records: ibis.Table) -> gpd.GeoDataFrame:
    """Add `next_count`: the records of the next period in each cell."""
    return cells.assign(next_count=recounted(cells, records)["count"])


def add_density(cells: gpd.GeoDataFrame, records: ibis.Table) -> gpd.GeoDataFrame:
    """
    Add `kde`, the kernel density of the records: see `hotspots.kernel_density`.

    The bandwidth is one for every map, so that maps differ by their records alone; the automatic
    one of a whole county with several towns would smooth the towns away.
    """
    found = hotspots.kernel_density(cells, points_of(records, cells.crs), bandwidth=BANDWIDTH)
    return cells.assign(kde=found["kde"].to_numpy())


def add_residents(
    cells: gpd.GeoDataFrame, areas: gpd.GeoDataFrame, population: pd.DataFrame
) -> gpd.GeoDataFrame:
    """
    Add `residents`: the people of each small area, spread evenly over its land.

    Parameters
    ----------
    areas
        `area_code` (small areas) and their outlines.
    population
        `lsoa_code, population`.

    Notes
    -----
    A cell takes the density of the small area in which its middle lies, or of the nearest one.
    """
    people = population.groupby("lsoa_code")["population"].sum()
    density = areas["area_code"].map(people).fillna(0) / areas.area
    return cells.assign(residents=density.to_numpy()[nearest_area(cells, areas)] * cells.area)


def nearest_area(cells: gpd.GeoDataFrame, areas: gpd.GeoDataFrame) -> np.ndarray:
    """Return the position of the area in which each cell's middle lies, or of the nearest one."""
    return areas.sindex.nearest(cells.geometry.representative_point(), return_all=False)[1]


def precision(records: ibis.Table, area: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Return how coarse the locations are: `hotspots.snapped_points` without its counts.

    Returns
    -------
    table
        One row: `points_per_place, busiest_place_share, median_spacing` (metres),
        `cells_with_one_place`.
    """
    found = hotspots.snapped_points(points_of(records, area.crs), cell_size=CELL_SIZE)
    return rounded(found.drop(columns=["points", "places"]), events=found["points"].iloc[0])


def location_error(records: ibis.Table, area: gpd.GeoDataFrame) -> float:
    """
    Return how far a location may be off, in metres, for `add_stability`.

    Published points are snapped to a street or landmark: the usual distance between two of these,
    and not below the assumption made for recorded addresses (100 m).
    """
    east, _, _ = _columns(records)
    if east == "easting":
        return ADDRESS_ERROR
    spacing = precision(records, area)["median_spacing"].iloc[0]
    return max(ADDRESS_ERROR, float(spacing))


def add_stability(
    cells: gpd.GeoDataFrame, records: ibis.Table, *, error: float, draws: int = 50
) -> gpd.GeoDataFrame:
    """Add `is_hotspot, share_of_draws, stability` of Gi*: see `hotspots.stability`."""
    grid = cells.drop(columns="count")
    found = hotspots.stability(
        grid, points_of(records, cells.crs), geocoding_error=error, draws=draws
    )
    names = ["is_hotspot", "share_of_draws", "stability"]
    return cells.assign(**{name: found[name].to_numpy() for name in names})


def by_cell_size(records: ibis.Table, area: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return how hotspots depend on cells of half and double size: `hotspots.cell_size_sweep`."""
    sizes = [int(CELL_SIZE * times) for times in (0.5, 1, 2)]
    points = points_of(records, area.crs)
    found = rounded(hotspots.cell_size_sweep(area, points, cell_sizes=sizes), events=len(points))
    found.attrs["labels"] = LABELS
    return found
