"""Sentences follow the interval, never the point."""

import pandas as pd
import pytest
from facts_told import loose, told

from vrn_analysis.count import tables, times
from vrn_analysis.methods import rates as rate_functions
from vrn_analysis.say import findings

NO_BREAKS = pd.DataFrame({"date": pd.to_datetime([]), "until": pd.to_datetime([]), "label": []})


def of_force(others, force):
    """Return the forces of a file, one of them the run's."""
    others.attrs["force"] = force
    return others


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
    assert "Violence **rose** in April 2023 to March 2024." in text
    assert "30% higher (95% CI 20% to 41% higher)" in text
    assert "95% CI 20% to 4" in text


def test_clear_fall_is_said_to_fall():
    assert "**fell**" in latest(1300, 1000)


def test_change_within_chance_is_no_clear_change_and_says_what_could_be_seen():
    text = latest(100, 90)
    assert "There is **no clear change** in violence" in text
    assert "detected a fall of 37% or more" in text
    assert "10% lower (95% CI 33% lower to 21% higher)" in text


def test_counts_that_vary_more_than_chance_widen_the_interval_and_what_could_be_seen():
    assert "**fell**" in latest(1200, 1090)
    wild = monthly([50, 150] * 12)
    said = findings.latest_year(
        years(1200, 1090), measure="violence", breaks=NO_BREAKS, months=wild,
        offences_per_incident=pd.Series([1] * 10),
    )  # fmt: skip
    text = said.data
    assert "**no clear change**" in text
    fall = told(findings.smallest_change(
        years(0, 1200), measure="v", months=wild, offences_per_incident=pd.Series([1] * 10)
    ))["smallest_fall"]  # fmt: skip
    assert f"a fall of {fall:.0f}% or more" in text
    assert said.title == "The latest year shows no clear change"


def test_rounding_can_turn_a_change_into_none():
    assert "**fell**" in latest(100, 72)
    assert "no clear change**" in latest(100, 72, error=5)


def test_suppressed_year_gives_no_change():
    assert "cannot say whether violence rose or fell" in latest(100, None)


def test_break_in_the_two_years_is_named_and_an_older_one_is_not():
    breaks = pd.DataFrame(
        {
            "date": pd.to_datetime(["2022-06-01", "2019-01-01"]),
            "until": pd.to_datetime([None, "2019-06-01"]),
            "label": ["New recording rule", "Old rule"],
        }
    )
    text = latest(1000, 1300, breaks=breaks)
    assert ": New recording rule (from June 2022)." in text
    assert "old rule" not in text.lower()
    title = findings.latest_year(years(1000, 1300), measure="violence", breaks=breaks).title
    assert title == "The latest year is above the year before, across a known break"
    later = breaks.assign(date=pd.Timestamp("2024-04-01"), until=pd.NaT)
    assert "Compare" not in latest(1000, 1300, breaks=later)


def districts(**counts):
    names = ["All", *counts]
    table = pd.DataFrame({"area_code": names, "area_name": names, "denominator": 10_000.0})
    table["count"] = pd.array([sum(counts.values()), *counts.values()], dtype="Int64")
    table.loc[0, "denominator"] = 10_000.0 * len(counts)
    return rate_functions.crude_rate(table)


def test_area_is_above_only_if_it_differs_from_the_rest_with_all_comparisons_allowed_for():
    table = districts(Hill=120, Dale=170, Moor=100)
    text = findings.highest_rates(table, measure="violence").data
    assert text.startswith("**One** of 3 districts has a rate clearly above")
    assert "Dale" in text
    assert "17.0 per 1,000 residents a year (95% CI 14.5 to 19.8)" in text
    assert "Hill" not in text
    assert findings.highest_rates(table, measure="v").title.startswith("Dale is clearly above")


def test_no_area_above():
    table = districts(Hill=112, Dale=105, Moor=100)
    assert findings.highest_rates(table, measure="violence").data.startswith("No district's")
    assert findings.highest_rates(table, measure="v").title.startswith(
        "No district is clearly above"
    )


@pytest.mark.parametrize(
    ("rows", "title"),
    [
        ([(1, 20, 18, 22), (5, 10, 9, 11)], "highest in the most deprived"),
        ([(1, 10, 9, 11), (5, 20, 18, 22)], "lowest in the most deprived"),
        ([(1, 10, 8, 12), (5, 11, 9, 13)], "do not clearly differ"),
    ],
)
def test_gradient_title_follows_the_intervals(rows, title):
    table = pd.DataFrame(rows, columns=["quintile", "value", "lower_95_ci", "upper_95_ci"])
    assert title in findings.title(table)


def test_a_caption_says_how_many_offences_have_no_place_and_nothing_where_all_have_one():
    table = pd.DataFrame(
        {"area_code": ["A", tables.NOT_LOCATED], "count": pd.array([90, 1_235], dtype="Int64")}
    )
    assert "1,235 offences" in findings.not_placed(table, place="district")
    assert "left out" in findings.not_placed(table, place="district")
    kept = findings.not_placed(table, place="district", kept="the rate of the whole area")
    assert "the rate of the whole area only" in kept
    table["count"] = pd.array([90, None], dtype="Int64")
    assert "suppressed number of offences" in findings.not_placed(table, place="district")
    table["count"] = pd.array([90, 0], dtype="Int64")
    assert findings.not_placed(table, place="district") == ""


