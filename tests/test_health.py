"""Health sources: contracts, files as received, every bad one named, and the run's view of them."""

import dataclasses

import ibis
import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from vrn_analysis.core import engine
from vrn_analysis.core.config import Settings
from vrn_analysis.core.contracts import CONTRACTS, FREE_TEXT, HEALTH
from vrn_analysis.core.errors import AssessmentError, DataError, SettingsError
from vrn_analysis.count import assessment
from vrn_analysis.count.assessment.health import _events, _sites
from vrn_analysis.count.assessment.needs import NotInThisRun, missing
from vrn_analysis.methods import triangulate
from vrn_analysis.read.sources import health

# the nine elements of the national minimum data set of assaults (information sharing to tackle
# violence, ISTV), and the columns that hold them
ISTV = {
    "REPORTING PERIOD START DATE": "reporting_from",
    "REPORTING PERIOD END DATE": "reporting_to",
    "SITE CODE (OF TREATMENT)": "site_code",
    "ARRIVAL DATE AND TIME AT ACCIDENT AND EMERGENCY": "arrived_at",
    "ASSAULT DATE AND TIME": "assaulted_at",
    "ASSAULT METHOD": "weapon",
    "ASSAULT METHOD OTHER DESCRIPTION": "method_text",
    "ASSAULT LOCATION TYPE": "location_type",
    "ASSAULT LOCATION DESCRIPTION": "location_text",
}
ATTENDANCES = (
    "Site,Arrived,When,Method,Method in words,Place,Place in words,Attackers\n"
    "RX1,2023-04-01 23:10,2023-04-01 22:40,Knife,,Street,by the kiosk,2\n"
    "RX1,2023-05-02 01:05,,FIST ,,Home,,\n"
    "RX2,2023-05-09 12:00,2023-05-09 11:00,Lasso,thrown,,,1\n"
)
COLUMNS = {
    "site_code": "Site",
    "arrived_at": "Arrived",
    "assaulted_at": "When",
    "weapon": "Method",
    "method_text": "Method in words",
    "location_type": "Place",
    "location_text": "Place in words",
    "suspects": "Attackers",
}
LABELS = {"weapon": {"Knife": "knife_or_sharp", "fist": "body"}}
SOURCE = {"columns": COLUMNS, "labels": LABELS}
SITE_COUNTS = "Site code,Month,Count\nRX1,2023-04,12\nRX1,May 2023,\nRX2,2023-04-01,0\n"


@pytest.fixture(scope="module")
def connection():
    with engine.connect() as opened:
        yield opened


@pytest.fixture
def opened(tmp_path, connection):
    """Return a run of one health source, made of the text of its file."""

    def open_source(name, text, **source):
        (tmp_path / f"{name}.csv").write_text(text)
        settings = Settings(
            title="t", kind="force", area_name="a", sources={name: {"path": f"{name}.csv"} | source}
        )
        return assessment.Run(tmp_path, settings, connection)

    return open_source


def problems(table):
    return table.set_index(["column", "problem"])["records"].to_dict()


# -- contracts --------------------------------------------------------------------------------


def test_the_minimum_data_set_has_nine_elements_and_no_person():
    about_a_person = {"age", "age_band", "sex", "self_defined_ethnicity", "person_ref"}
    assert len(ISTV) == 9
    assert set(ISTV.values()) <= set(CONTRACTS["attendances"].names) - about_a_person


def test_ages_and_free_text_are_about_a_person_and_nothing_about_a_person_is_open():
    for contract in (CONTRACTS["attendances"], CONTRACTS["ambulance"]):
        by_name = {column.name: column for column in contract}
        for name in ("age", "age_band", "sex", *FREE_TEXT):
            if name in by_name:
                assert by_name[name].sensitivity == "person"


@pytest.mark.parametrize("pair", HEALTH.values(), ids=HEALTH)
def test_every_health_contract_says_how_long_it_may_be_kept(pair):
    for contract in pair:
        assert "retain_until" in contract.retention
        assert CONTRACTS[contract.name] is contract


# -- as received ------------------------------------------------------------------------------


