"""Areas for a map: protected tables joined to outlines, for the interactive map and for a GIS."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from IPython.display import Markdown

from vrn_analysis.assessment import Run
from vrn_analysis.figures import maps
from vrn_analysis.publish import reading
from vrn_analysis.publish.door import refuse, save, small_areas_are_named
from vrn_analysis.tables import ALL, NOT_LOCATED

FOLDER = "map"  # in the output folder, for the page that the briefing makes of it
WIDTH = 10_000  # of the drawing, in units
FINEST = 3  # units: what is smaller is left out of an outline
LEVELS = {"msoa": "Middle areas", "district": "Districts", "lsoa": "Small areas"}
GEOPACKAGE_LAYERS = {"msoa": "middle_areas", "district": "districts", "lsoa": "small_areas"}
# the time a GeoPackage says it was made: a fixed one, so that equal data give equal files
FIXED_TIME = "2000-01-01T00:00:00.000Z"


def _frame(run: Run) -> tuple[float, float, float]:
    """Return the west and north edge of the drawing, and metres a unit."""
    west, _, east, north = run.areas("district").total_bounds
    return west, north, (east - west) / WIDTH


def _ring(ring: shapely.LinearRing, frame: tuple[float, float, float]) -> str:
    west, north, unit = frame
    at = shapely.get_coordinates(ring)[:-1]
    whole = np.round(np.column_stack([at[:, 0] - west, north - at[:, 1]]) / unit).astype(int)
    steps = np.diff(whole, axis=0)
    moved = " ".join(f"{x},{y}" for x, y in steps[(steps != 0).any(axis=1)])
    return f"M{whole[0, 0]},{whole[0, 1]}l{moved}z" if moved else ""


def _path(shape: shapely.Geometry, frame: tuple[float, float, float]) -> str:
    """Return an outline as an SVG path in whole units."""
    polygons = getattr(shape, "geoms", [shape])
    rings = [r for p in polygons if not p.is_empty for r in (p.exterior, *p.interiors)]
    return "".join(_ring(ring, frame) for ring in rings)


def _outlines(shapes: gpd.GeoDataFrame, frame: tuple[float, float, float]) -> dict[str, str]:
    # neighbours keep one border between them
    simple = shapely.coverage_simplify(shapes.geometry.to_numpy(), FINEST * frame[2])
    paths = [_path(shape, frame) for shape in simple]
    return dict(zip(shapes["area_code"], paths, strict=True))


def _facts(row: Any, words: Mapping[str, str]) -> str:
    """Return what is said of an area when it is chosen; of a suppressed one, no number."""
    if row.status == "suppressed":
        return "suppressed"
    if pd.isna(row.value):
        return "not available"
    return f"{words['value']} (95% interval {words['interval']}), {words['count']} offences"


def _areas(table: pd.DataFrame, level: str, run: Run) -> tuple[list[dict], list[dict]]:
    """Return the areas of a level with their words and outlines, and the classes of the level."""
    shapes = run.areas(level)
    placed = table[~table["area_code"].isin([ALL, NOT_LOCATED])].reset_index(drop=True)
    every, names = maps.classed(placed, shapes, "area_code")
    paths = _outlines(shapes, _frame(run))
    keys = [f"{level}_code", "district_name"]
    district = run.lookup[keys].drop_duplicates().set_index(f"{level}_code")["district_name"]
    words = reading.in_words(placed).set_index(placed["area_code"]).to_dict("index")
    rows = placed.set_index("area_code")
    areas = [
        {
            "name": row.name,
            "district": district[row.area_code],
            "class": row["class"],
            "facts": _facts(rows.loc[row.area_code], words[row.area_code]),
            "path": paths[row.area_code],
        }
        for row in every.rename(columns={"name": "area_name"})
        .assign(name=every["name"])
        .itertuples(index=False)
    ]
    sizes = every["class"].value_counts()
    classes = [{"name": name, "size": int(sizes.get(name, 0))} for name in [*names, "Suppressed"]]
    return sorted(areas, key=lambda area: (area["district"], area["name"])), classes
