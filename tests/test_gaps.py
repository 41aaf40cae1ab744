"""Months of which there are no data: shown as missing, never as none, and never bridged."""

from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from any_place import said, street_folder
from hypothesis import given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from vrn_analysis.core.config import resource
from vrn_analysis.core.errors import DataError
from vrn_analysis.count import assessment, times
from vrn_analysis.count.assessment import NotInThisRun
from vrn_analysis.methods import places, rates, trends
from vrn_analysis.say import findings
from vrn_analysis.show import figures

NO_BREAKS = pd.DataFrame({"date": pd.to_datetime([]), "until": pd.to_datetime([]), "label": []})


def monthly(first, periods, *, lost=(), counts=None):
    """Return protected counts of months, some of which are not there, and those."""
    every = pd.date_range(first, periods=periods, freq="MS")
    counts = np.full(periods, 100) if counts is None else np.asarray(counts)
    table = pd.DataFrame(
        {"month": every, "count": counts, "status": "shown", "count_error": 0}
    ).astype({"count": "Int64", "count_error": "Int64"})
    gaps = pd.DatetimeIndex(lost)
    return table[~every.isin(gaps)].reset_index(drop=True), gaps


# ---------------------------------------------------------------- years


def test_a_year_that_lacks_a_month_is_left_out_and_so_are_those_before_it():
    # years end with December: 2021 is whole, 2020 lacks March, 2019 would stand beside 2021
    table, gaps = monthly("2019-01-01", 36, lost=["2020-03-01"])
    years = times.whole_years(table, gaps=gaps)
    assert years["period"].tolist() == ["January 2021 to December 2021"]
    assert years["count"].tolist() == [1_200]
    # without the last month, years end with November: of 2021 February is lacking
    table, gaps = monthly("2019-01-01", 36, lost=["2021-12-01", "2021-02-01"])
    years = times.whole_years(table, gaps=gaps[1:])
    assert years["period"].tolist() == ["December 2019 to November 2020"]


def test_a_month_that_is_missing_for_no_known_reason_is_refused():
    table, gaps = monthly("2019-01-01", 36, lost=["2020-03-01", "2020-05-01"])
    with pytest.raises(DataError, match="1 months are missing"):
        times.whole_years(table, gaps=gaps[:1])


@pytest.mark.slow
@hypothesis_settings(max_examples=50)
@given(st.integers(0, 50), st.sets(st.integers(0, 49), max_size=6), st.integers(0, 11))
def test_the_years_are_whole_follow_one_another_and_hold_what_their_months_hold(size, lost, start):
    every = pd.date_range("2018-01-01", periods=start + size, freq="MS")[start:]
    gaps = every[[at for at in lost if 0 < at < size - 1]]
    there = every.difference(gaps)
    counts = np.arange(len(there)) + 1
    table = pd.DataFrame({"month": there, "count": pd.array(counts, dtype="Int64")})
    years = times.whole_years(table, gaps=gaps)
    for _, year in years.iterrows():
        inside = table["month"].between(year["first"], year["last"])
        assert inside.sum() == 12
        assert year["count"] == table.loc[inside, "count"].sum()
    firsts = years["first"].tolist()
    assert firsts == [firsts[0] + pd.DateOffset(years=n) for n in range(len(firsts))]
    if size >= 12 and not len(gaps):
        assert len(years) == size // 12
        assert years["last"].iloc[-1] == every[-1]


def test_no_change_is_said_across_a_gap_and_the_months_that_prevent_it_are_named():
    table, gaps = monthly("2019-12-01", 25, lost=["2020-03-01"])
    years = times.whole_years(table, gaps=gaps)
    years = years.assign(status="shown", count_error=0)
    given_ = {"measure": "violence", "months": table}
    said = findings.latest_year(years, breaks=NO_BREAKS, **given_)
    text = said.data
    assert "we cannot say whether" in text
    assert "March 2020" in text
    assert "%" not in said.title, "no change is in the title either"
    none = findings.smallest_change(
        years.head(0), offences_per_incident=pd.Series([1, 1]), **given_
    ).data
    assert "March 2020" in none


# ---------------------------------------------------------------- what is shown


def test_a_gap_is_a_row_without_a_count_and_a_break_of_the_line():
    table, gaps = monthly("2021-01-01", 6, lost=["2021-03-01", "2021-04-01"])
    shown = times.with_gaps(table, gaps)
    assert shown["month"].is_monotonic_increasing
    assert shown["count"].isna().tolist() == [False, False, True, True, False, False]
    assert shown["status"].tolist() == ["shown"] * 2 + ["not available"] * 2 + ["shown"] * 2
    assert shown["count"].sum() == table["count"].sum()
    drawn = figures.plot_trend(rates.count_interval(shown), title="A title")
    assert "No data" in drawn.alt
    assert "March 2021" in drawn.alt
    assert "Suppressed" not in drawn.alt
    [line] = [one for one in drawn.figure.axes[0].lines if len(one.get_xdata()) == 6]
    assert np.isnan(np.asarray(line.get_ydata(), dtype=float)).sum() == 2


