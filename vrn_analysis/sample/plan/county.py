"""Invent a county off the coast: small areas in middle areas in districts."""

from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely
from numpy.random import Generator
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components, dijkstra
from scipy.spatial import cKDTree

from vrn_analysis.sample.plan.assumptions import Assumed
from vrn_analysis.sample.plan.streams import shares_to_counts, stream

CRS = "EPSG:27700"
LEVELS = ("lsoa", "msoa", "district")
CODES = {"lsoa": "SYNL{:04d}", "msoa": "SYNM{:03d}", "district": "SYND{:02d}"}
# wavelengths and heights in metres of the waves that bend straight cell edges into natural ones;
# the sum of 2 pi height / wavelength stays below one, so that the bending never folds a shape over
WAVES = ((17_000, 600), (5_300, 210), (2_300, 75), (1_100, 26))


def areas(assumed: Assumed, *, seed: int) -> gpd.GeoDataFrame:
    """
    Return the small areas of the invented county.

    Residents are scattered by settlement and gathered into cells of about equal population
    (k-means), cells become shapes (Voronoi), straight edges are bent by one smooth displacement
    of the plane, so that neighbours keep sharing their border exactly.

    Returns
    -------
    areas
        `lsoa_code, lsoa_name, msoa_code, msoa_name, district_code, district_name, is_city,
        centre_x, centre_y, geometry`; sorted by `lsoa_code`; EPSG:27700, metres.
    """
    rng = stream("county", seed=seed)
    centres, shapes = _cells(rng, assumed)
    network = _network(shapes, centres)
    district = _districts(centres, network, assumed)
    frame = pd.DataFrame(
        {
            "district": district,
            "middle": _middle_areas(network, district, assumed["county"]["middle_areas"]),
            "is_city": district == 0,
            "centre_x": centres[:, 0],
            "centre_y": centres[:, 1],
        }
    )
    return _named(rng, gpd.GeoDataFrame(frame, geometry=shapes, crs=CRS), assumed["names"])


def layer(small_areas: gpd.GeoDataFrame, level: str) -> gpd.GeoDataFrame:
    """Return the shapes of a level (`lsoa`, `msoa`, `district`): `<level>_code, <level>_name`."""
    columns = [f"{level}_code", f"{level}_name", "geometry"]
    if level == "lsoa":
        return small_areas[columns]
    return small_areas[columns].dissolve(by=columns[:2], method="coverage").reset_index()[columns]


def lookup(small_areas: gpd.GeoDataFrame) -> pd.DataFrame:
    """Return the `lookup` contract: each small area with the middle area and district it is in."""
    columns = [f"{level}_{part}" for level in LEVELS for part in ("code", "name")]
    return pd.DataFrame(small_areas[columns])


def settlement_points(assumed: Assumed) -> np.ndarray:
    """Return the middle of every settlement: easting, northing in metres; the city is first."""
    county = assumed["county"]
    offset = np.array([[place["x"], place["y"]] for place in assumed["settlements"]]) * 1000
    return offset + [county["centre_easting"], county["centre_northing"]]


def _outline(rng: Generator) -> np.ndarray:
    """Return the county's outline at each degree of the compass, as a share of its radius."""
    angle = np.radians(np.arange(360))
    edge = np.ones(360)
    for turns in range(2, 9):
        edge += 0.19 / turns * np.cos(turns * angle + rng.uniform(0, 2 * np.pi))
    return edge


def _reach(outline: np.ndarray, offset: np.ndarray) -> np.ndarray:
    """Return the distance of each point from the middle, in units of the outline there."""
    degree = np.degrees(np.arctan2(offset[:, 1], offset[:, 0])) % 360
    edge = np.interp(degree, np.arange(361), np.append(outline, outline[0]))
    return np.hypot(*offset.T) / edge


def _people(rng: Generator, assumed: Assumed, size: int) -> np.ndarray:
    """Scatter residents: around the settlements, and over a square well beyond the county."""
    county, places = assumed["county"], assumed["settlements"]
    share = np.array([place["share"] for place in places])
    counts = shares_to_counts(np.append(share, 1 - share.sum()), size)
    points = settlement_points(assumed)
    scattered = [
        # a heavier tail than the normal: suburbs, then villages
        point + rng.standard_t(4, (count, 2)) * place["spread"] * 1000 * 0.8
        for point, place, count in zip(points, places, counts, strict=False)
    ]
    reach = 1.6 * county["radius_m"]
    # countryside beyond the county's edge gives the outermost cells neighbours to be cut by
    rural = rng.uniform(-reach, reach, (int(counts[-1] * 2.4), 2))
    middle = [county["centre_easting"], county["centre_northing"]]
    return np.vstack([*scattered, rural + middle])


