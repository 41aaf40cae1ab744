"""
Speed and memory of hotspots beside esda, scikit-learn, scipy and geopandas' spatial join.

    python benchmarks/hotspots.py
    python benchmarks/hotspots.py --only "gi_star" --largest 100000
    python benchmarks/hotspots.py --numba /tmp/numba/bin/python

Every figure is of a process of its own: CPU seconds, the least of three calls (one call where it
takes more than ten seconds), and the peak memory of the process in megabytes, with imports and
data, and how much of it the calls added (Linux).
`ratio` is the peer's CPU seconds over ours; `slope` is how the time grows with the size (1 is in
proportion). `--numba` is a Python that has numba and numpy, for the loop that the kernel density
is held against: `python -m venv /tmp/numba` and `/tmp/numba/bin/pip install numba`. numba is not
a dependency.
"""

import argparse
import contextlib
import json
import subprocess
import sys
import time
import warnings
from pathlib import Path

SIZES = (1_000, 10_000, 100_000, 1_000_000)
CELL = 100.0
NUMBA_LOOP = """
import json, sys, time
import numpy as np
from numba import njit

@njit(cache=False)
def loop(x, y, side, cell, h):
    out = np.zeros((side, side))
    scale = 3 / (np.pi * h * h)
    for i in range(len(x)):
        for r in range(max(0, int((y[i] - h) / cell)), min(side, int((y[i] + h) / cell) + 1)):
            for c in range(max(0, int((x[i] - h) / cell)), min(side, int((x[i] + h) / cell) + 1)):
                d = ((c + .5) * cell - x[i]) ** 2 + ((r + .5) * cell - y[i]) ** 2
                if d < h * h:
                    out[r, c] += scale * (1 - d / (h * h)) ** 2
    return out

points, side = int(sys.argv[1]), int(sys.argv[2])
xy = np.random.default_rng(1).uniform(0, side * 100.0, (points, 2))
x, y = np.ascontiguousarray(xy[:, 0]), np.ascontiguousarray(xy[:, 1])
loop(x[:10], y[:10], side, 100.0, 500.0)
times = []
for _ in range(3):
    start = time.process_time()
    found = loop(x, y, side, 100.0, 500.0)
    times.append(time.process_time() - start)
print(json.dumps({"seconds": min(times), "check": float(found.sum())}))
"""


def side_of(cells):
    """Return the side of the square grid that has about this many cells."""
    return round(cells**0.5)


def bounds(cells):
    """Return the area of that grid."""
    import geopandas as gpd
    import shapely

    edge = side_of(cells) * CELL
    return gpd.GeoSeries([shapely.box(0, 0, edge, edge)], crs=27700)


def table(cells):
    """Return a grid as a table, with counts and without shapes."""
    import numpy as np
    import pandas as pd

    side = side_of(cells)
    row, column = (axis.ravel() for axis in np.indices((side, side)))
    each = pd.Series(np.arange(side)).astype(str)
    names = ("s100_r" + each).array.take(row) + ("_c" + each).array.take(column)
    count = np.random.default_rng(1).poisson(2, side * side)
    return pd.DataFrame({"cell_id": names, "row": row, "column": column, "count": count})


def points(number, cells):
    """Return points spread over the grid."""
    import geopandas as gpd
    import numpy as np

    xy = np.random.default_rng(1).uniform(0, side_of(cells) * CELL, (number, 2))
    return gpd.GeoDataFrame(geometry=gpd.points_from_xy(*xy.T), crs=27700)


def queen(cells):
    """Return libpysal's weights of a grid, without self."""
    from libpysal.weights import lat2W

    side = side_of(cells)
    return lat2W(side, side, rook=False)


def gi_star_ours(cells):
    """Return Gi* by us: the whole call."""
    from vrn_analysis.methods import hotspots

    data = table(cells)
    return lambda: hotspots.gi_star(data)["gi_star"].sum()


def gi_star_esda(cells):
    """Return Gi* by esda's call, with the weights for which it is right; they are made before."""
    from esda import G_Local
    from libpysal.weights import fill_diagonal

    values = table(cells)["count"].to_numpy(dtype=float)
    weights = fill_diagonal(queen(cells), 1.0)
    return lambda: G_Local(values, weights, transform="B", star=True, permutations=0).Zs.sum()