def test_records_are_given_the_names_and_the_words_of_the_contract(opened):
    source = assessment.health_source(opened("attendances", ATTENDANCES, **SOURCE), "attendances")
    table = source.events.order_by("arrived_at").to_pandas()
    assert table["weapon"].fillna("").tolist() == ["knife_or_sharp", "body", ""]
    assert table["suspects"].fillna(0).tolist() == [2, 0, 1]
    assert pd.to_datetime(table["month"]).dt.strftime("%Y-%m").tolist() == [
        "2023-04", "2023-05", "2023-05",
    ]  # fmt: skip


def test_what_is_found_is_counted_and_free_text_is_left_out_unread(opened):
    source = assessment.health_source(opened("attendances", ATTENDANCES, **SOURCE), "attendances")
    found = problems(source.problems)
    assert found["weapon", "labels that are not understood"] == 1
    assert found["location_text", "free text was sent"] == 1
    assert found["method_text", "free text was sent"] == 1
    assert not set(FREE_TEXT) & set(source.events.columns)
    assert "kiosk" not in source.problems.to_string()
    examples = source.problems.set_index("problem").at["labels that are not understood", "examples"]
    assert examples == "'Lasso'"


def test_a_month_without_an_arrival_is_that_of_the_assault(opened):
    text = "site_code,arrived_at,assaulted_at\nRX1,,2023-06-30 23:50\nRX1,,\n"
    source = assessment.health_source(opened("attendances", text), "attendances")
    assert source.events.month.count().execute() == 1
    assert source.sites["count"].tolist() == [1]


def test_date_and_time_may_stand_in_two_columns(opened):
    text = "Site,Day,Clock\nRX1,04/05/2023,23:10\nRX1,05/05/2023,\n"
    columns = {"site_code": "Site", "arrived_at": ["Day", "Clock"]}
    source = assessment.health_source(opened("attendances", text, columns=columns), "attendances")
    arrived = source.events.order_by("arrived_at").to_pandas()["arrived_at"]
    assert arrived.dt.strftime("%Y-%m-%d %H:%M").tolist() == [
        "2023-05-04 23:10",
        "2023-05-05 00:00",
    ]


def test_counts_are_known_by_their_column_and_become_events(opened):
    source = assessment.health_source(opened("attendances", SITE_COUNTS), "attendances")
    assert source.events.count().execute() == 12
    assert source.not_counted == 1


def test_a_blank_count_is_not_reported_and_a_zero_is(opened):
    source = assessment.health_source(opened("attendances", SITE_COUNTS), "attendances")
    expected = pd.DataFrame(
        {
            "site_code": ["RX1", "RX1", "RX2"],
            "month": pd.to_datetime(["2023-04-01", "2023-05-01", "2023-04-01"]),
            "count": pd.array([12, None, 0], dtype="Int64"),
        }
    )
    assert_frame_equal(source.sites, expected, check_dtype=False)
    grid = triangulate.site_reporting(source.sites)
    assert grid["reported"].tolist() == [True, False, True, False]


def test_a_mark_is_a_count_not_known_and_is_said(opened):
    text = "month,area_code,count\n2023-04,A,12\n2023-05,A,*\n2023-06,A,c\n"
    source = assessment.health_source(opened("ambulance", text), "ambulance")
    assert problems(source.problems)["count", "counts hidden or not given, by a mark"] == 2
    assert (source.events.count().execute(), source.not_counted) == (12, 2)


@pytest.mark.slow
@pytest.mark.parametrize(
    "written", ["2023-04", "202304", "Apr 2023", "April 2023", "Apr-23", "01/04/2023", "2023-04-01"]
)
def test_months_as_they_are_written(opened, written):
    source = assessment.health_source(
        opened("ambulance", f"month,count\n{written},2\n"), "ambulance"
    )
    months = pd.to_datetime(source.events.to_pandas()["month"]).unique()
    assert [f"{month:%Y-%m-%d}" for month in months] == ["2023-04-01"]


def test_years_may_stand_for_months_of_admissions(opened):
    text = "period,cause,age_band,count\n2022/23,sharp_object,under 25,3\n2022/23,,25+,4\n"
    source = assessment.health_source(opened("admissions", text), "admissions")
    assert source.events.count().execute() == 7
    with pytest.raises(NotInThisRun, match="admissions file has no month"):
        source.require("month")
    source.require("cause")