def _gathered(rng: Generator, people: np.ndarray, cells: int) -> np.ndarray:
    """Return the centres of cells of about equal population (Lloyd's k-means, fifteen rounds)."""
    centres = people[rng.choice(len(people), cells, replace=False)]
    for _ in range(15):
        nearest = cKDTree(centres).query(people)[1]
        count = np.maximum(np.bincount(nearest, minlength=cells), 1)
        sums = [np.bincount(nearest, weights=axis, minlength=cells) for axis in people.T]
        centres = np.where(
            (np.bincount(nearest, minlength=cells) > 0)[:, None],
            np.column_stack(sums) / count[:, None],
            centres,
        )
    return centres


def _cells(rng: Generator, assumed: Assumed) -> tuple[np.ndarray, np.ndarray]:
    """Return the centres and shapes of the small areas: the cells within the outline."""
    county = assumed["county"]
    wanted = county["small_areas"]
    people = _people(rng, assumed, 30_000)
    centres = _gathered(rng, people, int(wanted * 1.45))
    middle = np.array([county["centre_easting"], county["centre_northing"]])
    outline = _outline(rng)
    reach = _reach(outline, centres - middle)
    order = np.argsort(reach, kind="stable")
    size = reach[order[wanted - 1 : wanted + 1]].mean()
    centres = centres[order[:wanted]]
    # a ring of neighbours just outside cuts the outermost cells along the outline
    ring = _ring(rng, outline * size)
    points = np.vstack([centres, ring + middle])
    cells = shapely.voronoi_polygons(shapely.multipoints(points), ordered=True)
    return centres, _bent(rng, shapely.get_parts(cells)[:wanted], middle)


def _ring(rng: Generator, outline: np.ndarray) -> np.ndarray:
    """Return points a little outside the outline, about every two kilometres, twice deep."""
    angle = np.radians(np.arange(0, 360, 4.5))
    angle = angle + rng.uniform(-0.02, 0.02, len(angle))
    edge = np.interp(np.degrees(angle), np.arange(360), outline, period=360)
    rings = [edge + 1200 + rng.uniform(-450, 450, len(angle)), edge + 9000]
    return np.vstack([np.column_stack([r * np.cos(angle), r * np.sin(angle)]) for r in rings])


def _bent(rng: Generator, shapes: np.ndarray, middle: np.ndarray) -> np.ndarray:
    """Bend every edge by one smooth displacement, the same wherever two shapes meet."""
    turns = rng.uniform(0, 2 * np.pi, (len(WAVES), 2, 4))

    def move(points: np.ndarray) -> np.ndarray:
        x, y = (points - middle).T
        moved = points.copy()
        for (length, height), turn in zip(WAVES, turns, strict=True):
            for axis in (0, 1):
                wave = sum(
                    np.sin(2 * np.pi * (x * np.cos(t) + y * np.sin(t)) / length + 2.4 * t)
                    for t in turn[axis]
                )
                moved[:, axis] += height / 2 * wave
        return np.round(moved)

    # whole metres at the end make the two copies of a shared point the same to the last bit
    return shapely.transform(shapely.segmentize(shapes, 180), move)


def _network(shapes: np.ndarray, centres: np.ndarray) -> csr_array:
    """Return which small areas share a border; the weight is one step, a little more if long."""
    a, b = shapely.STRtree(shapes).query(shapes, predicate="intersects")
    shared = shapely.length(shapely.intersection(shapes[a], shapes[b]))
    keep = (a != b) & (shared > 1)
    a, b = a[keep], b[keep]
    step = 1 + np.hypot(*(centres[a] - centres[b]).T) / 20_000
    return csr_array((step, (a, b)), shape=(len(shapes), len(shapes)))