def test_a_table_without_a_gap_is_given_back():
    table, gaps = monthly("2021-01-01", 6)
    assert times.with_gaps(table, gaps) is table


def test_the_longest_stretch_is_charted_the_latest_of_equals():
    table, _ = monthly("2021-01-01", 12, lost=["2021-04-01", "2021-08-01"])
    stretch = times.unbroken(table)["month"]
    assert stretch.dt.month.tolist() == [9, 10, 11, 12]
    table, _ = monthly("2021-01-01", 7, lost=["2021-04-01"])
    assert times.unbroken(table)["month"].dt.month.tolist() == [5, 6, 7]
    with pytest.raises(NotInThisRun, match="4 months in a row, .* has 3"):
        times.unbroken(table, fewest=4)


# ---------------------------------------------------------------- trend and years


@pytest.mark.slow
def test_a_planted_trend_is_found_whichever_months_are_missing():
    grown = np.round(1_000 * 1.2 ** (np.arange(60) / 12)).astype(int)
    days = pd.date_range("2016-01-01", periods=60, freq="MS").days_in_month / 30.4375
    lost = ["2016-07-01", "2018-02-01", "2018-03-01", "2019-12-01"]
    table, _ = monthly("2016-01-01", 60, lost=lost, counts=np.round(grown * days).astype(int))
    with pytest.raises(DataError, match="months are missing"):
        trends.fit_trend(table, breaks=None)
    fit = trends.fit_trend(table, breaks=None, across_gaps=True).iloc[0]
    assert fit["value"] == pytest.approx(1.2, abs=0.005)
    assert fit["months"] == 56
    assert "July 2016, February to March 2018 and December 2019" in fit["note"]
    text = findings.yearly_trend(table, measure="violence", breaks=NO_BREAKS).data
    assert "20% higher" in text


def test_one_year_is_tested_on_the_next_only_where_both_are_whole():
    months = pd.date_range("2019-12-01", "2021-12-01", freq="MS")
    with pytest.raises(NotInThisRun, match="no data for June 2021"):
        places.two_years(months.union(pd.date_range("2018-01-01", periods=5, freq="MS")).drop(
            pd.Timestamp("2021-06-01")
        ))  # fmt: skip
    earlier, later = places.two_years(months)
    assert (earlier[0].year, later[-1].year, len(earlier), len(later)) == (2020, 2021, 12, 12)


def test_a_quarterly_pack_is_made_of_the_months_since_the_last_gap():
    every = pd.date_range("2020-01-01", periods=30, freq="MS")
    gap = pd.DatetimeIndex(["2020-06-01"])
    run = SimpleNamespace(
        months=every.drop(gap), gaps=gap, settings=SimpleNamespace(to=""), period="…"
    )
    months = assessment.recent_months(run)
    assert (months[0], len(months)) == (pd.Timestamp("2020-07-01"), 24)
    run.settings.to = "2021-08"
    with pytest.raises(NotInThisRun, match="there are data for 14, and none for June 2020"):
        assessment.recent_months(run)


# ---------------------------------------------------------------- a whole run


@pytest.fixture(scope="module")
def with_gap(tmp_path_factory):
    folder = street_folder(tmp_path_factory.mktemp("gap") / "street")
    for month in ("2022-03", "2023-07"):
        [file] = (folder / "archive" / month).iterdir()
        file.unlink()
    return folder


@pytest.mark.slow
def test_notebooks_run_on_months_with_gaps_and_count_none_of_them(with_gap, monkeypatch, tmp_path):
    monkeypatch.setenv("VRN_DATA", str(with_gap))
    monkeypatch.setenv("VRN_OUTPUT", str(tmp_path))
    notebook = next(resource("notebooks").glob("03_*.ipynb"))
    assert [reason for reason in said(notebook) if "other forces" not in reason] == []
    table = pd.read_csv(tmp_path / "tables" / "03_counts_by_month.csv")
    lost = table[table["month"].isin(["2022-03-01", "2023-07-01"])]
    assert len(table) == 24
    assert lost["count"].isna().all()
    assert (lost["status"] == "not available").all()
    assert (table["count"] == 0).sum() == 0
    rate = pd.read_csv(tmp_path / "tables" / "03_crude_rate.csv").iloc[0]
    run = assessment.open_run(with_gap)
    people = run.population["population"].sum() * 22 / 12
    assert rate["value"] == pytest.approx(1_000 * rate["count"] / people, rel=1e-4)
