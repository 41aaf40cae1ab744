"""The register of breaks: read whole, refused where wrong, and asked by force, month and code."""

import pandas as pd
import pytest

from vrn_analysis.core.config import Settings
from vrn_analysis.core.contracts import CONTRACTS
from vrn_analysis.core.errors import DataError
from vrn_analysis.methods import trends
from vrn_analysis.read.sources import breaks
from vrn_analysis.show import figures

HEAD = ",".join(CONTRACTS["breaks"].names)
SOUND = "all,,2020-03-23,2021-07-19,Lockdowns,all,Fewer offences,yes,Public record,"
DOUBTFUL = "National"
MONTHS = pd.date_range("2012-01-01", "2026-01-01", freq="MS")


def settings(kind="force", force="leicestershire"):
    return Settings(title="t", kind=kind, area_name="a", sources={}, force=force)


def read(tmp_path, *rows):
    file = tmp_path / "breaks.csv"
    file.write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    return breaks.register(file)


def test_every_shipped_break_says_whether_it_is_verified_and_where_it_comes_from():
    shipped = breaks.register()
    assert set(shipped["verified"]) == {"yes", "no"}
    for name in ("force", "label", "affects", "effect", "source"):
        assert (shipped[name].str.strip() != "").all()
    unverified = shipped[shipped["verified"] == "no"]
    assert unverified["source"].str.contains("not checked|not of each force").all()


def test_a_lasting_break_has_no_until(tmp_path):
    register = read(tmp_path, SOUND, "kent,8N,2021-01-01,,New rules,8N,More,no,Said,Ask")
    assert register["until"].isna().tolist() == [False, True]
    assert register["codes"].tolist() == ["", "8N"]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        (
            "all,,23/03/2020,,L,all,E,yes,S,",
            "1 of 2 rows have a value in date that is not written as",
        ),
        ("all,,2020-03-23,2020-03-01,L,all,E,yes,S,", "until before date"),
        ("all,,2020-03-23,,L,all,E,perhaps,S,", "in verified that is none of yes, no"),
        ("all,,2020-03-23,,,all,E,yes,S,", "1 of 2 rows lack a value in label"),
        ("all,,2020-03-23,,L,all,E,yes,,", "lack a value in source"),
        (",,,,L,all,E,yes,S,", "(?s)a value in force.*a value in date"),
    ],
)
def test_a_break_that_cannot_be_used_is_named_by_its_line(tmp_path, row, message):
    with pytest.raises(DataError, match=message) as fault:
        read(tmp_path, SOUND, row)
    assert "lines 3" in str(fault.value)


def test_missing_columns_are_named(tmp_path):
    file = tmp_path / "breaks.csv"
    file.write_text("force,date\nall,2020-03-23\n", encoding="utf-8")
    with pytest.raises(DataError, match="8 column.*codes"):
        breaks.register(file)


def labels(tmp_path, one, *, codes=(), months=MONTHS):
    register = read(
        tmp_path,
        SOUND,
        "leicestershire,8N,2020-01-01,,Ours,8N,E,yes,S,",
        "kent,8N,2020-01-01,,Theirs,8N,E,yes,S,",
        "England and Wales,,2023-05-01,,National,all,E,no,S,",
        "England and Wales,8S,2017-04-01,,Constables,8S,E,no,S,",
        "England and Wales,a_and_e,2017-10-01,,Hospitals,A&E,E,yes,S,",
    )
    return breaks.breaks_of(register, one, months, codes=codes)["label"].tolist()


def test_a_force_has_its_own_breaks_and_those_of_all_forces(tmp_path):
    assert labels(tmp_path, settings()) == [
        "Lockdowns",
        "Ours",
        DOUBTFUL,
        "Constables",
    ]


def test_the_invented_county_has_no_break_of_the_real_world_but_the_planted_one(tmp_path):
    assert labels(tmp_path, settings("sample", "Quillshire Police (SYNTHETIC)")) == ["Lockdowns"]


def test_a_break_in_classes_that_are_not_counted_is_left_out(tmp_path):
    assert labels(tmp_path, settings(), codes=("8N", "5D")) == ["Lockdowns", "Ours", DOUBTFUL]
    assert labels(tmp_path, settings(), codes=("a_and_e",)) == [
        "Lockdowns",
        DOUBTFUL,
        "Hospitals",
    ]


def test_a_break_outside_the_months_is_left_out_and_one_that_reaches_in_is_not(tmp_path):
    after = pd.date_range("2021-01-01", "2022-12-01", freq="MS")
    assert labels(tmp_path, settings(), months=after) == ["Lockdowns"]


def test_that_a_break_is_not_verified_is_in_the_table_and_on_no_chart(tmp_path):
    months = pd.date_range("2022-01-01", "2022-12-01", freq="MS")
    register = read(tmp_path, "England and Wales,8N,2022-06-07,,Strangulation,8N,E,no,S,")
    mine = breaks.breaks_of(register, settings(), months, codes=("8N",))
    counts = pd.DataFrame({"month": months, "value": 10.0})
    chart = figures.plot_trend(counts, title="t", breaks=mine)
    assert "Strangulation" in chart.alt
    assert "verified" not in chart.alt
    assert mine["verified"].tolist() == ["no"]


def test_a_trend_across_a_break_of_the_register_is_refused_and_its_override_is_said(tmp_path):
    register = read(tmp_path, "England and Wales,,2023-05-01,,National,all,E,no,S,")
    months = pd.date_range("2022-01-01", "2024-12-01", freq="MS")
    mine = breaks.breaks_of(register, settings(), months)
    counts = pd.DataFrame({"month": months, "count": [40 + k % 5 for k in range(36)]})
    with pytest.raises(DataError, match="National.*across_breaks=True"):
        trends.fit_trend(counts, breaks=mine)
    note = trends.fit_trend(counts, breaks=mine, across_breaks=True)["note"].iloc[0]
    assert "across 1 registered break: National (from May 2023)" in note
