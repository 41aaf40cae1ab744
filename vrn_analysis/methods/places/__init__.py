"""
Count offences in the cells of a grid; locations leave the engine only here.

A point is read inside a function, put into its cell and forgotten: no table that these functions
return holds a location, or a row that is about one record. Cells hold true counts, which are for
Gi*, a density or a score; what a reader meets of a cell is a class.
"""

from vrn_analysis.methods.places.cells import (
    BANDWIDTH,
    CELL_SIZE,
    add_density,
    add_next,
    add_residents,
    add_stability,
    by_cell_size,
    count_in_cells,
    location_error,
    precision,
)
from vrn_analysis.methods.places.classes import (
    AREA_CLASSES,
    HOTSPOT_CLASSES,
    MEASURES,
    SCORES,
    area_classes,
    class_shares,
    density_classes,
    hotspot_classes,
    rounded,
    scores,
    shared,
    thinned,
    touching,
)
from vrn_analysis.methods.places.cuts import (
    at_night,
    by_crime_group,
    cuts,
    of_months,
    parts,
    two_years,
    under_25,
)
from vrn_analysis.methods.places.maps import concentration, grid, map_classes, next_year
from vrn_analysis.methods.places.peaks import CLEARLY, hotspot_places, rank_places, ranked_map
from vrn_analysis.methods.places.risk import RISK_CLASSES, add_risk, risk_classes