# -- bad files --------------------------------------------------------------------------------

BAD = [
    (
        "attendances", ATTENDANCES, {"columns": COLUMNS | {"arrived_at": "Arrival"}},
        r"attendances.csv has no column 'Arrival', which the settings name. It has: Site, Arrived",
    ),
    (
        "attendances", ATTENDANCES, {"columns": {"place": "Place"}},
        r"'place' under \[sources.attendances.columns\] is no column of attendances",
    ),
    (
        "attendances", ATTENDANCES, {"labels": {"method": {"a": "b"}}},
        r"'method' under \[sources.attendances.labels\] is no column of attendances",
    ),
    (
        "attendances", "a,b\n1,2\n", {},
        r"attendances.csv has no column of attendances: a, b. Say under columns",
    ),
    (
        "attendances", "site_code,weapon\nRX1,body\n", {},
        r"attendances.arrived_at or assaulted_at: column is missing",
    ),
    (
        "attendances", "arrived_at\n2023-04-01 10:00\n", {},
        r"attendances.site_code: column is missing, 1 of 1 records",
    ),
    (
        "attendances", "site_code,arrived_at\n", {},
        r"attendances.csv has a heading and no rows",
    ),
    (
        "ambulance", "month,count\n2023-04,3\nTotal,3\n", {},
        r"ambulance.csv cannot be used:\n  - 1 of 2 rows are totals; take them out",
    ),
    (
        "ambulance", "month,count\n2023-04,3\n2023-04,4\n", {},
        r"1 of 2 rows repeat month; keep one each",
    ),
    (
        "ambulance", "month,count\n2023-04,3\nQ1 2023,4\n", {},
        r"1 of 2 rows have a month that cannot be read, such as 'Q1 2023'; write 2024-03",
    ),
    (
        "ambulance", "area_code,count\nA,3\n", {},
        r"ambulance_counts.month: column is missing",
    ),
    (
        "admissions", "cause,month,n\nsharp_object,2023-04,3\n", {},
        r"admissions.count: column is missing",
    ),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("name", "text", "source", "words"), BAD)
def test_bad_files_say_what_to_mend(opened, name, text, source, words):
    with pytest.raises(AssessmentError, match=words):
        assessment.health_source(opened(name, text, **source), name)


def test_all_that_is_wrong_with_counts_is_said_at_once(opened):
    text = "month,area_code,count\n2023-04,A,3\n2023-04,A,4\nspring,A,4\n2023-05,All,9\n"
    with pytest.raises(DataError) as caught:
        assessment.health_source(opened("ambulance", text), "ambulance")
    said = str(caught.value)
    assert all(words in said for words in ("1 of 4 rows are totals", "'spring'", "1 of 4 rows rep"))


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "column", "problem", "records"),
    [
        ("month,count\n2023-04,3\n2023-05,3.5\n", "count", "cannot be read", 1),
        ("month,count\n2023-04,3\n2023-05,-2\n", "count", "outside the allowed range", 1),
        ("month,sex,count\n2023-04,F,3\n2023-04,male,1\n", "sex", "value not allowed", 1),
    ],
)
def test_values_that_cannot_be_are_reported_and_not_counted(opened, text, column, problem, records):
    source = assessment.health_source(opened("ambulance", text), "ambulance")
    assert problems(source.problems)[column, problem] == records


def test_settings_errors_are_of_their_family(opened):
    with pytest.raises(SettingsError):
        assessment.health_source(
            opened("attendances", ATTENDANCES, columns={"nothing": "Site"}), "attendances"
        )


# -- ages -------------------------------------------------------------------------------------


def test_under_25_is_refused_of_attendances_without_an_age_column(opened):
    source = assessment.health_source(opened("attendances", ATTENDANCES, **SOURCE), "attendances")
    with pytest.raises(DataError, match=r"no ages .*under 25"):
        triangulate.add_age_focus(source.events, source="Emergency departments")
    held = triangulate.ages_held({"Emergency departments": source.events})
    assert held["ages"].tolist() == ["no"]
    assert triangulate.with_ages({"Emergency departments": source.events}) == {}


