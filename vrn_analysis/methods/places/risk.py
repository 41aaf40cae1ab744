"""Compare offences with the people present: a ratio of two densities, in classes."""

import geopandas as gpd
import ibis
import numpy as np
import pandas as pd

from vrn_analysis.methods import hotspots
from vrn_analysis.methods.places.cells import BANDWIDTH, add_residents, points_of
from vrn_analysis.methods.places.classes import classed

# people per square kilometre, below which a ratio is not meaningful
LEAST_PEOPLE = 100.0
TIMES = (1.0, 2.0, 4.0)
RISK_CLASSES = (
    "Too few offences or people",
    "Up to the whole area's ratio",
    "One to two times",
    "Two to four times",
    "More than four times",
)


def add_risk(
    cells: gpd.GeoDataFrame, records: ibis.Table, areas: gpd.GeoDataFrame, population: pd.DataFrame
) -> gpd.GeoDataFrame:
    """
    Add `risk`: offences per person around a cell, relative to the whole area.

    Parameters
    ----------
    cells
        With `count`, of the records.
    areas
        `area_code` (small areas) and their outlines.
    population
        `lsoa_code, population`: residents, or the people there on a workday.

    Returns
    -------
    cells
        With `risk`: the ratio of two densities with one bandwidth, missing where fewer than 100
        people live (or are) on a square kilometre.
    """
    people = add_residents(cells, areas, population)
    middles = people.set_geometry(people.representative_point())[["residents", "geometry"]]
    how = {"bandwidth": BANDWIDTH}
    events = hotspots.kernel_density(cells, points_of(records, cells.crs), **how)["kde"]
    around = hotspots.kernel_density(cells, middles, weights="residents", **how)["kde"]
    ratio = events / around.where(around >= LEAST_PEOPLE)
    whole = cells["count"].sum() / people["residents"].sum()
    return cells.assign(risk=ratio.to_numpy() / whole)


def risk_classes(cells: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Return the class of each cell by its risk, for a map without numbers.

    Parameters
    ----------
    cells
        With `count` and `risk`, as `add_risk` returns them.

    Returns
    -------
    classes
        `cell_id` and `map_class`: up to the whole area's ratio, one to two, two to four, more than
        four times. Where too few people are or too few offences lie together, a class of its own.
    """
    risk = cells["risk"].to_numpy(dtype=float)
    code = np.where(np.isnan(risk), 0, 1 + np.searchsorted(TIMES, risk))
    return classed(cells, np.array(RISK_CLASSES, dtype=object)[code], RISK_CLASSES)
