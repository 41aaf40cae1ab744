"""Whatever the numbers are, a sentence says a direction only where the interval does."""

import re

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vrn_analysis.count import times
from vrn_analysis.count.assessment import REST
from vrn_analysis.methods import trends
from vrn_analysis.say import findings

DIRECTION = re.compile(
    r"(\brose|\bfell|lies above|lies below|is above|is below|\*\*above\*\*|"
    r"\*\*below\*\*|higher in small|lower in small|higher in more|lower in more|"
    r"times\*\* as frequent|is highest|is lowest|"
    r"times the rate|better than|fell compared|rose compared|% are under 25)"
)
NOT_CLEAR = re.compile(
    r"[Nn]o clear|not clearly|does not clearly|do not clearly|No \w+ is clearly|No \w+ group|"
    r"No part|no better than|No district's"
)
NO_BREAKS = pd.DataFrame({"date": pd.to_datetime([]), "until": pd.to_datetime([]), "label": []})
COUNT = st.integers(1, 3000)
MONTHS = ["April 2022 to March 2023", "April 2023 to March 2024"]


def direction_of(text):
    """Return the words of a direction, once what says that there is none is taken out."""
    text = re.sub(r"not clearly higher or lower in small", "not clearly", text)
    return DIRECTION.findall(re.sub(r"no better than", "", text))


def years(before, latest, error):
    return pd.DataFrame(
        {
            "period": MONTHS,
            "first": pd.to_datetime(["2022-04-01", "2023-04-01"]),
            "count": pd.array([before, latest], dtype="Int64"),
            "count_error": [error, error],
        }
    )


@pytest.mark.slow
@given(before=st.integers(0, 3000), latest=st.integers(0, 3000), error=st.sampled_from([0, 2, 5]))
@settings(max_examples=40, deadline=None)
def test_the_latest_year_rises_or_falls_only_by_its_interval(before, latest, error):
    table = years(before, latest, error)
    said = findings.latest_year(table, measure="violence", breaks=NO_BREAKS)
    text, title = said.data, said.title
    assert "nan" not in text
    assert "inf" not in text
    if not before:
        assert "cannot say by how much" in text
        return
    change = trends.change_between(before, 1, latest, 1, count_error=error).iloc[0]
    rose, fell = change["lower_95_ci"] > 1, change["upper_95_ci"] < 1
    assert ("**rose**" in text, "**fell**" in text) == (rose, fell)
    assert ("above" in title, "below" in title) == (rose, fell)
    assert bool(NOT_CLEAR.search(text)) is not (rose or fell)
    # what could have been seen stands beside what was not
    assert ("probably have detected" in text) is not (rose or fell)


def row(value, low, high, **more):
    return {"value": value, "lower_95_ci": low, "upper_95_ci": high} | more


def rates(one, other, **names):
    [(column, labels)] = names.items()
    rows = [row(*one), row(*other)]
    return pd.DataFrame([r | {column: name} for r, name in zip(rows, labels, strict=True)])


def ratio(one, **more):
    return pd.DataFrame([row(*one, **more)])


def over(a, b):
    """Return one interval as that of a ratio of two, with 1 as its middle."""
    return (a[0] / b[0], a[1] / b[2], a[2] / b[1])


# each says something of two values, the second beside the first
PAIRS = {
    "measure_change": lambda a, b: (
        findings.measure_change(
            rates(a, b, period=MONTHS).assign(age_group="All ages"), name="Homicide"
        ).data
    ),
    "area_beside_rest": lambda a, b: (
        findings.area_beside_rest(
            rates(a, b, area_name=[REST, "Ashby"]), name="Ashby", measure="violence"
        ).data
    ),
    "gradient_title": lambda a, b: findings.title(rates(a, b, quintile=[5, 1]).assign(count=1)),
    "young_rates": lambda a, b: findings.young_rates(rates(a, b, age_group=["x", "y"])).title,
    "young_title": lambda a, b: findings.title(rates(a, b, source=["x", "y"])),
}
ONES = {
    "association": lambda r: (
        findings.association(
            ratio(r, areas=50, reading="Areas."), measure="violence", factor="income"
        ).data
    ),
    "local_effect": lambda r: findings.local_effect(ratio(r, name="Scheme")).data,
}
INTERVAL = st.tuples(st.floats(0.5, 50), st.floats(0.01, 0.9), st.floats(0.01, 2)).map(
    lambda t: (t[0], t[0] * (1 - t[1]), t[0] * (1 + t[2]))
)


@pytest.mark.parametrize("name", PAIRS)
@given(a=INTERVAL, b=INTERVAL)
@settings(max_examples=30, deadline=None)
def test_two_values_differ_only_where_their_intervals_are_apart(name, a, b):
    text = PAIRS[name](a, b)
    apart = b[1] > a[2] or b[2] < a[1]
    assert bool(direction_of(text)) is apart, text
    assert bool(NOT_CLEAR.search(text)) is not apart, text


@pytest.mark.parametrize("name", ONES)
@given(a=INTERVAL, b=INTERVAL)
@settings(max_examples=30, deadline=None)
def test_a_ratio_says_a_direction_only_where_its_interval_leaves_out_one(name, a, b):
    limits = over(a, b)
    text = ONES[name](limits)
    clear = limits[1] > 1 or limits[2] < 1
    assert bool(direction_of(text)) is clear, text
    assert bool(NOT_CLEAR.search(text)) is not clear, text


@given(value=st.floats(-9, 9), half=st.floats(0.01, 9))
@settings(max_examples=30, deadline=None)
def test_a_slope_rises_or_falls_only_where_its_interval_leaves_out_none(value, half):
    index = pd.DataFrame([row(value, value - half, value + half)])
    text = findings.slope(index, ratio((2.0, 1.5, 2.5)), measure="violence").data
    assert ("is higher in more deprived" in text) is (value - half > 0)
    assert ("is lower in more deprived" in text) is (value + half < 0)
    assert ("no clear slope" in text) is (value - half <= 0 <= value + half)


@given(one=COUNT, other=COUNT)
@settings(max_examples=30, deadline=None)
def test_a_part_of_the_week_holds_more_only_by_the_interval(one, other):
    table = pd.DataFrame(
        {"night": times.NIGHTS[:2], "count": pd.array([one, other], dtype="Int64"),
         "count_error": [0, 0], "denominator": [100.0, 100.0]}
    )  # fmt: skip
    text = findings.times_as_many(table, measure="violence").data
    found = trends.change_between(other, 100.0, one, 100.0).iloc[0]
    clear = bool(found["lower_95_ci"] > 1 or found["upper_95_ci"] < 1)
    assert bool(direction_of(text)) is clear
    assert ("No clear difference" in text) is not clear


@pytest.mark.parametrize(
    ("hurt", "live", "said"),
    [
        (200, 100, "In **Ashby**, 200 victims were hurt"),
        (105, 100, "In no district were clearly more"),
        (100, 200, "In no district were clearly more"),
    ],
)
def test_more_are_hurt_than_live_only_where_it_is_clear(hurt, live, said):
    table = pd.DataFrame(
        {"area_name": ["Ashby", "Brent"], "hurt_here": pd.array([hurt, None], dtype="Int64"),
         "live_here": pd.array([live, 30], dtype="Int64")}
    )  # fmt: skip
    table["more_hurt_than_live"] = table["hurt_here"] - table["live_here"]
    assert said in findings.residence(table).data