def test_an_age_column_that_is_empty_is_no_age(opened):
    text = "site_code,arrived_at,age\nRX1,2023-04-01 10:00,\nRX1,2023-04-02 10:00,\n"
    source = assessment.health_source(opened("attendances", text), "attendances")
    with pytest.raises(DataError, match="'age' is empty"):
        triangulate.add_age_focus(source.events, source="Emergency departments")


def test_turns_25_and_bands_that_straddle_it(opened):
    text = (
        "called_at,age,age_band\n2023-04-01 10:00,24,\n2023-04-01 10:00,25,\n"
        "2023-04-01 10:00,,18-24\n2023-04-01 10:00,,18-25\n2023-04-01 10:00,,25+\n"
        "2023-04-01 10:00,,\n"
    )
    source = assessment.health_source(opened("ambulance", text), "ambulance")
    focus = triangulate.add_age_focus(source.events, source="Ambulance").to_pandas()
    assert focus.sort_values(["age", "age_band"])["age_focus"].value_counts().to_dict() == {
        "UNDER_25": 2, "25_AND_OVER": 2, "UNKNOWN_AGE": 2,
    }  # fmt: skip


# -- the run ----------------------------------------------------------------------------------


def test_a_run_without_the_source_says_why(opened):
    run = opened("ambulance", "month,count\n2023-04,3\n")
    with pytest.raises(NotInThisRun, match=r"No attendances data"):
        assessment.health_source(run, "attendances")
    assert list(assessment.health_sources(run)) == ["Ambulance"]


def test_open_data_say_why_there_is_no_health_view():
    settings = Settings(title="t", kind="open", area_name="a", sources={"street": {"path": "x"}})
    assert "not published" in missing(settings, "health")
    assert "health" in assessment.NEEDS


LINKED = "period,police,attendances,linked,found_low,found_high\n2023/24,900,400,120,0.7,1\n"


def test_the_illustration_is_off_unless_the_settings_ask_for_it(opened):
    with pytest.raises(NotInThisRun, match="linked"):
        assessment.linked_counts(opened("linkage", LINKED))
    row = assessment.linked_counts(opened("linkage", LINKED, capture_recapture=True))
    assert (row["police"], row["attendances"], row["linked"]) == (900, 400, 120)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (LINKED + "2022/23,900,400,120,0.7,1\n", "has 2 rows; one exercise is one row"),
        (LINKED.replace("120", "500"), "linked must be between 0 and the shorter list"),
        (LINKED.replace("0.7,1", "1,0.7"), "the lower one first"),
        (LINKED.replace("linked,", "joined,"), r"1 column\(s\) missing: linked"),
    ],
)
def test_linked_counts_that_cannot_be(opened, text, words):
    with pytest.raises(DataError, match=words):
        assessment.linked_counts(opened("linkage", text, capture_recapture=True))


def record_sites(**counts):
    """Return what records of sites say: so many in January and March, none in February."""
    rows = [
        (name, month)
        for name, size in counts.items()
        for month in ("2023-01-01", "2023-03-01")
        for _ in range(size)
    ]
    return pd.DataFrame(rows, columns=["site_code", "month"]).assign(
        month=lambda t: pd.to_datetime(t["month"])
    )


def test_a_large_site_without_a_record_was_silent_and_a_small_one_saw_nobody():
    found = _sites(ibis.memtable(record_sites(large=7, small=2)))
    large, small = (
        found[found["site_code"] == name]["count"].tolist() for name in ("large", "small")
    )
    assert (large, small) == ([7, 7], [2, 0, 2])
    grid = triangulate.site_reporting(found)
    assert grid["reported"].tolist() == [True, False, True, True, True, True]


def test_counts_say_themselves_what_was_not_reported():
    counts = record_sites(small=2).groupby(["site_code", "month"]).size().rename("count")
    found = _sites(ibis.memtable(counts.reset_index()))
    assert found["count"].tolist() == [2, 2]
    assert _events(ibis.memtable(counts.reset_index())).count().execute() == 4


def test_a_health_file_holds_its_contract_without_free_text(tmp_path, connection):
    (tmp_path / "a.csv").write_text(ATTENDANCES)
    made = health.read(connection, [tmp_path / "a.csv"], "attendances", source=SOURCE)
    assert dataclasses.is_dataclass(made)
    assert not set(FREE_TEXT) & {column.name for column in made.contract}
