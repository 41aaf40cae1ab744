"""Areas for a map: protected tables joined to outlines, for the interactive map and for a GIS."""

import json
import textwrap
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import shapely
from IPython.display import Markdown

from vrn_analysis.core import facts, session
from vrn_analysis.count.assessment import Run
from vrn_analysis.count.tables import ALL, NOT_LOCATED
from vrn_analysis.show.figures import maps
from vrn_analysis.show.publish import reading
from vrn_analysis.show.publish.door import refuse, save

if TYPE_CHECKING:
    import geopandas as gpd

FOLDER = "map"  # in the output folder, for the page that the briefing makes of it
WIDTH = 10_000  # of the drawing, in units
FINEST = 3  # units: what is smaller is left out of an outline
NAME_LETTERS = 14  # of a line of a district's name
LEVELS = {
    "msoa": "Neighbourhoods (MSOAs)",
    "district": "Local authorities",
    "lsoa": "Small areas (LSOAs)",
}
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


def _outlines(shapes: "gpd.GeoDataFrame", frame: tuple[float, float, float]) -> dict[str, str]:
    # neighbours keep one border between them
    simple = shapely.coverage_simplify(shapes.geometry.to_numpy(), FINEST * frame[2])
    paths = [_path(shape, frame) for shape in simple]
    return dict(zip(shapes["area_code"], paths, strict=True))


def _said(words: Mapping[str, str], status: str) -> str:
    """Return what is said of an area when it is chosen; of a suppressed one, no number."""
    if status != "shown":
        return status
    return f"{words['value']} (95% CI {words['interval']}); {words['count']} offences"


def _looks(classes: list[str]) -> dict[str, str]:
    steps = np.linspace(0, 4, len(classes)).round().astype(int) if len(classes) > 1 else [2]
    looks = {name: f"q{step}" for name, step in zip(classes, steps, strict=False)}
    return looks | {"Suppressed": "suppressed", "Not available": "absent"}


def _areas(every: pd.DataFrame, placed: pd.DataFrame, level: str, run: Run) -> list[dict[str, str]]:
    """Return what is drawn and said of each area, in order of district and name."""
    code = f"{level}_code"
    whole = run.lookup.drop_duplicates(code).set_index(code)["district_name"]
    words = reading.in_words(placed).set_index(placed["area_code"]).to_dict("index")
    paths = _outlines(run.areas(level), _frame(run))
    areas = [
        {
            "name": str(row.name_of),
            "district": "" if level == "district" else whole[row.area_code],
            "class": row.map_class,
            "said": _said(words.get(row.area_code, {}), row.status),
            "path": paths[row.area_code],
        }
        for row in every.rename(columns={"name": "name_of", "class": "map_class"}).itertuples()
    ]
    return sorted(areas, key=lambda area: (area["district"], area["name"]))


def _table(placed: pd.DataFrame, *, caption: str) -> str:
    """Return the figures of a layer as HTML; residents of a suppressed area are left out, too."""
    plain = placed.drop(columns=["denominator", "weight"], errors="ignore")
    words = reading.in_words(plain)
    called = reading.headers(plain)
    numeric = {called[name] for name in words if name in ("count", "value", "interval")}
    return reading.as_html(words.rename(columns=called), caption=caption, numeric=numeric)


def _layer(table: pd.DataFrame, level: str, run: Run, *, caption: str, csv: str) -> dict[str, Any]:
    placed = table[~table["area_code"].isin([ALL, NOT_LOCATED])].reset_index(drop=True)
    every, names = maps.classed(placed, run.areas(level), "area_code")
    sizes, looks = every["class"].value_counts(), _looks(names)
    areas = _areas(every, placed, level, run)
    named = level != "lsoa" or run.settings.audience != "public"
    if not named:
        # a class and an outline, in no order of a name
        kept = [{"class": area["class"], "path": area["path"]} for area in areas]
        areas = sorted(kept, key=lambda area: area["path"])
    return {
        "level": level,
        "title": LEVELS[level],
        "named": named,
        "csv": csv if named else "",
        "classes": [{"name": n, "look": looks[n], "size": int(sizes.get(n, 0))} for n in looks],
        "areas": [area | {"look": looks[area["class"]]} for area in areas],
        "table": _table(placed, caption=f"{LEVELS[level]}. {caption}") if named else "",
    }


def _districts(run: Run) -> list[dict[str, Any]]:
    shapes, frame = run.areas("district").merge(run.districts), _frame(run)
    paths, west, north = _outlines(shapes, frame), frame[0], frame[1]
    middles = shapes.geometry.representative_point()
    return [
        {
            "name": name,
            "lines": textwrap.wrap(name, NAME_LETTERS),
            "path": paths[code],
            "x": round((middle.x - west) / frame[2]),
            "y": round((north - middle.y) / frame[2]),
        }
        for code, name, middle in zip(
            shapes["area_code"], shapes["area_name"], middles, strict=True
        )
    ]


def _write(content: dict[str, Any], name: str) -> None:
    if output := session.current().output:
        folder = Path(output, FOLDER)
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")


