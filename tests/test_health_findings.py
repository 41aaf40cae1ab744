"""Sentences and titles of the health view: from the interval, and nothing where it is hidden."""

import numpy as np
import pandas as pd
import pytest
from facts_told import told

from vrn_analysis.say import findings

MONTHS = pd.date_range("2021-01-01", periods=24, freq="MS")


def totals(**counts):
    table = pd.DataFrame({"source": list(counts), "count": list(counts.values())})
    table = table.astype({"count": "Float64"})
    return table.assign(lower_95_ci=table["count"] - 10, upper_95_ci=table["count"] + 10)


def test_sources_stand_beside_each_other_and_are_not_added():
    said = findings.beside(totals(Police=1200, Ambulance=pd.NA), window="2023", months=12).data
    assert "Police: **1,200** (95% CI 1,190 to 1,210)" in said
    assert "Ambulance: a suppressed number" in said
    assert "not add these figures" in said
    assert (
        "1,200"
        not in findings.beside(totals(Police=pd.NA, Ambulance=pd.NA), window="2023", months=12).data
    )


def test_the_title_gives_what_each_source_holds_a_month():
    assert findings.beside(
        totals(Police=1200, Ambulance=pd.NA), window="2023", months=12
    ).title == ("Events in an average month: Police 100")
    assert "No source" in findings.beside(totals(Police=pd.NA), window="2023", months=12).title


def test_silent_sites_are_named_and_none_is_said_so():
    shares = pd.DataFrame({"site_code": ["S1", "S2", "S2"], "reported": [True, False, True]})
    assert told(findings.title(shares)) == {"silent": 1, "sites": 1, "every": 2}
    assert findings.title(shares.assign(reported=True)) == "Every department sent every month"


def corrected(value, sending):
    return pd.DataFrame(
        {
            "month": MONTHS[:2],
            "count": pd.array([100, 100], dtype="Int64"),
            "sites": 3,
            "sites_reporting": [3, sending],
            "value": [100.0, value],
            "lower_95_ci": [98.0, value - 10],
            "upper_95_ci": [102.0, value + 10],
        }
    )


def test_what_silent_sites_leave_out_is_a_share_with_its_interval():
    table = corrected(125.0, 2)
    said = findings.sites_corrected(table).data
    assert "**1 of 2** months" in said
    assert "**25%** more (15% to 35%" in said
    assert "11%" in findings.sites_corrected(table).title
    whole = corrected(100.0, 3)
    assert findings.sites_corrected(whole).data == "All 3 sites sent every month shown."
    assert findings.sites_corrected(whole).title.startswith("Nothing is added")


def shares(**limits):
    rows = [(name, value, low, high) for name, (value, low, high) in limits.items()]
    return pd.DataFrame(rows, columns=["source", "value", "lower_95_ci", "upper_95_ci"])


def test_sources_differ_only_where_their_intervals_part():
    apart = shares(Police=(36, 35, 37), Ambulance=(41, 39, 43))
    said = "Assaults with injury: 41% are under 25 in ambulance records, 36% in police records"
    assert findings.title(apart) == said
    near = shares(Police=(36, 35, 40), Ambulance=(41, 39, 43))
    assert "do not clearly differ" in findings.title(near)
    hidden = shares(Police=(np.nan,) * 3)
    assert "No share" in findings.title(hidden)


def test_a_source_without_ages_is_named():
    held = pd.DataFrame({"source": ["A&E", "Ambulance"], "ages": ["no", "yes"]})
    assert findings.ages_refused(held).data.startswith("Without ages: **A&E**")
    assert findings.ages_refused(held.assign(ages="yes")).data == "Every source has ages."


def test_the_unknown_are_a_band_without_a_point():
    shares = pd.DataFrame(
        {"value": [55.0, 66.0], "lower_95_ci": [51.2, 62.0], "upper_95_ci": [59.0, 69.7],
         "linkage": [1.0, 0.7]}
    )  # fmt: skip
    sentence = findings.unknown(shares, period="2023/24")
    assert told(sentence) == {"lowest": 51.2, "highest": 69.7}
    said = sentence.data
    assert said.startswith("Between **51%** and **70%** of attendances had no police record")
    assert "if 70% to 100% of true matches were found." in said
    assert told(sentence.title) == {"low": 55.0, "high": 66.0}
    none = shares.assign(value=np.nan, lower_95_ci=np.nan, upper_95_ci=np.nan)
    assert "no range is shown" in findings.unknown(none, period="2023/24").data
    assert findings.unknown(none, period="2023/24").title == "No share can be shown"


def steps(police, ambulance):
    frames = [
        pd.DataFrame({"month": MONTHS, "count": [100] * 12 + [after] * 12, "count_error": 2})
        .assign(source=name)
        .astype({"count": "Int64"})
        for name, after in (("Police", police), ("Ambulance", ambulance))
    ]
    return pd.concat(frames, ignore_index=True)


BREAKS = pd.DataFrame(
    {"date": [MONTHS[12]], "until": [pd.NaT], "label": ["Assault re-classed"]}
)  # fmt: skip


def test_at_a_change_of_recording_each_source_is_said_with_its_interval():
    said = findings.at_break(steps(130, 100), BREAKS).data
    assert "**Assault re-classed**, January 2022. Police: 30% higher (95% CI " in said
    assert "Ambulance: 0% (95% CI " in said


@pytest.mark.parametrize(
    "breaks", [BREAKS.assign(date=MONTHS[3]), BREAKS.assign(until=MONTHS[14]), BREAKS.head(0)]
)
def test_a_change_without_a_year_on_either_side_is_not_compared(breaks):
    assert "No lasting change" in findings.at_break(steps(130, 100), breaks).data


def test_a_source_with_a_hidden_month_takes_no_step():
    table = steps(130, 100)
    table.loc[(table["source"] == "Police") & (table["month"] == MONTHS[5]), "count"] = pd.NA
    said = findings.at_break(table, BREAKS).data
    assert "Police" not in said
    assert "Ambulance" in said