def gi_star_esda_weights(cells):
    """Return the same with the weights made in the call, as ours are."""
    from esda import G_Local
    from libpysal.weights import fill_diagonal

    values = table(cells)["count"].to_numpy(dtype=float)
    how = {"transform": "B", "star": True, "permutations": 0}
    return lambda: G_Local(values, fill_diagonal(queen(cells), 1.0), **how).Zs.sum()


def whole_path_ours(cells):
    """Return grid, count and Gi* by us, with the cells' shapes; three points a cell."""
    from vrn_analysis.methods import hotspots

    data = points(3 * cells, cells)

    def call():
        grid = hotspots.make_grid(bounds(cells), cell_size=CELL)
        return hotspots.gi_star(hotspots.count_in_cells(grid, data))["gi_star"].sum()

    return call


def whole_path_peers(cells):
    """Return the same by shapely boxes, a spatial join, libpysal and esda."""
    import geopandas as gpd
    import numpy as np
    import shapely
    from esda import G_Local
    from libpysal.weights import fill_diagonal

    data, side = points(3 * cells, cells), side_of(cells)

    def call():
        row, column = (axis.ravel() * CELL for axis in np.indices((side, side)))
        boxes = shapely.box(column, row, column + CELL, row + CELL)
        grid = gpd.GeoDataFrame(geometry=boxes, crs=27700)
        joined = gpd.sjoin(data, grid, predicate="within")["index_right"]
        count = np.bincount(joined, minlength=len(grid)).astype(float)
        weights = fill_diagonal(queen(cells), 1.0)
        return G_Local(count, weights, transform="B", star=True, permutations=0).Zs.sum()

    return call


def density_ours(cells):
    """Return the quartic density of as many points as there are cells, radius five cells."""
    from vrn_analysis.methods import hotspots

    data, grid = points(cells, cells), hotspots.make_grid(bounds(cells), cell_size=CELL)
    return lambda: (
        hotspots.kernel_density(grid, data, bandwidth=5 * CELL)["kde"].sum() / 1e6 / cells
    )


def centres(cells):
    """Return the points and the centres of the cells, as arrays."""
    import numpy as np
    import shapely

    row, column = (axis.ravel() for axis in np.indices((side_of(cells),) * 2))
    at = np.column_stack([column + 0.5, row + 0.5]) * CELL
    return shapely.get_coordinates(points(cells, cells).geometry), at


def density_sklearn(cells):
    """Return scikit-learn's exact density with its own finite kernel, the Epanechnikov."""
    import numpy as np
    from sklearn.neighbors import KernelDensity

    data, at = centres(cells)
    model = KernelDensity(bandwidth=5 * CELL, kernel="epanechnikov")
    return lambda: np.exp(model.fit(data).score_samples(at)).sum()


def density_scipy(cells):
    """Return scipy's normal density, at its own bandwidth."""
    from scipy.stats import gaussian_kde

    data, at = centres(cells)
    return lambda: gaussian_kde(data.T)(at.T).sum()


# what is measured: ours, then each peer with the largest size it is run at
WORK = {
    "gi_star": {
        "ours": (gi_star_ours, 1_000_000),
        "esda": (gi_star_esda, 1_000_000),
        "esda+weights": (gi_star_esda_weights, 1_000_000),
    },
    "whole_path": {"ours": (whole_path_ours, 1_000_000), "peers": (whole_path_peers, 100_000)},
    "density": {
        "ours": (density_ours, 1_000_000),
        "scikit-learn": (density_sklearn, 100_000),
        "scipy": (density_scipy, 10_000),
    },
}


