"""Find hotspots: where offences concentrate, how certain that is, and whether it lasts."""

from vrn_analysis.methods.hotspots.accuracy import accuracy, hit_rate, pai, pei, rri
from vrn_analysis.methods.hotspots.concentration import concentration, lorenz
from vrn_analysis.methods.hotspots.density import kernel_density
from vrn_analysis.methods.hotspots.gi_star import gi_star
from vrn_analysis.methods.hotspots.grid import count_in_cells, make_grid
from vrn_analysis.methods.hotspots.moran import global_moran
from vrn_analysis.methods.hotspots.neighbours import contiguity
from vrn_analysis.methods.hotspots.stability import (
    cell_size_sweep,
    is_hotspot,
    snapped_points,
    stability,
)
