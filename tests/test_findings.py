"""Sentences follow the interval, never the point."""

import pandas as pd
import pytest

from vrn_analysis import findings, times

NO_BREAKS = pd.DataFrame({"date": pd.to_datetime([]), "until": pd.to_datetime([]), "label": []})


def years(before, latest, error=0):
    return pd.DataFrame(
        {
            "period": ["April 2022 to March 2023", "April 2023 to March 2024"],
            "first": pd.to_datetime(["2022-04-01", "2023-04-01"]),
            "last": pd.to_datetime(["2023-03-01", "2024-03-01"]),
            "count": pd.array([before, latest], dtype="Int64"),
            "count_error": [error, error],
        }
    )


def latest(*counts, breaks=NO_BREAKS, **more):
    return findings.latest_year(years(*counts, **more), measure="violence", breaks=breaks).data


def test_clear_rise_is_said_to_rise():
    text = latest(1000, 1300)
    assert "Violence **rose** in April 2023 to March 2024: +30%" in text
    assert "95% interval +20% to +4" in text


def test_clear_fall_is_said_to_fall():
    assert "**fell**" in latest(1300, 1000)


def test_change_within_chance_is_no_clear_change_and_says_what_could_be_seen():
    text = latest(100, 90)
    assert "**No clear change**" in text
    assert "would have shown a fall of" in text
    assert "-10%" in text


def test_rounding_can_turn_a_change_into_none():
    assert "**fell**" in latest(100, 72)
    assert "**No clear change**" in latest(100, 72, error=5)


def test_suppressed_year_gives_no_change():
    assert "no change is computed" in latest(100, None)


def test_break_in_the_two_years_is_named_and_an_older_one_is_not():
    breaks = pd.DataFrame(
        {
            "date": pd.to_datetime(["2022-06-01", "2019-01-01"]),
            "until": pd.to_datetime([None, "2019-06-01"]),
            "label": ["New recording rule", "Old rule"],
        }
    )
    text = latest(1000, 1300, breaks=breaks)
    assert "new recording rule" in text.lower()
    assert "old rule" not in text.lower()


def rates(rows):
    columns = ["area_code", "area_name", "value", "lower_95_ci", "upper_95_ci"]
    return pd.DataFrame(rows, columns=columns)


ALL = ("All", "All", 10.0, 9.5, 10.5)


def test_area_is_above_only_if_its_whole_interval_is():
    table = rates([("a", "Hill", 12.0, 9.0, 15.0), ("b", "Dale", 14.0, 12.0, 16.0), ALL])
    text = findings.highest_rates(table, measure="violence").data
    assert text.startswith("**One** of 2 districts is above")
    assert "the district of Dale" in text
    assert "Hill" not in text


def test_no_area_above():
    table = rates([("a", "Hill", 12.0, 9.0, 15.0), ALL])
    assert findings.highest_rates(table, measure="violence").data.startswith("No district's")
    assert findings.highest_rates_title(table) == "No district is clearly above the whole area"


def quintiles(most, least):
    return pd.DataFrame(
        {
            "quintile": [1, 5],
            "count": pd.array([most, least], dtype="Int64"),
            "denominator": [1000.0, 1000.0],
            "count_error": [0, 0],
        }
    )


def test_gradient_is_a_ratio_with_its_interval_and_claims_no_cause():
    text = findings.gradient(quintiles(200, 100), measure="violence").data
    assert "**2.0 times**" in text
    assert "95% interval 1.6 to 2.6" in text
    assert "no cause" in text


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([(1, 20, 18, 22), (5, 10, 9, 11)], "highest where deprivation is greatest"),
        ([(1, 10, 9, 11), (5, 20, 18, 22)], "lowest where deprivation is greatest"),
        ([(1, 10, 8, 12), (5, 11, 9, 13)], "do not clearly differ"),
    ],
)
def test_gradient_title_follows_the_intervals(rows, title):
    table = pd.DataFrame(rows, columns=["quintile", "value", "lower_95_ci", "upper_95_ci"])
    assert title in findings.gradient_title(table)


def test_headline_gives_the_bound_beside_the_count():
    bounds = pd.DataFrame(
        {"bound": ["IN", "IN + UNKNOWN"], "count": pd.array([6030, 7100], dtype="Int64")}
    )
    text = findings.headline(bounds, measure="serious violence", period="2023").data
    assert "**6,030** offences are counted as serious violence" in text
    assert "**7,100**" in text


def test_whole_years_end_with_the_latest_month_and_drop_the_odd_ones():
    months = pd.DataFrame(
        {"month": pd.date_range("2020-01-01", periods=27, freq="MS"), "count": range(27)}
    )
    made = times.whole_years(months)
    assert made["period"].tolist() == ["April 2020 to March 2021", "April 2021 to March 2022"]
    assert made["count"].tolist() == [sum(range(3, 15)), sum(range(15, 27))]