def memory(kind):
    """Return the resident memory of this process in megabytes, now or at its peak (Linux)."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) / 1024 for line in lines if line.startswith(kind))


def one(work, who, cells):
    """Measure one in this process and print it for the caller."""
    import pyarrow

    warnings.simplefilter("ignore")
    call = WORK[work][who][0](cells)
    # what making the data left behind is not the call's
    pyarrow.default_memory_pool().release_unused()
    before = memory("VmRSS")
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")
    times, check = [], None
    # the first call may compile: counted apart
    while len(times) < 4 and (len(times) < 2 or sum(times) < 10):
        start = time.process_time()
        check = call()
        times.append(time.process_time() - start)
    peak = memory("VmHWM")
    found = {"first": times[0], "seconds": min(times[1:]), "peak": peak, "adds": peak - before}
    print(json.dumps(found | {"check": float(check)}))


def measured(*command):
    """Return what a process of its own measured."""
    run = subprocess.run([str(part) for part in command], capture_output=True, text=True)
    if run.returncode:
        return {"fault": (run.stderr.strip().splitlines() or ["killed"])[-1]}
    return json.loads(run.stdout.splitlines()[-1])


def compare(work, largest):
    """Print one kind of work at every size, ours beside its peers."""
    import math

    last = {}
    for cells in (size for size in SIZES if size <= largest):
        ours = None
        for who, (_, limit) in WORK[work].items():
            if cells > limit:
                continue
            found = measured(sys.executable, __file__, "--one", work, who, cells)
            line = f"{work:12} {cells:>9,}  {who:13}"
            if "fault" in found:
                print(line, found["fault"], flush=True)
                continue
            ours = ours or found
            line += f"{found['seconds']:10.4f} s  first {found['first']:8.3f} s"
            line += f"  peak {found['peak']:6.0f} MB, of the call {found['adds']:6.0f}"
            if who in last:
                size, seconds = last[who]
                slope = math.log(found["seconds"] / seconds) / math.log(cells / size)
                line += f"  slope {slope:5.2f}"
            last[who] = (cells, found["seconds"])
            if who != "ours":
                line += f"  ratio {found['seconds'] / ours['seconds']:8.1f}"
                line += f"  check {found['check'] / ours['check'] - 1:+.1e}"
            print(line, flush=True)


def density_against_numba(python):
    """Print our density of a million points on 160,000 cells beside a compiled loop."""
    from vrn_analysis.methods import hotspots

    cells, number = 160_000, 1_000_000
    grid = hotspots.make_grid(bounds(cells), cell_size=CELL)
    data, times = points(number, cells), []
    for _ in range(3):
        start = time.process_time()
        found = hotspots.kernel_density(grid, data, bandwidth=500)
        times.append(time.process_time() - start)
    print(f"density {number:,} points, {cells:,} cells: {min(times):.3f} s")
    if python:
        peer = measured(python, "-c", NUMBA_LOOP, number, side_of(cells))
        print(
            f"numba loop: {peer['seconds']:.3f} s, ratio {min(times) / peer['seconds']:.1f},",
            end="",
        )
        print(f" sums differ by {found['kde'].sum() / 1e6 / peer['check'] - 1:+.1e}")


def false_hotspots():
    """Print in what share of maps of events at random Gi* finds a hotspot, by either p-value."""
    import numpy as np

    from vrn_analysis.methods import hotspots

    for cells, maps in ((400, 2_000), (2_500, 500)):
        data = table(cells)
        for mean in (0.1, 0.5, 2, 5, 20):
            rng, wrong = np.random.default_rng(99), {True: 0, False: 0}
            for _ in range(maps):
                drawn = data.assign(count=rng.poisson(mean, len(data)))
                for corrected in wrong:
                    found = hotspots.gi_star(drawn, correct_skewness=corrected)
                    wrong[corrected] += (found["hotspot_category"] == "hotspot").any()
            print(f"false hotspots, {cells:,} cells, {mean:g} events a cell:", end=" ")
            print(f"{wrong[False] / maps:.1%} of maps with normal p,", end=" ")
            print(f"{wrong[True] / maps:.1%} corrected", flush=True)


def main():
    """Run what was asked for."""
    options = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    options.add_argument("--largest", type=int, default=SIZES[-1])
    options.add_argument("--only", choices=[*WORK, "numba", "false_hotspots"])
    options.add_argument("--numba", help="a Python that has numba")
    options.add_argument("--one", nargs=3, help=argparse.SUPPRESS)
    asked = options.parse_args()
    if asked.one:
        one(asked.one[0], asked.one[1], int(asked.one[2]))
        return
    for work in WORK:
        if asked.only in (None, work):
            compare(work, asked.largest)
    if asked.only in (None, "numba") and asked.largest >= 1_000_000:
        density_against_numba(asked.numba)
    if asked.only in (None, "false_hotspots"):
        false_hotspots()


if __name__ == "__main__":
    main()
