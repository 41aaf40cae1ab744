"""Areas defined by the partnership (beats, hubs), made of whole small areas."""

from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from vrn_analysis.core.config import Settings
from vrn_analysis.core.contracts import CONTRACTS
from vrn_analysis.read.files.files import locate
from vrn_analysis.read.files.tables import checked, read_source, refuse, row_problems
from vrn_analysis.read.geography.boundaries import read_shapes

if TYPE_CHECKING:
    import geopandas as gpd

SOURCE = "custom_areas"
COLUMNS = ["area_code", "area_name"]
WHOLE, CUT, NONE = "in one area", "cut by a border", "in no area"
# generalised borders wander a little: less than this share of a small area is no cut, and less
# than this share of an area is no overlap
SLIVER = 0.01


def levels(settings: Settings) -> dict[str, str]:
    """
    Return the levels of the partnership's own areas and what they are called.

    `[sources.custom_areas]` is the level `custom`, `[sources.custom_areas_beat]` the level `beat`;
    `level_title` names it to a reader.
    """
    found = {}
    for name, source in settings.sources.items():
        if name == SOURCE or name.startswith(f"{SOURCE}_"):
            level = name.removeprefix(f"{SOURCE}_").replace(SOURCE, "custom")
            found[level] = source.get("level_title", "Areas of the partnership")
    return found


def source_of(level: str) -> str:
    """Return the name of the source of a level: `beat` is in `custom_areas_beat`."""
    return SOURCE if level == "custom" else f"{SOURCE}_{level}"


def is_drawn(folder: Path, settings: Settings, level: str) -> bool:
    """Return whether a level is a file of polygons, not a lookup of small areas."""
    [file] = locate(folder, settings, source_of(level))
    return file.suffix.lower() != ".csv"


def looked_up(folder: Path, settings: Settings, level: str, lookup: pd.DataFrame) -> pd.DataFrame:
    """
    Return the area that each small area is in, from a CSV.

    Parameters
    ----------
    folder, settings, level
        `[sources.custom_areas]` of the level is a CSV with `lsoa_code, area_code, area_name`.
    lookup
        The small areas of the assessment; others in the file are passed over.

    Returns
    -------
    placed
        `lsoa_code, area_code, area_name, fit` ("in one area", "in no area"), a row a small area.

    Raises
    ------
    DataError
        If a small area is in two areas, a code has two names or a value is missing, or the file
        holds none of the small areas: all at once.
    """
    table, file = read_source(folder, settings, source_of(level))
    contract = CONTRACTS[SOURCE]
    areas = checked(
        table[[name for name in contract.names if name in table]].drop_duplicates(),
        contract,
        file=file,
        rules=lambda area: _rules(area, lookup["lsoa_code"]),
        named="lsoa_code",
    ).astype("str")
    placed = lookup[["lsoa_code"]].merge(areas, on="lsoa_code", how="left")
    return placed.assign(fit=placed["area_code"].notna().map({True: WHOLE, False: NONE}))


def _rules(table: pd.DataFrame, small_areas: pd.Series) -> dict[str, pd.Series]:
    pairs = table[COLUMNS].dropna().drop_duplicates()
    twice = pairs.loc[pairs["area_code"].duplicated(), "area_code"]
    elsewhere = ~table["lsoa_code"].astype("str").isin(small_areas)
    return {
        "have an area_code with two names": table["area_code"].isin(twice),
        "are small areas that are not in the lookup of this run, and none is": elsewhere
        & elsewhere.all(),
    }


def shapes(folder: Path, settings: Settings, level: str) -> "gpd.GeoDataFrame":
    """
    Return the polygons of a level: `area_code, area_name, geometry`.

    Raises
    ------
    DataError
        If the file cannot be used, or areas overlap: then a record would be in two.
    """
    name = source_of(level)
    [file] = locate(folder, settings, name)
    table = read_shapes(file, settings.sources[name], columns=COLUMNS)
    unnamed = {"lack a code or a name": table[COLUMNS].isin([None, ""]).any(axis=1)}
    refuse(file, [*row_problems(unnamed, named=table["area_code"]), *_overlaps(table)])
    return table


def _overlaps(table: "gpd.GeoDataFrame") -> list[str]:
    first, second = table.sindex.query(table.geometry, predicate="intersects")
    once = first < second
    first, second = first[once], second[once]
    one, other = (table.geometry.iloc[i].reset_index(drop=True) for i in (first, second))
    smaller = pd.concat([one.area, other.area], axis=1).min(axis=1)
    bad = (one.intersection(other).area > SLIVER * smaller).to_numpy()
    if not bad.any():
        return []
    names = table["area_name"].to_numpy()
    pairs = zip(names[first[bad]][:3], names[second[bad]][:3], strict=True)
    examples = [f"{one} and {other}" for one, other in pairs]
    return [
        f"{int(bad.sum())} pairs of its {len(table)} areas overlap, such as {'; '.join(examples)}: "
        "what happens there would be counted twice"
    ]


def fitted(drawn: "gpd.GeoDataFrame", small_areas: "gpd.GeoDataFrame") -> pd.DataFrame:
    """
    Return the area that contains most of each small area.

    Parameters
    ----------
    drawn
        As `shapes` returns them.
    small_areas
        `area_code` (small areas) and `geometry`, in the same coordinates.

    Returns
    -------
    placed
        `lsoa_code, area_code, area_name, fit`: a small area of which less than half is in any one
        is in no area; one with more than a hundredth elsewhere is cut by a border, and is counted
        whole in the area that holds most of it, so that counts and residents match.
    """
    import geopandas as gpd  # heavy, and most notebooks draw no map

    small = small_areas.rename(columns={"area_code": "lsoa_code"})
    pieces = gpd.overlay(small, drawn, how="intersection", keep_geom_type=True)
    whole = small.set_index("lsoa_code").area
    share = pieces.area / pieces["lsoa_code"].map(whole)
    table = pd.DataFrame(pieces.drop(columns="geometry")).assign(share=share)
    most = table.sort_values("share", kind="stable").drop_duplicates("lsoa_code", keep="last")
    placed = pd.DataFrame(small[["lsoa_code"]]).merge(most, on="lsoa_code", how="left")
    held = placed["share"].fillna(0)
    fit = pd.Series(WHOLE, index=placed.index).mask(held < 1 - SLIVER, CUT).mask(held < 0.5, NONE)
    known = placed[COLUMNS].where(held >= 0.5)
    return pd.concat([placed[["lsoa_code"]], known, fit.rename("fit")], axis=1)
