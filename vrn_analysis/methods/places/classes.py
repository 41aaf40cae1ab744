"""Prepare cells for readers: classes of a map, and shares that reveal no count."""

from collections.abc import Sequence

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from vrn_analysis.core.errors import DataError
from vrn_analysis.methods import hotspots
from vrn_analysis.methods.hotspots import checks, neighbours
from vrn_analysis.methods.hotspots.accuracy import top
from vrn_analysis.methods.hotspots.gi_star import ENOUGH_FOR_COLDSPOTS

# a class above the lowest rests on at least this many offences in a cell and those around it
LEAST = 10
DENSITY_CLASSES = {0.1: "Next, up to 10%", 0.05: "Next, up to 5%", 0.01: "Densest 1% of the area"}
REST = f"The rest, or fewer than {LEAST} offences"
SCORES = {
    "kde": "Densest cells",
    "count": "Same cells as the year before",
    "residents": "Where most people live",
}
MEASURES = {
    "hit_rate": "Share of the next year's offences",
    "pai": "Prediction accuracy index",
    "pei": "Prediction efficiency index",
    "rri": "Recapture rate index",
}
LABELS = {
    "map_class": "Class",
    "area_share": "Share of the area",
    "event_share": "Share of offences",
    "value": "Value",
}
AREA_CLASSES = ("Coldspot", "Neither", "Hotspot")
HOTSPOT_CLASSES = ("Not a hotspot", "Unstable hotspot", "Stable hotspot")


def around(cells: gpd.GeoDataFrame) -> np.ndarray:
    """Return how many offences lie in each cell and the cells that touch it."""
    counts = checks.numbers(cells, "count", name="cells", minimum=0)
    return neighbours.sums(cells, counts).values


def classed(cells: gpd.GeoDataFrame, names: np.ndarray, order: Sequence[str]) -> pd.DataFrame:
    """Return `cell_id` and `map_class`: the lowest where few offences lie in and around a cell."""
    # a single offence must not show as a place
    safe = np.where(around(cells) >= LEAST, names, order[0])
    return pd.DataFrame(
        {"cell_id": cells["cell_id"], "map_class": pd.Categorical(safe, order, ordered=True)}
    )


