"""Turn degrees and references of the National Grid into eastings and northings."""

import pandas as pd

GRID = ("_easting", "_northing")
GRID_REFERENCE = r"^\s*([A-Z]{2})?\s*(\d+(?:\.\d+)?)(?:[\s,/]+(\d+(?:\.\d+)?))?\s*$"


def from_degrees(points: pd.DataFrame) -> pd.DataFrame:
    """Return the eastings and northings of points, a row each: longitude and latitude as text."""
    from pyproj import Transformer  # heavy, and few extracts are in degrees

    numbers = [pd.to_numeric(points[name], errors="coerce") for name in points]
    transformer = Transformer.from_crs("EPSG:4326", "EPSG:27700", always_xy=True)
    return pd.DataFrame(dict(zip(GRID, transformer.transform(*numbers), strict=True)))


def from_grid(points: pd.DataFrame) -> pd.DataFrame:
    """Return the eastings and northings of National Grid references, a row each, as text."""
    parts = points.iloc[:, 0].str.upper().str.extract(GRID_REFERENCE)
    squares = parts[0].fillna("")
    digits = parts[1].fillna("") + parts[2].fillna("")
    half = digits.str.len() // 2
    # of letters and digits in one piece, half the digits are of each; else as they are parted
    pairs = [
        (d[:h], d[h:]) if square and not gap else (a, b)
        for d, h, square, gap, a, b in zip(
            digits, half, squares, parts[2].notna(), parts[1].fillna(""), parts[2].fillna(""),
            strict=True,
        )
    ]  # fmt: skip
    east, north = (pd.to_numeric(pd.Series(part), errors="coerce")
                   for part in zip(*pairs, strict=True))  # fmt: skip
    lettered = squares.str.len() == 2
    size = pd.Series([10 ** (5 - len(pair[0])) if len(pair[0]) < 6 else 1 for pair in pairs])
    corner = [_corner(square) for square in squares]
    east = (east * size + [c[0] for c in corner]).where(lettered, east)
    north = (north * size + [c[1] for c in corner]).where(lettered, north)
    return pd.DataFrame({GRID[0]: east, GRID[1]: north})


def _corner(square: str) -> tuple[int, int]:
    """Return the south-west corner of a square of 100 km, such as SK, in metres."""
    if len(square) != 2 or "I" in square:
        return (0, 0)
    first, second = ("ABCDEFGHJKLMNOPQRSTUVWXYZ".index(letter) for letter in square)
    east = (first - 2) % 5 * 5 + second % 5
    north = 19 - first // 5 * 5 - second // 5
    return 100_000 * east, 100_000 * north
