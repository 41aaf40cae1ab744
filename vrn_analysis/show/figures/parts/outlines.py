"""Shapes on a map: areas, districts and their names, the scale bar."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import shapely
from matplotlib.axes import Axes
from matplotlib.collections import PathCollection
from matplotlib.lines import Line2D
from matplotlib.path import Path
from matplotlib.transforms import Bbox

from vrn_analysis.core.errors import DataError
from vrn_analysis.show.figures.parts import checks, labels, style

if TYPE_CHECKING:
    import geopandas


def _paths(geometries: Sequence) -> list[Path]:
    paths = []
    for shape in geometries:
        for polygon in getattr(shape, "geoms", [shape]):
            if polygon.geom_type != "Polygon":
                raise DataError(f"A map draws areas only; one outline is a {polygon.geom_type}.")
            rings = [polygon.exterior, *polygon.interiors]
            paths.append(
                Path.make_compound_path(
                    *(Path(np.asarray(r.coords)[:, :2], closed=True) for r in rings)
                )
            )
    return paths


def checked(
    areas: "geopandas.GeoDataFrame", key: str | None, like: "geopandas.GeoDataFrame | None" = None
) -> "geopandas.GeoDataFrame":
    """Return the outlines that can be drawn, in metres; raise a DataError if there are none."""
    if areas.crs is None or not areas.crs.is_projected:
        raise DataError(
            f"The outlines have the coordinate system {areas.crs or 'none'}: a map with a scale "
            "needs metres. Use areas.to_crs(27700)."
        )
    if key is not None and key not in areas:
        raise DataError(f"The outlines have no column {key}; they have {', '.join(areas.columns)}.")
    if key is not None and areas[key].duplicated().any():
        raise DataError(f"{int(areas[key].duplicated().sum())} outlines repeat a {key}: dissolve.")
    areas = areas.to_crs(like.crs) if like is not None else areas
    good = areas[areas.geometry.notna() & ~areas.geometry.is_empty]
    if good.empty:
        raise DataError("There are no outlines to draw.")
    return good


def refuse_strangers(drawn: pd.DataFrame, shapes: "geopandas.GeoDataFrame", key: str) -> None:
    """Raise a DataError where no row of the table has an outline."""
    if not drawn[key].isin(shapes[key]).any():
        raise DataError(
            f"None of the {len(drawn)} values of {key} is among the outlines, such as "
            f"{drawn[key].iloc[0]} beside {shapes[key].iloc[0]}. Are both of one vintage?"
        )


def fill(
    axes: Axes, geometries: Sequence, colour: str, hatch: str, *, outlined: bool = True
) -> None:
    """Draw areas in one colour or hatching, with thin outlines or none."""
    if not outlined and len(geometries):
        # many cells in one shape: no seams between them, and quick to draw
        geometries = [shapely.coverage_union_all(np.asarray(geometries))]
    if len(geometries):
        axes.add_collection(
            PathCollection(
                _paths(geometries), facecolor=colour,
                edgecolor="#8C8C8C" if outlined or hatch else colour, linewidth=0.35,
                hatch=hatch or None, transform=axes.transData,
            ),
            autolim=False,
        )  # fmt: skip


def frame(axes: Axes, bounds: Sequence[float]) -> None:
    """Show the whole of some bounds, one metre as long in both directions."""
    left, low, right, high = bounds
    pad = 0.03 * max(right - left, high - low)
    # room below for the scale bar
    axes.set(xlim=(left - pad, right + pad), ylim=(low - pad - 0.05 * (high - low), high + pad))
    axes.set_aspect("equal")
    axes.set_axis_off()


def scale_bar(axes: Axes) -> Bbox:
    """Draw a bar of round length below the map and return the room that its words take."""
    left, right = axes.get_xlim()
    wanted = (right - left) / 5
    power = 10 ** np.floor(np.log10(wanted))
    length = max(step * power for step in (1, 2, 5) if step * power <= wanted)
    low, high = axes.get_ylim()
    y, x = low + 0.015 * (high - low), left + 0.02 * (right - left)
    tick = 0.006 * (high - low)
    axes.plot(
        [x, x, x + length, x + length], [y + tick, y, y, y + tick],
        color=style.DARK, linewidth=1.4, solid_joinstyle="miter",
    )  # fmt: skip
    said = f"{length / 1000:g} km" if length >= 1000 else f"{length:g} m"
    return axes.text(
        x + length / 2, y + 1.5 * tick, said, ha="center", va="bottom", fontsize=style.SMALL
    ).get_window_extent()


def districts(
    axes: Axes, districts: "geopandas.GeoDataFrame", taken: list, *, named: bool = True
) -> None:
    """Draw the districts' outlines, and their names where none overlaps another."""
    axes.add_collection(
        PathCollection(
            _paths(districts.geometry), facecolor="none", edgecolor=style.DARK, linewidth=1.1,
            transform=axes.transData,
        ),
        autolim=False,
    )  # fmt: skip
    column = next((n for n in checks.NAMES if n in districts), None)
    if column is None:
        raise DataError(f"The districts have no column of names ({', '.join(checks.NAMES[:4])}).")
    points = districts.geometry.representative_point()
    for name, point in zip(districts[column], points, strict=True) if named else ():
        labels.place_name(axes, style.wrapped(name, 14, lines=3), (point.x, point.y), taken)


def assets(axes: Axes, points: "geopandas.GeoDataFrame", like: "geopandas.GeoDataFrame") -> Line2D:
    """Mark community assets; return their entry in the legend."""
    kinds = set(points.geom_type)
    if kinds - {"Point"}:
        raise DataError(f"Assets are points; these are {', '.join(sorted(kinds))}.")
    at = points.geometry.to_crs(like.crs)
    # dark: a rare bright hue is lost where a picture's colours are made few
    look = {"marker": "D", "color": style.DARK, "markersize": 6, "linestyle": "none"}
    look |= {"markeredgecolor": "white", "markeredgewidth": 0.9}
    axes.plot(at.x, at.y, zorder=5, **look)
    return Line2D([], [], label=f"Community assets ({len(points):,})", **look)