@pytest.mark.parametrize(("dispersion", "widened"), [(8.7, True), (1.0, False)])
def test_a_funnel_title_says_what_its_limits_allow_for(dispersion, widened):
    results = ["within", "high (95%)", "high (99.8%)", "low (95%)", "not compared"]
    table = pd.DataFrame({"funnel_result": results, "dispersion": dispersion})
    title = findings.title(table)
    assert told(title) == {"high": 2, "low": 1, "compared": 4}
    assert ("usual variation" in title) is widened


def test_few_months_are_said_to_lie_between_two_counts_and_no_trend_is_claimed():
    table = monthly([3_942, 3_338, 3_500])
    title = findings.latest_year(
        years(None, None), measure="violence", breaks=NO_BREAKS, months=table
    ).title
    assert "3,338" in title
    assert "3,942" in title
    assert not {"above", "below", "change"} & set(title.split())


def test_headline_gives_the_bound_beside_the_count():
    bounds = pd.DataFrame(
        {"bound": ["IN", "IN + UNKNOWN"], "count": pd.array([6030, 7100], dtype="Int64")}
    )
    text = findings.headline(bounds, measure="serious violence", period="2023").data
    assert "**6,030** offences are counted as serious violence" in text
    assert "**7,100**" in text
    rate = pd.DataFrame({"value": [2.05], "lower_95_ci": [2.0], "upper_95_ci": [2.11]})
    said = findings.headline(bounds, measure="violence", period="2023", rate=rate)
    assert "**2.05** per 1,000 residents a year (95% CI 2.00 to 2.11)." in said.data
    known = {"value": 2.05, "lower_95_ci": 2.0, "upper_95_ci": 2.11}
    assert told(said) == {"count": 7100} | known
    rows = [span.get("keys") for span in said.metadata["facts"] if span.get("name") == "count"]
    assert rows == [{"bound": "IN"}, {"bound": "IN + UNKNOWN"}]
    assert loose(said) == []


def test_whole_years_end_with_the_latest_month_and_drop_the_odd_ones():
    months = pd.DataFrame(
        {"month": pd.date_range("2020-01-01", periods=27, freq="MS"), "count": range(27)}
    )
    made = times.whole_years(months)
    assert made["period"].tolist() == ["April 2020 to March 2021", "April 2021 to March 2022"]
    assert made["count"].tolist() == [sum(range(3, 15)), sum(range(15, 27))]


# ---------------------------------------------------------------- people, times, trend


def focus_shares(role, value, low, high):
    return {
        "role": role, "age_focus": "UNDER_25", "value": value, "lower_95_ci": value - 2,
        "upper_95_ci": value + 2, "bound_low": low, "bound_high": high,
    }  # fmt: skip


def test_share_under_25_is_said_of_victims_and_suspects_apart_with_bounds():
    table = pd.DataFrame([focus_shares("Victim", 52, 49, 54), focus_shares("Suspect", 61, 56, 65)])
    text = findings.under_25(table, measure="serious violence").data
    assert "**52%** of victims (95% CI 50% to 54%) and **61%** of suspects" in text
    assert "49% to 54% of victims and 56% to 65% of suspects" in text


def test_rates_of_the_young_are_said_by_age_and_a_hidden_one_is_left_out():
    table = pd.DataFrame(
        {"age_group": ["0 to 9", "10 to 17", "18 to 24"], "value": [0.3, 5.56, None],
         "lower_95_ci": [0.2, 5.27, None], "upper_95_ci": [0.4, 5.87, None]}
    )  # fmt: skip
    text = findings.young_rates(table).data
    assert "aged 10 to 17, there are **5.6** victims a year (95% CI 5.3 to 5.9)." in text
    assert "Too few" in findings.young_rates(table.tail(1)).data


def test_share_under_25_that_is_hidden_is_not_said():
    table = pd.DataFrame([focus_shares("Victim", None or float("nan"), 1, 2)])
    assert "Too few" in findings.under_25(table, measure="violence").data


@pytest.mark.parametrize(
    ("second", "said"), [(6.5, "No age group has clearly"), (3, "is highest at ages 10 to 17")]
)
def test_highest_age_group_follows_the_intervals(second, said):
    table = pd.DataFrame(
        {"age_group": ["10 to 17", "18 to 24"], "value": [7.0, second],
         "lower_95_ci": [6, second - 1], "upper_95_ci": [8, second + 1]}
    )  # fmt: skip
    assert said in findings.young_rates(table).title


def test_repeat_share_is_a_range_that_holds_rounding():
    table = pd.DataFrame(
        {"role": "Victim", "times": ["Once", "All"], "count": pd.array([900, 1000], dtype="Int64"),
         "count_error": [2, 2]}
    )  # fmt: skip
    assert "between **9.6% and 10.4%**" in findings.again(table).data