def _geopackage(areas: Mapping[str, pd.DataFrame], run: Run, *, name: str) -> None:
    output = session.current().output
    if not output:
        return
    import pyogrio

    file = Path(output, "tables", f"{name}.gpkg")
    file.parent.mkdir(parents=True, exist_ok=True)
    file.unlink(missing_ok=True)
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": FIXED_TIME})
    try:
        for level, layer in GEOPACKAGE_LAYERS.items():
            if level in areas:
                shapes = run.areas(level)[["area_code", "geometry"]]
                joined = shapes.merge(areas[level].assign(stamp=run.credit), on="area_code")
                joined.to_file(file, layer=layer, driver="GPKG", engine="pyogrio", append=True)
    finally:
        pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": None})


def save_areas(
    areas: Mapping[str, pd.DataFrame], run: Run, *, caption: str, names: Mapping[str, str]
) -> Markdown:
    """
    Save protected tables by area as CSV, as a GeoPackage, and for the interactive map.

    Parameters
    ----------
    areas
        By level (`lsoa`, `msoa`, `district`): `area_code, area_name, count, status, value,
        lower_95_ci, upper_95_ci`, protected, as `rates.crude_rate` returns them.
    caption
        What is mapped and its unit.
    names
        The name of each level's CSV, and, under `geopackage`, of the GeoPackage.

    Returns
    -------
    words
        What was saved, for a reader. A public edition names no small area: its map shows their
        classes only, and no file holds them.

    Raises
    ------
    DisclosureError
        If a table has not been protected.
    """
    for level in areas:
        refuse(areas[level])
    public = run.settings.audience == "public"
    saved = {level: table for level, table in areas.items() if level != "lsoa" or not public}
    files = {level: save(table, run, name=names[level]) for level, table in saved.items()}
    _geopackage(saved, run, name=names["geopackage"])
    frame = _frame(run)
    _write(
        {
            "caption": caption,
            "credit": run.credit,
            "height": round((frame[1] - run.areas("district").total_bounds[1]) / frame[2]),
            "metres_a_unit": frame[2],
            "layers": [
                _layer(areas[level], level, run, caption=caption, csv=files.get(level, ""))
                for level in LEVELS
                if level in areas
            ],
            "districts": _districts(run),
        },
        names["geopackage"],
    )
    kept_back = " This edition is public, so it names no small area."
    return facts.said(
        "The same areas are on an [interactive map](map.html). For a geographic information "
        f"system, use the [GeoPackage](tables/{facts.Label(names['geopackage'])}.gpkg)."
        f"{kept_back if public else ''}"
    )


def save_outline(shape: "gpd.GeoDataFrame", run: Run, *, title: str, name: str) -> Markdown:
    """
    Save an outline, such as that of the stable hotspots, as a layer of the interactive map.

    Parameters
    ----------
    shape
        Areas, in the reference system of the run's areas, outlined together; there may be none.
    title
        What it outlines.
    name
        `NN_what`.
    """
    path = _path(shapely.union_all(shape.geometry.to_numpy()), _frame(run))
    _write({"title": title, "path": path}, name)
    return facts.said(f"{facts.Label(title)}: a layer of the [interactive map](map.html).")


def _in_districts(points: "gpd.GeoDataFrame", run: Run) -> pd.Series:
    districts = run.areas("district").merge(run.districts)
    at = points.sjoin(districts, predicate="intersects")["area_name"]
    # a place on a border lies in one of the two
    return at[~at.index.duplicated()].reindex(points.index)


def save_assets(run: Run, *, name: str) -> Markdown:
    """
    Save the community assets as CSV and as a layer of the interactive map.

    Parameters
    ----------
    name
        `NN_what`.

    Returns
    -------
    words
        How many places are marked, or, where no file names any, how to name one.
    """
    if not run.can("asset_points"):
        return facts.said(
            "No list of community assets was supplied, so these maps show only where offences are."
        )
    points, frame = run.asset_points, _frame(run)
    table = pd.DataFrame(points[["name", "kind"]]).assign(district=_in_districts(points, run))
    table = table.sort_values(["district", "kind", "name"], ignore_index=True)
    caption = "Community assets"
    words = table.set_axis(["Name", "Kind", "District"], axis=1)
    csv = save(table, run, name=name)
    marks = [
        {
            "words": f"{row.name_of}: {row.kind}",
            "x": round((row.geometry.x - frame[0]) / frame[2]),
            "y": round((frame[1] - row.geometry.y) / frame[2]),
        }
        for row in points.rename(columns={"name": "name_of"}).itertuples()
    ]
    held = reading.as_html(words, caption=caption, numeric=set())
    _write({"title": caption, "assets": marks, "table": held, "csv": csv}, name)
    told = facts.made(assets=len(table), kinds=table["kind"].nunique())
    return facts.said(
        f"The maps show {told.assets} community assets of {told.kinds} "
        f"{'kind' if told.kinds == 1 else 'kinds'}. They are listed with the "
        "[interactive map](map.html)."
    )
