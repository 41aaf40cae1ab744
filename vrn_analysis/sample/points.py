"""Points inside the invented small areas: anywhere in them, or at a few busy sites."""

from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import shapely
from numpy.random import Generator

from vrn_analysis.sample.assumptions import Assumed
from vrn_analysis.sample.streams import draw, stream


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


def at_sites(rng: Generator, ground: Ground, area: np.ndarray) -> np.ndarray:
    """Return one busy site of the area for each entry of `area`."""
    site = draw(rng, ground.site_weights, np.zeros(len(area), dtype=np.int64))
    return ground.sites[area, site]