@pytest.mark.parametrize(
    ("both", "said"), [(0, "**Nobody**"), (40, "**40** people"), (None, "suppressed")]
)
def test_overlap_tells_zero_from_suppressed(both, said):
    table = pd.DataFrame(
        {"part": ["Both victim and suspect"], "count": pd.array([both], dtype="Int64")}
    )
    assert said in findings.both_parts(table).data


def parts(one, other):
    return pd.DataFrame(
        {"night": times.NIGHTS[:2], "count": pd.array([one, other], dtype="Int64"),
         "count_error": [0, 0], "denominator": [100.0, 100.0]}
    )  # fmt: skip


def test_parts_of_the_week_are_compared_by_the_interval():
    said = [
        findings.times_as_many(parts(one, 100), measure="violence").data for one in (200, 105, None)
    ]
    assert "**2.0 times** as frequent on Friday and Saturday nights" in said[0]
    assert "No clear difference" in said[1]
    assert "too few" in said[2]


def test_hours_known_names_heaped_clocks_and_counts_no_record():
    shares = pd.DataFrame({"hour_known": ["Hour not known"], "value": [14.0]})
    heaping = pd.DataFrame({"clock": ["00:00", "12:00"], "is_heaped": [False, True]})
    text = findings.hours_known(shares, heaping).data
    assert "**86%**" in text
    assert "exactly 12:00" in text


def monthly(counts):
    dates = pd.date_range("2019-01-01", periods=len(counts), freq="MS")
    return pd.DataFrame({"month": dates, "count": pd.array(counts, dtype="Int64")})


def test_trend_is_not_fitted_on_few_or_hidden_months_and_names_breaks_it_crosses():
    assert (
        "No trend" in findings.yearly_trend(monthly([9] * 23), measure="v", breaks=NO_BREAKS).data
    )
    hidden = monthly([9] * 30).assign(count=pd.array([9] * 29 + [None], dtype="Int64"))
    assert "No trend" in findings.yearly_trend(hidden, measure="v", breaks=NO_BREAKS).data
    breaks = pd.DataFrame(
        {"date": pd.to_datetime(["2020-06-01"]), "until": [pd.NaT], "label": ["New rule"]}
    )
    text = findings.yearly_trend(monthly([100, 102, 98] * 12), measure="v", breaks=breaks).data
    assert "New rule" in text
    assert "No clear trend" in text


def test_smallest_change_grows_with_dispersion():
    steady, wild = monthly([100] * 24), monthly([50, 150] * 12)
    sizes = pd.Series([1] * 10)
    one, other = (
        findings.smallest_change(
            years(1200, 1200), measure="v", months=table, offences_per_incident=sizes
        ).data
        for table in (steady, wild)
    )
    assert "1.0 times" in one
    # months that lie 50 above and below 100 vary 25 times as much, and more for so few of them
    spread = rate_functions.dispersion_of_series(wild["count"])
    assert 25 < spread < 35
    assert f"{spread:.1f} times" in other


def test_other_forces_are_compared_by_the_interval_and_labelled_before_exclusions():
    rows = [("A", 3000, 1e6, False), ("B", 2000, 1e6, True), ("C", 2950, 1e6, True)]
    rows += [("Square mile", 400, 7e3, False), ("Railway", 900, None, False)]
    columns = ["area_name", "offences", "denominator", "is_similar"]
    others = pd.DataFrame(rows, columns=columns).astype({"denominator": "Float64"})
    rated = tables.comparable_forces(of_force(others, "a"))
    rated = rate_functions.crude_rate(rated, per=1_000)
    text = findings.benchmark(rated, others).data
    assert "before exclusions" in text
    assert "clearly above 1 and clearly below 0 of 2" in text
    assert "Two of 5 forces are left out" in text
    assert "Residents" not in text
    others.attrs["residents"] = "the Census of 2011"
    assert "Residents are those of the Census of 2011." in findings.benchmark(rated, others).data
    assert "clearly above 1 and below 0 of 2" in findings.benchmark(rated, others).title
    assert "2017/18" not in text
    others.attrs |= {"covers": "2017/18", "definition": "Another rule"}
    assert findings.benchmark(rated, others).title.endswith("2017/18")
    dated = findings.benchmark(rated, others).data
    assert "2017/18" in dated
    assert "“Another rule”" in dated


def test_what_is_unknown_is_told_of_the_headline_and_never_of_parts_that_are_hidden():
    headline = pd.DataFrame(
        {"outcome": ["IN", "IN + UNKNOWN"], "count": pd.array([5450, 6785], dtype="Int64")}
    )
    title = findings.title(headline)
    assert "24%" in title
    assert told(title) == {"share": pytest.approx(100 * 1335 / 5450)}
    hidden = headline.assign(count=pd.array([5450, None], dtype="Int64"))
    assert "cannot be shown" in findings.title(hidden)
