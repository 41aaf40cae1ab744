"""The events behind the SYNTHETIC records, and the points at which they happen."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator

from vrn_analysis.sample.plan import rhythm
from vrn_analysis.sample.plan.assumptions import Assumed
from vrn_analysis.sample.plan.pattern import Pattern
from vrn_analysis.sample.plan.streams import draw, draw_one, stream


@dataclass(frozen=True)
class Ground:
    """Triangles that fill each small area (area x triangle x corner x 2), and its busy sites."""

    corners: np.ndarray
    sizes: np.ndarray
    sites: np.ndarray
    site_weights: np.ndarray


def ground(small_areas: gpd.GeoDataFrame, *, assumed: Assumed, seed: int) -> Ground:
    """Return the triangles of every small area, and its sites drawn from them."""
    triangles = [
        shapely.get_parts(shapely.constrained_delaunay_triangles(shape))
        for shape in small_areas.geometry
    ]
    most = max(map(len, triangles))
    corners = np.zeros((len(triangles), most, 3, 2))
    sizes = np.zeros((len(triangles), most))
    for row, parts in enumerate(triangles):
        corners[row, : len(parts)] = shapely.get_coordinates(parts).reshape(-1, 4, 2)[:, :3]
        sizes[row, : len(parts)] = shapely.area(parts)
    given = assumed["sites"]
    count = given["per_area"]
    rng = stream("sites", seed=seed)
    bare = Ground(corners, sizes, np.zeros((0, 0, 2)), np.zeros(0))
    everywhere = anywhere(rng, bare, np.repeat(np.arange(len(triangles)), count))
    weights = 1 / np.arange(1, count + 1) ** given["zipf"]
    return Ground(corners, sizes, everywhere.reshape(-1, count, 2), weights)


def anywhere(rng: Generator, ground: Ground, area: np.ndarray) -> np.ndarray:
    """Return one point for each entry of `area`, evenly over the shape, in whole metres."""
    triangle = draw(rng, ground.sizes, area)
    a, b, c = np.moveaxis(ground.corners[area, triangle], 1, 0)
    u, v = rng.random((2, len(area), 1))
    over = u + v > 1
    u, v = np.where(over, 1 - u, u), np.where(over, 1 - v, v)
    return np.round(a + u * (b - a) + v * (c - a))


STATUSES = ("recorded", "cancelled", "transferred", "duplicate")
PRECISIONS = ("minute", "hour", "day", "month")


def place_types(pattern: Pattern) -> list[str]:
    """Return the kinds of place in use, in one order for all."""
    return sorted({kind for row in pattern.assumed["place_by_context"].values() for kind in row})


def place_weights(pattern: Pattern) -> np.ndarray:
    """Return the weight of each kind of place in each context."""
    kinds, given = place_types(pattern), pattern.assumed["place_by_context"]
    return np.array([[given[name].get(kind, 0) for kind in kinds] for name in pattern.contexts])


def draw_events(
    rng: Generator, pattern: Pattern, ground: Ground, *, month: int, size: int
) -> pd.DataFrame:
    """
    Draw the events of one block of one month.

    Returns
    -------
    events
        One row an offence: `code, context, setting, area, place` (row numbers in the pattern),
        `day, hour, minute, precision, x, y, incident, status, sexual, historic_years,
        has_suspect`.
    """
    cell = draw_one(rng, pattern.cells[month].reshape(1, -1), size)
    code, context = np.divmod(cell, len(pattern.contexts))
    setting = rhythm.settings(pattern.assumed)[context]
    events = pd.DataFrame({"code": code, "context": context, "setting": setting})
    events = _when(rng, events, pattern, month)
    events = _where(rng, events, pattern, ground, month)
    events = _incidents(rng, events, share=pattern.assumed["several_crimes"])
    return _standing(rng, events, pattern)


def _when(rng: Generator, events: pd.DataFrame, pattern: Pattern, month: int) -> pd.DataFrame:
    inside = np.flatnonzero(pattern.calendar.to_period("M") == pattern.months[month].to_period("M"))
    context, size = events["context"].to_numpy(), len(events)
    day = inside[0] + draw(rng, _possible(pattern.day_weights[:, inside]), context)
    weekday = pattern.calendar.day_of_week.to_numpy()[day]
    hours = pattern.hour_weights.reshape(-1, rhythm.HOURS)
    return events.assign(
        day=day,
        hour=draw(rng, _possible(hours), context * 7 + weekday),
        minute=rng.integers(0, 60, size),
        precision=draw_one(
            rng, [[pattern.assumed["time_precision"][name] for name in PRECISIONS]], size
        ),
    )


def _possible(weights: np.ndarray) -> np.ndarray:
    """Give rows without any weight (no school in August) an even one; they are never drawn."""
    return np.where(weights.sum(axis=1, keepdims=True) > 0, weights, 1.0)


def _where(
    rng: Generator, events: pd.DataFrame, pattern: Pattern, ground: Ground, month: int
) -> pd.DataFrame:
    setting, size = events["setting"].to_numpy(), len(events)
    area = draw(rng, pattern.area_weights[month], setting)
    sites = pattern.assumed["sites"]
    hot = np.isin(area, pattern.hotspots["area"].to_numpy(dtype=np.int64))
    at_site = rng.random(size) < np.where(hot, sites["hotspot_share"], sites["share"])
    site = draw(rng, ground.site_weights, np.zeros(size, dtype=np.int64))
    public = (at_site & (setting == 1))[:, None]
    point = np.where(public, ground.sites[area, site], anywhere(rng, ground, area))
    place = draw(rng, place_weights(pattern), events["context"].to_numpy())
    return events.assign(area=area, place=place, x=point[:, 0], y=point[:, 1])


def _incidents(rng: Generator, events: pd.DataFrame, *, share: float) -> pd.DataFrame:
    """Let some crimes share the time and place of another crime: one incident."""
    order = np.argsort(events["context"].to_numpy(), kind="stable")
    context = events["context"].to_numpy()[order]
    follows = rng.random(len(events)) < share
    follows &= np.append(False, context[1:] == context[:-1])[: len(events)]
    leader = np.maximum.accumulate(np.where(follows, 0, np.arange(len(events))))
    source = np.empty(len(events), dtype=np.int64)
    source[order] = order[leader]
    shared = ["day", "hour", "minute", "precision", "area", "place", "x", "y"]
    return events.assign(**events[shared].take(source).reset_index(drop=True), incident=source)


def _standing(rng: Generator, events: pd.DataFrame, pattern: Pattern) -> pd.DataFrame:
    """Draw suspects, history and status; a duplicate repeats another record."""
    assumed, size = pattern.assumed, len(events)
    sexual = pattern.codes["sexual"].to_numpy()[events["code"]]
    historic = sexual & (rng.random(size) < assumed["historic"]["sexual"])
    years = rng.integers(1, assumed["historic"]["most_years"] + 1, size)
    suspects = assumed["suspects"]
    chance = np.where(events["setting"] == 1, suspects["public"], suspects["private"])
    domestic = events["context"] == pattern.contexts.index("domestic")
    chance = np.where(domestic, suspects["domestic"], chance)
    events = events.assign(
        sexual=sexual,
        historic_years=np.where(historic, years, 0),
        has_suspect=rng.random(size) < chance,
    )
    status = draw_one(rng, [[assumed["status"][name] for name in STATUSES]], size)
    other = rng.integers(0, max(size, 1), size)
    twice = (status == STATUSES.index("duplicate")) & (other != np.arange(size))
    repeated = events.take(np.where(twice, other, np.arange(size))).reset_index(drop=True)
    return repeated.assign(status=status)