def density_classes(cells: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Return the class of each cell by its density, for a map without numbers.

    Parameters
    ----------
    cells
        With `count` and `kde`.

    Returns
    -------
    classes
        `cell_id` and `map_class`: the cells that fill the densest 1, 5 and 10% of the area, and
        the rest. A cell is of the rest, too, where it and the cells around it hold fewer than
        ten offences.
    """
    density = cells["kde"].to_numpy(dtype=float)
    areas = shapely.area(cells.geometry.to_numpy())
    names = np.full(len(cells), REST, dtype=object)
    for share, name in DENSITY_CLASSES.items():
        names[top(density, areas, area_share=share) & (density > 0)] = name
    return classed(cells, names, [REST, *DENSITY_CLASSES.values()])


def hotspot_classes(cells: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Return the class of each cell by Gi* and its stability, for a map without numbers.

    Parameters
    ----------
    cells
        With `count` and `stability`, as `add_stability` returns them.

    Returns
    -------
    classes
        `cell_id` and `map_class`: stable, unstable or no hotspot. The last, too, where a cell and
        the cells around it hold fewer than ten offences.
    """
    words = cells["stability"].str.capitalize().replace("Hotspot in some draws", HOTSPOT_CLASSES[0])
    return classed(cells, words.to_numpy(dtype=object), HOTSPOT_CLASSES)


def area_classes(rates: pd.DataFrame, areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Return the class of each small area by Gi* of its rate, without numbers.

    Parameters
    ----------
    rates
        `area_code, count, value`: true counts of all areas and their empirical Bayes rates.
    areas
        `area_code` and outlines, of the same areas.

    Returns
    -------
    classes
        `area_code` and `map_class`: hotspot, coldspot or neither; no coldspot where areas have
        fewer than five offences on average.

    Raises
    ------
    DataError
        If an area has no rate, or a rate no area.
    """
    both = areas[["area_code", "geometry"]].merge(rates, on="area_code", how="outer")
    if (lone := both["geometry"].isna() | both["value"].isna()).any():
        raise DataError(
            f"{int(lone.sum())} of {len(both)} areas have no outline or no rate. Use one vintage."
        )
    found = hotspots.gi_star(both, value="value")["hotspot_category"]
    words = found.astype("str").str.capitalize()
    sparse = both["count"].mean() < ENOUGH_FOR_COLDSPOTS
    kept = AREA_CLASSES[2:] if sparse else AREA_CLASSES[::2]
    names = pd.Categorical(
        words.where(words.isin(kept), AREA_CLASSES[1]), AREA_CLASSES, ordered=True
    )
    return pd.DataFrame(
        {"area_code": both["area_code"], "map_class": names.remove_unused_categories()}
    )


def touching(areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Return which areas touch: `area_code, neighbour_code`, with a row for each pair and direction.

    Parameters
    ----------
    areas
        `area_code` and outlines, in metres.
    """
    pairs = hotspots.contiguity(areas).tocoo()
    codes = areas["area_code"].to_numpy()
    return pd.DataFrame({"area_code": codes[pairs.row], "neighbour_code": codes[pairs.col]})


def class_shares(classes: pd.DataFrame, cells: gpd.GeoDataFrame) -> pd.DataFrame:
    """
    Return the share of area and of offences in each class of a map, without counts.

    Parameters
    ----------
    classes, cells
        `map_class` of the cells, and their `count`, in the same order.

    Returns
    -------
    table
        One row a class, the highest first: `map_class, cells, area_share, event_share`, shares to
        two decimals at most, so that they give no count back.
    """
    if not classes["cell_id"].equals(cells["cell_id"]):
        raise DataError("The classes are of other cells: make both on one grid.")
    held = pd.DataFrame(
        {
            "map_class": classes["map_class"],
            "cells": 1,
            "area_share": cells.area.to_numpy(),
            "event_share": cells["count"].to_numpy(dtype=float),
        }
    )
    table = held.groupby("map_class", observed=False).sum()[::-1].reset_index()
    whole = {name: table[name] / table[name].sum() for name in ("area_share", "event_share")}
    places = {"area_share": 2, "event_share": min(decimals(held["event_share"].sum()), 2)}
    shown = table.assign(**{name: whole[name].round(places[name]) for name in places})
    shown.attrs["labels"] = LABELS
    return shown


def shared(classes: pd.DataFrame, other: pd.DataFrame) -> float:
    """
    Return the share of the densest 5% of cells of one map that are so in another, too.

    Missing where too few offences lie together for any cell to be among the densest.

    Raises
    ------
    DataError
        If the maps are of different cells.
    """
    if not classes["cell_id"].equals(other["cell_id"]):
        raise DataError("The two maps are of different cells: make both on one grid.")
    dense = [table["map_class"] >= DENSITY_CLASSES[0.05] for table in (classes, other)]
    return (
        round(float((dense[0] & dense[1]).sum() / dense[0].sum()), 2) if dense[0].any() else np.nan
    )


def scores(cells: gpd.GeoDataFrame, *, dispersion: float = 1.0) -> pd.DataFrame:
    """
    Return how well maps of one year catch the offences of the next, in words.

    Parameters
    ----------
    cells
        With `count, kde, residents` of the first year and `next_count`.
    dispersion
        Of the offences of an incident, which come together: `rates.dispersion_of_incidents`.

    Returns
    -------
    table
        `score` (densest cells, the same cells as the year before, where most people live),
        `area_share`, `measure`, `value, lower_95_ci, upper_95_ci, method`: see
        `hotspots.accuracy`.
    """
    scored = hotspots.accuracy(cells, scores=["kde", "residents"], dispersion=dispersion)
    scored = _vague(scored, cells["next_count"])
    order = {name: position for position, name in enumerate(SCORES)}
    table = scored.sort_values("score", key=lambda names: names.map(order), kind="stable")
    words = {"score": table["score"].map(SCORES), "measure": table["measure"].map(MEASURES)}
    # flagged cells fill the share as far as whole cells can
    share = table["area_share"].round(2)
    table = table.assign(**words).drop(columns="places").pipe(rounded)
    return table.assign(area_share=share).reset_index(drop=True)


def _vague(scored: pd.DataFrame, counts: pd.Series) -> pd.DataFrame:
    """Return shares of offences, and measures made of them, rounded to safe decimals."""
    table, most = scored.copy(), decimals(counts.sum())
    per_area = np.where(table["measure"] == "pai", table["area_share"], 1.0)
    for name in ("value", "lower_95_ci", "upper_95_ci"):
        table[name] = (table[name] * per_area).round(most) / per_area
    return table


def decimals(events: float) -> int:
    """Return how many decimals of a share, one to three, leave ten of so many events open."""
    return int(np.clip(np.floor(np.log10(max(events, 1) / 10)), 1, 3))


def rounded(table: pd.DataFrame, *, events: float | None = None) -> pd.DataFrame:
    """
    Return a table of shares to three decimals, without `events`.

    A share to many digits, beside its total, gives back the count that was rounded or hidden.

    Parameters
    ----------
    events
        How many there are, where a column is a share of them: it has fewer decimals if they are
        few.
    """
    plain = table.drop(columns="events", errors="ignore").round(3)
    of_events = plain.columns.intersection(["event_share", "busiest_place_share"])
    return plain if events is None else plain.round(dict.fromkeys(of_events, decimals(events)))


def thinned(curve: pd.DataFrame, *, steps: int = 20) -> pd.DataFrame:
    """
    Return a curve of shares at even steps, so that no step reveals a place's count.

    Parameters
    ----------
    curve
        As `hotspots.lorenz` returns it.
    steps
        How many.
    """
    at = np.linspace(0, 1, steps + 1)
    held = np.interp(at, curve.iloc[:, 0], curve.iloc[:, 1])
    return pd.DataFrame(dict(zip(curve.columns, (at, held.round(3)), strict=True)))
