"""Small tables of indicators and areas for the tests of factors."""

import numpy as np
import pandas as pd

CATALOGUE = pd.DataFrame(
    [
        # indicator, kind, level, ages, statistic, per, unit, polarity
        ("absence", "risk", "individual", 11, 17, "proportion", 100, "%", "higher_is_worse"),
        ("entrants", "risk", "individual", 10, 17, "crude rate", 100_000, "", "higher_is_worse"),
        ("ready", "protective", "individual", 0, 4, "proportion", 100, "%", "lower_is_worse"),
        ("score", "protective", "individual", 16, 16, "mean", np.nan, "", "lower_is_worse"),
        ("care", "risk", "relationship", 0, 17, "crude rate", 10_000, "", "ambiguous"),
        ("work", "protective", "societal", 18, 64, "published", np.nan, "%", "lower_is_worse"),
        ("hurt", "outcome", "societal", 0, 120, "crude rate", 1_000, "", "higher_is_worse"),
    ],
    columns=[
        "indicator_id",
        "kind",
        "level",
        "age_from",
        "age_to",
        "statistic",
        "per",
        "unit",
        "polarity",
    ],
).assign(
    name=lambda t: t["indicator_id"].str.capitalize(),
    minimum_count=5,
    verified="yes",
    evidence=["named in a review", "graded", "not graded", "not graded", *["not graded"] * 3],
    breaks=["2022: new definition", "", "", "", "", "", ""],
)


def rows(*given):
    """Return rows of indicator, area, year, value, count, denominator."""
    columns = ["indicator_id", "area_code", "year", "value", "count", "denominator"]
    table = pd.DataFrame(given, columns=columns)
    return table.assign(
        area_name=table["area_code"], period=table["year"].astype("str"), mark=""
    ).astype({"value": "float64", "count": "float64", "denominator": "float64"})


def areas(number, *, effect=0.5, seed=1, size=4.0):
    """Return invented small areas in a square, with a count that income deprivation explains."""
    rng = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(number)))
    income = rng.beta(2, 8, number)
    other = rng.normal(size=number)
    people = rng.integers(1_200, 2_400, number)
    z = (income - income.mean()) / income.std(ddof=1)
    mean = people * 0.01 * np.exp(effect * z)
    count = rng.poisson(mean * rng.gamma(size, 1 / size, number))
    place = np.arange(number)
    return pd.DataFrame(
        {
            "area_code": [f"A{n:03d}" for n in place],
            "count": count,
            "denominator": people,
            "income_rate": income,
            "turnover": other,
            "district": [f"D{(n // side) * 3 // side}{(n % side) * 3 // side}" for n in place],
            "row": place // side,
            "column": place % side,
        }
    )


def neighbours(table):
    """Return the pairs of areas that touch, both ways."""
    at = {
        (r, c): code
        for code, r, c in zip(*(table[k] for k in ("area_code", "row", "column")), strict=True)
    }
    steps = [(-1, 0), (1, 0), (0, -1), (0, 1)]
    pairs = [
        (code, at[r + down, c + right])
        for (r, c), code in at.items()
        for down, right in steps
        if (r + down, c + right) in at
    ]
    return pd.DataFrame(pairs, columns=["area_code", "neighbour_code"])