def _regions(network: csr_array, seeds: np.ndarray) -> np.ndarray:
    """Return the number of the seed each area is fewest steps from: every region is one piece."""
    _, _, source = dijkstra(network, indices=seeds, min_only=True, return_predecessors=True)
    number = np.zeros(network.shape[0], dtype=np.int64)
    number[seeds] = np.arange(len(seeds))
    return number[source]


def _districts(centres: np.ndarray, network: csr_array, assumed: Assumed) -> np.ndarray:
    """Return district numbers: 0 the city, the rest grown from their settlements around it."""
    points = settlement_points(assumed)
    near = np.hypot(*(centres - points[0]).T) < assumed["city_radius_m"]
    city = _pieces_with(network, near, int(np.hypot(*(centres - points[0]).T).argmin()))
    # what the city would cut off from the rest belongs to the city
    outer = np.flatnonzero(~city)
    labels = connected_components(network[outer][:, outer])[1]
    outer = outer[labels == np.bincount(labels).argmax()]
    seeds = cKDTree(centres[outer]).query(points[assumed["district_seeds"]])[1]
    district = np.zeros(len(centres), dtype=np.int64)
    district[outer] = 1 + _regions(network[outer][:, outer], seeds)
    return district


def _pieces_with(network: csr_array, member: np.ndarray, core: int) -> np.ndarray:
    """Return the members that hang together with the core."""
    inside = np.flatnonzero(member)
    labels = connected_components(network[inside][:, inside])[1]
    kept = np.zeros(len(member), dtype=bool)
    kept[inside[labels == labels[np.searchsorted(inside, core)]]] = True
    return kept


def _middle_areas(network: csr_array, district: np.ndarray, wanted: int) -> np.ndarray:
    """Return middle area numbers, in proportion to each district's small areas."""
    counts = shares_to_counts(np.bincount(district), wanted)
    middle, first = np.zeros(len(district), dtype=np.int64), 0
    for number, count in enumerate(counts):
        inside = np.flatnonzero(district == number)
        middle[inside] = first + _divided(network[inside][:, inside], count)
        first += count
    return middle


def _divided(network: csr_array, count: int) -> np.ndarray:
    """Divide a district into contiguous regions, the most even of twelve attempts."""
    steps = dijkstra(network, directed=False)
    starts = np.argsort(-steps.sum(axis=1), kind="stable")[:12]
    divided = [_settled(network, steps, int(start), count) for start in starts]
    return min(divided, key=lambda region: np.bincount(region, minlength=count).std())


def _settled(network: csr_array, steps: np.ndarray, start: int, count: int) -> np.ndarray:
    """Return regions around seeds that start far apart and move to the middle of their region."""
    seeds = [start]
    while len(seeds) < count:
        seeds.append(int(steps[seeds].min(axis=0).argmax()))
    for _ in range(12):
        region = _regions(network, np.array(seeds))
        seeds = [
            int(members[steps[np.ix_(members, members)].sum(axis=1).argmin()])
            for members in (np.flatnonzero(region == number) for number in range(count))
        ]
    return _regions(network, np.array(seeds))


def _named(rng: Generator, frame: gpd.GeoDataFrame, names: dict[str, Any]) -> gpd.GeoDataFrame:
    """Give every area its code and name, and sort by code."""
    pairs = [first + second for first in names["first"] for second in names["second"]]
    chosen = rng.choice(pairs, frame["middle"].nunique(), replace=False)
    frame = frame.sort_values(["district", "middle", "centre_y"], ascending=[True, True, False])
    letter = frame.groupby("middle").cumcount().map("ABCDEFGHIJKLMNOPQRSTUVWXYZ".__getitem__)
    number = {
        "lsoa": pd.Series(range(len(frame)), index=frame.index),
        "msoa": frame["middle"],
        "district": frame["district"],
    }
    codes = {f"{level}_code": (number[level] + 1).map(CODES[level].format) for level in LEVELS}
    middle_name = frame["middle"].map(dict(enumerate(chosen)))
    named = frame.assign(
        **codes,
        msoa_name=middle_name,
        lsoa_name=middle_name + " " + letter,
        district_name=frame["district"].map(dict(enumerate(names["districts"]))),
    )
    columns = [f"{level}_{part}" for level in LEVELS for part in ("code", "name")]
    kept = [*columns, "is_city", "centre_x", "centre_y", "geometry"]
    return named[kept].reset_index(drop=True)
