"""Invented tables for the tests of charts, one for each."""

from functools import partial

import geopandas as gpd
import numpy as np
import pandas as pd
from shapely.geometry import box

from vrn_analysis.show import figures

GROUPS = ["Violence with injury", "Robbery", "Possession of weapons"]
MONTHS = pd.date_range("2019-01-01", periods=48, freq="MS")
BREAKS = pd.DataFrame(
    {"date": ["2020-02-01", "2021-11-01"], "label": ["New records system", "Counting changed"]}
)


def protected(keys, counts):
    """Return a protected table; a count of None is suppressed."""
    table = pd.DataFrame(keys).assign(count=pd.array(counts, dtype="Int64"))
    hidden = table["count"].isna()
    return table.assign(status=np.where(hidden, "suppressed", "shown"))


def interval(table, width=0.2):
    value = table["count"].astype("Float64")
    return table.assign(
        value=value, lower_95_ci=value * (1 - width), upper_95_ci=value * (1 + width)
    )


def trend():
    counts = [100 + 10 * (i % 12) for i in range(48)]
    counts[30] = None
    return interval(protected({"month": MONTHS}, counts))


def xmr():
    values = [100.0 + 7 * (i % 3) for i in range(48)]
    values[40] = 160.0
    signal = pd.Series([None] * 48, dtype="str")
    signal[40] = "above the limits"
    signal[10] = "near the lower limit"
    return pd.DataFrame(
        {"value": values, "mean": 105.0, "lower_limit": -5.0, "upper_limit": 140.0,
         "signal": signal.to_numpy()}, index=MONTHS,
    )  # fmt: skip


def multiples():
    parts = [
        protected({"month": MONTHS, "crime_group": group}, [k * 50 + i % 12 for i in range(48)])
        for k, group in enumerate(GROUPS, 1)
    ]
    table = pd.concat(parts, ignore_index=True)
    table.loc[5, "count"], table.loc[5, "status"] = pd.NA, "suppressed"
    return table


def rates():
    names = ["Ashby Vale", "Brook Heath", "Élan Bay", "Dunley", "All"]
    return interval(protected({"area_name": names}, [20, 10, None, 6, 9]))


def waterfall():
    labels = ["All records", "Domestic", "Cancelled", "Place not recorded", "Counted"]
    return protected(
        {"label": labels, "outcome": ["START", "OUT", "OUT", "UNKNOWN", "IN"]},
        [1000, 600, None, 150, 200],
    )


def bounds():
    keys = [(group, outcome) for group in GROUPS for outcome in ("IN", "UNKNOWN")]
    table = pd.DataFrame(keys, columns=["crime_group", "outcome"])
    return protected(table, [300, 60, 100, None, None, 10])


def tornado():
    names = ["The definition as it is", "Dwellings", "Domestic", "Injury field", "Age", "Weapon"]
    return protected({"switch": names}, [500, 800, 900, 450, 500, None])


def gradient():
    table = interval(protected({"quintile": [1, 2, 3, 4, 5]}, [50, 40, 30, 20, 10]))
    return table.assign(denominator=1000)


def hours():
    keys = [(day, hour) for day in range(7) for hour in range(24)]
    counts = [5 * ((day + hour) % 30) for day, hour in keys]
    counts[3] = None
    return protected(pd.DataFrame(keys, columns=["weekday", "hour"]), counts)


def ages():
    bands = ["0-9", "10-17", "18-24", "25+"]
    keys = [(band, sex) for band in bands for sex in ("female", "male")]
    counts = [None, 10, 40, 60, 80, 120, 150, 140]
    return protected(pd.DataFrame(keys, columns=["age_band", "sex"]), counts)


def lorenz():
    share = np.linspace(0, 1, 101)
    return pd.DataFrame({"place_share": share, "event_share": 1 - (1 - share) ** 3})


def capture():
    share = np.linspace(0, 0.2, 11)
    parts = [
        pd.DataFrame({"score": score, "area_share": share, "event_share": share * k})
        for score, k in (("Hotspots", 2.5), ("Last year", 2.4), ("Population", 1.5))
    ]
    table = pd.concat(parts, ignore_index=True)
    return table.assign(
        lower_95_ci=table["event_share"] * 0.9, upper_95_ci=table["event_share"] * 1.1
    )


def matrix():
    rows = [
        ("individual", "10-17", "Suspended from school", "risk"),
        ("individual", "18-24", "Not in education, employment or training", "risk"),
        ("community", "10-17", "Youth clubs", "protective"),
        ("societal", "0-9", "Children in low income families", "ambiguous"),
    ]
    return pd.DataFrame(rows, columns=["level", "life_stage", "name", "kind"])


