"""Charts of data quality: what is drawn, what is said, and what is refused."""

import pandas as pd
import pytest

from vrn_analysis.core.errors import DataError, DisclosureError
from vrn_analysis.methods import rates
from vrn_analysis.say import findings
from vrn_analysis.show import disclosure, figures


def shares(counts, by, of=1_000):
    table = pd.DataFrame({by: list(counts), "count": list(counts.values()), "denominator": of})
    table = table.astype({"count": "Int64"})
    protected = disclosure.protect(table, dimensions=[by], profile="nhs_round5")
    return rates.proportion(protected, per=100)


DELAYS = {"Same day": 620, "1 to 7 days": 200, "8 to 31 days": 120, "32 to 365 days": 40,
          "Over a year": 20, "Not known": 3}  # fmt: skip
CLOCKS = {f"{hour:02d}:00": 240 if hour == 12 else 20 for hour in range(24)}


def test_parts_are_drawn_in_their_order_and_a_suppressed_one_is_named_only():
    table = shares(DELAYS, "delay")
    chart = figures.plot_parts(table, title=findings.title(table), by="delay", measure="Per cent")
    assert chart.data["delay"].tolist() == list(DELAYS)
    widths = [bar.get_width() for bar in chart.figure.axes[0].patches]
    assert widths == pytest.approx([62, 20, 12, 4, 2, 0])
    assert pd.isna(chart.data["value"].iloc[5])
    assert "Suppressed: 1 of 6 parts (Not known)" in chart.alt
    assert chart.title == "62% are recorded on the day, 6.0% after more than a month"
    assert chart.figure.axes[0].get_xlim()[0] == 0


def test_a_title_never_tells_what_is_suppressed():
    table = shares(DELAYS | {"Over a year": 3}, "delay")
    assert findings.title(table) == "Days between the event and its record"
    hidden = shares({"No coordinates": 100, "As recorded, to the metre": 2}, "confidence")
    assert "%" not in findings.title(hidden)


def test_an_hour_that_stands_out_is_hatched_and_named():
    table = shares(CLOCKS, "clock")
    title = findings.title(table)
    chart = figures.plot_full_hours(table, title=title)
    assert title.startswith("Exactly 12:00 is")
    assert chart.data.loc[chart.data["stands_out"], "clock"].tolist() == ["12:00"]
    assert "99.8% interval (12:00)" in chart.alt
    heights = [bar.get_height() for bar in chart.figure.axes[0].patches]
    assert sorted(heights) == pytest.approx([2.0] * 23 + [24.0])


def test_hours_alike_stand_out_nowhere():
    table = shares(dict.fromkeys(CLOCKS, 20), "clock")
    assert not figures.plot_full_hours(table, title="t").data["stands_out"].any()
    assert findings.title(table).startswith("No full hour")


def grid(silent):
    months = pd.date_range("2023-01-01", periods=12, freq="MS")
    table = pd.MultiIndex.from_product([["A", "B"], months], names=["site_code", "month"])
    return table.to_frame(index=False).assign(
        reported=lambda t: ~((t["site_code"] == "B") & t["month"].isin(months[:silent]))
    )


def test_silent_months_are_hatched_and_counted_by_site():
    table = grid(3)
    chart = figures.plot_reporting(table, title=findings.title(table))
    hatched = [cell for cell in chart.figure.axes[0].patches if cell.get_hatch()]
    assert len(hatched) == 3
    assert chart.title.startswith("3 months of data are missing, from 1 of 2")
    assert "B 3" in chart.alt
    assert list(chart.data.columns) == ["site_code", "month", "reported"]


def test_sites_that_all_reported_are_said_to_have():
    table = grid(0)
    chart = figures.plot_reporting(table, title=findings.title(table))
    assert "every month" in chart.title
    assert "No month without a report" in chart.alt


def test_unprotected_and_unreadable_tables_are_refused():
    raw = pd.DataFrame({"delay": ["a"], "count": [3], "value": [1.0]})
    with pytest.raises(DisclosureError):
        figures.plot_parts(raw, title="t", by="delay", measure="m")
    many = shares({f"p{n}": 20 for n in range(13)}, "delay")
    with pytest.raises(DataError, match="13 parts"):
        figures.plot_parts(many, title="t", by="delay", measure="m")
    with pytest.raises(DataError, match="reported"):
        figures.plot_reporting(grid(0).drop(columns="reported"), title="t")


def test_confidence_is_told_by_the_kind_with_nothing_against_it():
    table = shares({"No coordinates": 30, "As recorded, to the metre": 970}, "confidence")
    assert findings.title(table) == "As recorded, to the metre: 97% of the records"


def test_one_field_that_comes_and_goes_is_named():
    table = pd.DataFrame({"field": ["Small area"] * 2, "value": [0.2, 0.01],
                          "lower_95_ci": [0.15, 0.0]})  # fmt: skip
    expected = "Small area: more than a tenth empty in some month"
    assert findings.title(table) == expected
