"""The grid of a run and the maps drawn on it."""

import geopandas as gpd
import ibis
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.count.assessment import Run
from vrn_analysis.count.tables import group_sizes
from vrn_analysis.methods import hotspots
from vrn_analysis.methods.places import cells as in_cells
from vrn_analysis.methods.places import classes, risk
from vrn_analysis.methods.places.cuts import of_months, two_years
from vrn_analysis.methods.rates import dispersion_of_incidents

MEASURES = {
    "Gini": "Gini coefficient",
    "generalised Gini": "Generalised Gini coefficient",
    "share of places with 25% of events": "Share of places with a quarter of offences",
    "share of places with 50% of events": "Share of places with half of offences",
}


def grid(run: Run) -> gpd.GeoDataFrame:
    """
    Return the counted offences and the residents in the cells of a grid over the run's area.

    Its `attrs` have the size of a cell and the width of the band of densities, in words.
    """
    cells = in_cells.count_in_cells(run.counted(), run.areas("district"))
    cells.attrs |= {"size": f"{in_cells.CELL_SIZE:,.0f} m", "width": f"{in_cells.BANDWIDTH:,.0f} m"}
    return in_cells.add_residents(cells, run.areas("lsoa"), run.population)


def map_classes(
    cells: gpd.GeoDataFrame,
    records: ibis.Table,
    *,
    of: str = "density",
    areas: gpd.GeoDataFrame | None = None,
    population: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """
    Return the class of each cell for a map without numbers.

    Parameters
    ----------
    cells
        As `grid` returns them; the records are counted in them anew.
    of
        `density` of the records; `hotspots` by Gi*, and how stable they are if locations are moved
        by `attrs["error"]` metres; or `ratio`, offences per person beside the whole area's.
    areas, population
        For a ratio: the small areas and their outlines, and the people in them.

    Raises
    ------
    DataError
        If there is no such map.
    """
    counted = in_cells.recounted(cells, records)
    if of == "density":
        return classes.density_classes(in_cells.add_density(counted, records))
    if of == "ratio":
        return risk.risk_classes(risk.add_risk(counted, records, areas, population))
    if of != "hotspots":
        raise DataError(f"There is no map of {of!r}: choose density, hotspots or ratio.")
    error = in_cells.location_error(records, cells)
    found = classes.hotspot_classes(in_cells.add_stability(counted, records, error=error))
    found.attrs["error"] = error
    return found


def concentration(counts: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """
    Return how concentrated offences are in places: measures with intervals, and the Lorenz curve.

    Parameters
    ----------
    counts
        One row a place, with zeros: true counts. Neither result gives one back.
    """
    measures = classes.rounded(hotspots.concentration(counts))
    named = measures.assign(measure=measures["measure"].replace(MEASURES))
    return named, classes.thinned(hotspots.lorenz(counts))


def next_year(run: Run) -> pd.DataFrame:
    """
    Return how well maps of one year catch the offences of the next: see `classes.scores`.

    `attrs["months"]` says which years they are.

    Raises
    ------
    NotInThisRun
        If the period is shorter than two years, or months of the last two have no data.
    """
    counted, (earlier, later) = run.counted(), two_years(run.months)
    before, after = (of_months(counted, months) for months in (earlier, later))
    cells = in_cells.count_in_cells(before, run.areas("district"))
    cells = cells.pipe(in_cells.add_next, after).pipe(in_cells.add_density, before)
    cells = in_cells.add_residents(cells, run.areas("lsoa"), run.population)
    spread = dispersion_of_incidents(group_sizes(counted))
    scored = classes.scores(cells, dispersion=spread)
    one, other = (f"{months[0]:%B %Y} to {months[-1]:%B %Y}" for months in (earlier, later))
    scored.attrs["months"] = f"{one}, tested on {other}"
    scored.attrs["labels"] = classes.LABELS
    return scored