def funnel():
    size = np.arange(1, 13) * 1000
    counts = [20 * i for i in range(1, 13)]
    counts[3], counts[6], counts[8] = 160, None, 60
    table = protected({"area_name": [f"Place {i}" for i in range(12)]}, counts)
    rate = table["count"].astype("float64") / size * 1000
    reach = 3 * np.sqrt(20.0 / size * 1000)
    result = np.where(rate > 30, "high (99.8%)", np.where(rate < 10, "low (99.8%)", "within"))
    return table.assign(
        denominator=size, rate=rate, benchmark=20.0, funnel_lower_95=20 - 0.65 * reach,
        funnel_upper_95=20 + 0.65 * reach, funnel_lower_99_8=20 - reach,
        funnel_upper_99_8=20 + reach, funnel_result=result,
    )  # fmt: skip


def spine():
    return pd.DataFrame(
        {
            "name": ["Child poverty", "Youth clubs", "Claimants", "Absence", "Ages known"],
            "value": [24.0, 1.5, 4.0, 20.0, 3.0],
            "lower_95_ci": [23.0, 1.2, 3.9, 19.0, 2.0],
            "upper_95_ci": [25.0, 1.8, 4.1, 23.0, 3.5],
            "benchmark": [20.0, 1.0, 5.0, 21.0, 5.0],
            "lowest": [10.0, 0.2, 2.0, 15.0, 1.0],
            "highest": [35.0, 2.0, 7.0, 30.0, 9.0],
            "polarity": ["higher is worse", "higher is better", "higher is worse",
                         "higher is worse", "ambiguous"],
        }
    )  # fmt: skip


def effects():
    return pd.DataFrame(
        {
            "name": ["Income deprivation", "Green space", "Licensed premises"],
            "value": [1.6, 0.9, 2.4],
            "lower_95_ci": [1.3, 0.7, 2.0],
            "upper_95_ci": [1.9, 1.1, 2.9],
        }
    )


def complete():
    keys = [(field, month) for field in ("Place", "Victim's age") for month in MONTHS[:24]]
    table = pd.DataFrame(keys, columns=["field", "month"])
    value = pd.Series([1.0] * 24 + [0.7] * 24)
    value[30] = 0.25
    value[35] = np.nan
    return table.assign(value=value, status=["shown"] * 35 + ["suppressed"] + ["shown"] * 12)


def areas():
    cells = [(x, y) for x in range(5) for y in range(4)]
    shapes = [box(x * 1000, y * 1000, (x + 1) * 1000, (y + 1) * 1000) for x, y in cells]
    district = ["West" if x < 2 else "Middle" if x < 3 else "East" for x, _ in cells]
    names = [f"Place {i}" for i in range(20)]
    return gpd.GeoDataFrame(
        {"area_code": [f"X{i:02d}" for i in range(20)], "area_name": names, "district": district},
        geometry=shapes, crs=27700,
    )  # fmt: skip


def districts():
    whole = areas().dissolve("district").reset_index()
    return whole.rename(columns={"district": "district_name"})[["district_name", "geometry"]]


def mapped():
    counts = list(range(5, 105, 5))
    counts[7] = None
    return interval(protected({"area_code": [f"X{i:02d}" for i in range(20)]}, counts))


def classed():
    names = ["Coldspot", "No hotspot", "Hotspot"]
    found = pd.Categorical.from_codes([i % 3 for i in range(20)], names, ordered=True)
    return pd.DataFrame({"area_code": [f"X{i:02d}" for i in range(20)], "map_class": found})


CHARTS = {
    "trend": (trend, partial(figures.plot_trend, breaks=BREAKS)),
    "xmr": (xmr, partial(figures.plot_xmr, breaks=BREAKS)),
    "multiples": (multiples, partial(figures.plot_small_multiples, breaks=BREAKS)),
    "rates": (rates, partial(figures.plot_rates, measure="Offences per 1,000 residents")),
    "map": (
        mapped,
        partial(figures.plot_map, areas=areas(), measure="Offences", districts=districts()),
    ),
    "map_classes": (classed, partial(figures.plot_map, areas=areas(), measure="Gi* hotspots")),
    "waterfall": (waterfall, figures.plot_waterfall),
    "bounds": (bounds, figures.plot_bounds),
    "tornado": (tornado, figures.plot_tornado),
    "gradient": (gradient, figures.plot_gradient),
    "hours": (hours, figures.plot_hour_by_weekday),
    "ages": (ages, figures.plot_age_sex),
    "lorenz": (lorenz, figures.plot_lorenz),
    "capture": (capture, figures.plot_capture_curve),
    "matrix": (matrix, figures.plot_matrix),
    "funnel": (funnel, figures.plot_funnel),
    "spine": (spine, figures.plot_spine),
    "effects": (effects, figures.plot_effects),
    "complete": (complete, figures.plot_completeness),
}
