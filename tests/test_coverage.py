"""What a source covers is computed from its files; what is typed beside is held against it."""

from dataclasses import replace
from pathlib import Path

import geopandas as gpd
import ibis
import pandas as pd
import pytest
from any_place import street_folder
from context_files import settings
from hypothesis import given
from hypothesis import strategies as st
from shapely.geometry import box

from vrn_analysis.core.errors import SettingsError
from vrn_analysis.count import assessment
from vrn_analysis.count.assessment import extracts
from vrn_analysis.read.sources import coverage, provenance


def told(folder, text, *, name="a.csv", **source):
    (folder / name).write_text(text, encoding="utf-8")
    return coverage.covers(folder, settings(table={"path": name} | source), "table")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("month,count\n2022-03-01,1\n2022-01-01,4\n", "January 2022 to March 2022"),
        ("recorded_on,x\n2022-03-31 23:10,1\n2021-12-01 00:00,4\n", "December 2021 to March 2022"),
        ("Financial_Year,n\n2017/18,1\n2017/18,4\n", "2017/18"),
        ("Years,n\n2014-16,1\n2023 (Rev),4\n0,5\n", "2014 to 2023"),
        ("period,n\n2020-01-01/P1Y,1\n2023-04-01/P1Y,4\n", "2020 to 2024"),
        ("period,n\n9 o'clock,1\n", ""),
        ("name,n\nHere,2019\n", ""),
        ("LSOA21CD,LAD23CD\nE01000001,E06000001\n", "small areas of 2021, districts of 2023"),
        ("lsoa_code,x\nE01033769,1\n", "small areas of 2021"),
        # one code that both Censuses have proves neither
        ("lsoa_code,x\nE01000001,1\n", ""),
    ],
)
def test_what_a_table_covers_is_read_from_it(tmp_path, text, expected):
    assert told(tmp_path, text) == expected


def test_residents_are_of_the_year_in_the_name_of_their_file(tmp_path):
    text = "LSOA11CD,0,1\nE01000001,3,4\n"
    name = "lsoa11_mid2020_single_year.csv"
    assert told(tmp_path, text, name=name) == "mid-2020; small areas of 2011"
    with pytest.raises(SettingsError, match=r"mid-2021.*mid-2020"):
        told(tmp_path, text, name=name, covers="mid-2021")


def test_a_title_may_name_an_edition_but_no_other_census_or_period(tmp_path):
    assert told(tmp_path, MONTHS, title="Monthly counts, edition of 2025")
    for text, title in (
        (AREAS, "Small area boundaries 2021"),
        (MONTHS, "Counts, December 2019 to December 2021"),
    ):
        with pytest.raises(SettingsError, match="title under"):
            told(tmp_path, text, title=title)


def test_a_column_of_other_words_is_found_by_the_settings(tmp_path):
    text = "When it came,x\n2023-02-02,1\n2023-05-02,1\n"
    columns = {"arrived_at": "When it came"}
    assert told(tmp_path, text, columns=columns) == "February 2023 to May 2023"


def test_the_files_of_a_source_are_taken_together(tmp_path):
    for year in (2019, 2021):
        (tmp_path / f"t{year}.csv").write_text(f"year,n\n{year},1\n")
    assert coverage.covers(tmp_path, settings(t="t*.csv"), "t") == "2019 to 2021"


def test_boundaries_tell_their_vintage(tmp_path):
    shapes = gpd.GeoDataFrame({"MSOA11CD": ["E02000001"]}, geometry=[box(0, 0, 1, 1)], crs=27700)
    shapes.to_file(tmp_path / "m.geojson")
    assert coverage.covers(tmp_path, settings(b="m.geojson"), "b") == "middle areas of 2011"
    [row] = provenance.sources(tmp_path, settings(b="m.geojson")).to_dict("records")
    assert (row["covers"], row["rows"]) == ("middle areas of 2011", 1)


# ---------------------------------------------------------------- what is typed beside

