"""Small files of places, and the settings that name them."""

from pathlib import Path

import geopandas as gpd
import pandas as pd
from shapely.geometry import box

from vrn_analysis.core.config import Settings

LOOKUP = pd.DataFrame(
    {
        "lsoa_code": ["L1", "L2", "L3", "L4"],
        "lsoa_name": ["One", "Two", "Three", "Four"],
        "msoa_code": ["M1", "M1", "M2", "M2"],
        "msoa_name": ["Middle 1", "Middle 1", "Middle 2", "Middle 2"],
        "district_code": ["D1", "D1", "D2", "D2"],
        "district_name": ["Here", "Here", "There", "There"],
    }
)
# four squares of a kilometre in a row
SQUARES = {f"L{n}": box(1_000 * (n - 1), 0, 1_000 * n, 1_000) for n in (1, 2, 3, 4)}


def settings(kind="force", **sources):
    """Settings that name a path for each source, or a table of settings."""
    named = {
        name: source if isinstance(source, dict) else {"path": source}
        for name, source in sources.items()
    }
    return Settings(
        title="T", kind=kind, area_name="A", sources=named, file=Path("assessment.toml")
    )


def write(folder, name, text):
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def polygons(folder, shapes, *, name="areas.gpkg", crs=27700):
    """Write named polygons as a partnership draws them."""
    table = gpd.GeoDataFrame(
        {"area_code": list(shapes), "area_name": [f"Area {code}" for code in shapes]},
        geometry=list(shapes.values()),
        crs=crs,
    )
    table.to_file(folder / name, driver="GPKG")
    return folder / name


def small_areas(folder):
    """Write the lookup, the boundaries and the residents of four small areas."""
    LOOKUP.to_csv(folder / "lookup.csv", index=False)
    for level in ("lsoa", "msoa", "district"):
        shapes = gpd.GeoDataFrame(
            LOOKUP[[f"{level}_code"]], geometry=list(SQUARES.values()), crs=27700
        ).dissolve(by=f"{level}_code")
        shapes.reset_index().to_file(folder / "boundaries.gpkg", layer=level, driver="GPKG")
    people = [("L1", 100), ("L2", 200), ("L3", 300), ("L4", 400)]
    rows = [(code, "persons", age, size / 2) for code, size in people for age in (20, 40)]
    table = pd.DataFrame(rows, columns=["lsoa_code", "sex", "age", "population"])
    table.to_csv(folder / "population.csv", index=False)
    return {
        "lookup": "lookup.csv",
        "boundaries": "boundaries.gpkg",
        "population": "population.csv",
    }