MONTHS = "month,n\n2022-01-01,1\n2022-10-01,4\n"
AREAS = "LSOA11CD,LAD21CD\nE01000001,E06000001\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (MONTHS, "December 2019 to December 2021, as published"),
        (MONTHS, "January 2022 to September 2022"),
        (MONTHS, "2022-01-01 to 2023-03-31"),
        (MONTHS, "the years of each measure, to 2025"),
        (MONTHS, "2019"),
        (AREAS, "small areas of 2021"),
        (AREAS, "2021 small areas"),
        (AREAS, "based on the Census 2021"),
    ],
)
def test_a_typed_sentence_that_the_files_contradict_is_refused_with_both(tmp_path, text, said):
    with pytest.raises(SettingsError) as refused:
        told(tmp_path, text, covers=said)
    held = "January 2022 to October 2022" if text is MONTHS else "small areas of 2011"
    assert said in str(refused.value)
    assert held in str(refused.value)
    assert "[sources.table]" in str(refused.value)


@pytest.mark.parametrize(
    ("text", "said", "expected"),
    [
        (MONTHS, "as published", "January 2022 to October 2022; as published"),
        (MONTHS, "January 2022 to October 2022", "January 2022 to October 2022"),
        (MONTHS, "2022", "January 2022 to October 2022"),
        (MONTHS, "to October 2022", "January 2022 to October 2022"),
        (AREAS, "mid-2020", "small areas of 2011, districts of 2021; mid-2020"),
        (AREAS, "2011 small areas, 2021 districts", "2011 small areas, 2021 districts"),
        ("name\nHere\n", "May 2025", "May 2025"),
    ],
)
def test_a_typed_note_that_agrees_or_adds_is_kept_once(tmp_path, text, said, expected):
    assert told(tmp_path, text, covers=said) == expected


@given(
    st.tuples(st.dates(), st.dates()).map(sorted),
    st.tuples(st.integers(-2, 2), st.integers(-2, 2)),
)
def test_a_typed_period_passes_only_where_it_is_that_of_the_data(ends, moved):
    held = coverage.of_months(*map(pd.Timestamp, ends))
    said = [end + move for end, move in zip((held.first, held.last), moved, strict=True)]
    if any(not 1900 <= time.year <= 2099 for time in (*said, held.first, held.last)):
        return
    words = " to ".join(f"{time.to_timestamp():%B %Y}" for time in said)
    asked = settings(table={"path": "x", "covers": words})
    if moved == (0, 0):
        assert coverage.covers(None, asked, "table", found=held) == held.words
    else:
        with pytest.raises(SettingsError):
            coverage.covers(None, asked, "table", found=held)


def test_an_extract_covers_the_months_in_which_its_crimes_were_recorded():
    days = pd.to_datetime(["2021-04-03", "2023-06-30", None])
    table = ibis.memtable(pd.DataFrame({"offence_id": ["a", "b", "c"], "recorded_on": days}))
    assert extracts.recorded(table).words == "April 2021 to June 2023"
    assert extracts.recorded(table.drop("recorded_on")) == coverage.Coverage()


# ---------------------------------------------------------------- a run


@pytest.mark.slow
def test_a_run_says_the_months_that_it_has_and_those_it_lacks(tmp_path):
    folder = street_folder(tmp_path / "street")
    for month in ("2022-03", "2022-04", "2023-07"):
        [file] = (folder / "archive" / month).iterdir()
        file.unlink()
    run = assessment.open_run(folder)
    without = "January 2022 to December 2023, without March to April 2022 and July 2023"
    assert run.period == without
    assert len(run.months) == 21
    assert run.years == 21 / 12
    assert run.gaps.strftime("%Y-%m").tolist() == ["2022-03", "2022-04", "2023-07"]
    assert "scaled from 21 months" in run.stamp().data
    shown = run.sources_shown().set_index("file")["covers"]
    assert set(shown[shown.index.str.contains("archive")]) == {without}
    said = replace(run.settings, sources=dict(run.settings.sources), file=Path("a.toml"))
    said.sources["street"] = {"path": "archive", "covers": "January 2022 to November 2023"}
    with pytest.raises(SettingsError, match=r"November 2023.*without March to April"):
        provenance.sources(folder, said)
