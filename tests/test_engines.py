"""DuckDB and Spark give the same labels, to the last reason; DuckDB spills and cleans up."""

import importlib.util
import os
import shutil

import pandas as pd
import pyarrow.parquet
import pytest
from classify_records import AREAS, PERIOD, offences, persons

from vrn_analysis import checks, definition, engine
from vrn_analysis.classify import bounds, classify
from vrn_analysis.contracts import OFFENCES
from vrn_analysis.errors import AssessmentError

LLR = definition.load("llr_2020")
RECORDS = 100_000


def spark_or_skip():
    missing = [
        name
        for name, there in {
            "pyspark": importlib.util.find_spec("pyspark"),
            "java": shutil.which("java") or os.environ.get("JAVA_HOME"),
        }.items()
        if not there
    ]
    # where CI promises both, a missing one is a failure, not a skip
    if missing and os.environ.get("CI") != "true":
        pytest.skip(f"needs {' and '.join(missing)}: pip install -e '.[spark]', and Java 17")
    assert not missing


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("records")
    crimes = offences(RECORDS, 21)
    crimes["offence_title"] = crimes["offence_code"].map({"34/2": "Robbery of personal property"})
    people = persons(RECORDS, 22)
    people["age_band"] = people["age"].map(
        lambda age: "18 to 24" if pd.isna(age) else None, na_action=None
    )
    pyarrow.parquet.write_table(pyarrow.Table.from_pandas(crimes), place / "offences.parquet")
    pyarrow.parquet.write_table(pyarrow.Table.from_pandas(people), place / "persons.parquet")
    return place


def labelled(connection, folder):
    crimes = connection.read_parquet(str(folder / "offences.parquet"))
    people = connection.read_parquet(str(folder / "persons.parquet"))
    return classify(crimes, people, definition=LLR, period=PERIOD, area_codes=AREAS)


def in_order(table):
    frame = table.to_pandas()
    for name in ("domestic_flag", "sexual_flag"):
        frame[name] = frame[name].astype("boolean")
    frame["recorded_on"] = pd.to_datetime(frame["recorded_on"])
    frame["occurred_from"] = frame["occurred_from"].astype("datetime64[us]")
    return frame.sort_values(list(frame.columns), ignore_index=True)


@pytest.mark.slow
@pytest.mark.spark
def test_the_engines_agree_on_every_label_of_100_000_records(folder):
    spark_or_skip()
    with engine.connect() as connection:
        expected = in_order(labelled(connection, folder))
    assert len(expected) == RECORDS
    with engine.connect("spark") as connection:
        pd.testing.assert_frame_equal(expected, in_order(labelled(connection, folder)))


@pytest.mark.slow
@pytest.mark.spark
def test_the_engines_read_the_same_from_untidy_text(tmp_path):
    spark_or_skip()
    file = tmp_path / "offences.csv"
    file.write_text(
        "offence_id,offence_code,occurred_from,domestic_flag,weapon,easting\n"
        '1,8N,2020-01-05 09:05,Y,Knife or sharp,"450,000"\n'
        "2,05-Jan,05/01/2020 9:05,no,banana,-5\n"
        ",8n,5 Jan 2020 23:59:59,,,\n"
        "3,8n,12/31/2020,maybe,n/k,abc\n",
        encoding="latin-1",
    )
    read = []
    for name in ("duckdb", "spark"):
        with engine.connect(name) as connection:
            found = checks.read(connection, file, OFFENCES)
            frame = found.table.to_pandas().sort_values("offence_id", ignore_index=True)
            read.append((frame.astype(object).where(frame.notna(), None), found.problems))
    assert read[0][0].to_dict("records") == read[1][0].to_dict("records")
    pd.testing.assert_frame_equal(read[0][1], read[1][1])


def test_spilling_under_a_memory_limit_changes_nothing_and_leaves_nothing(folder, tmp_path):
    with engine.connect() as connection:
        expected = bounds(labelled(connection, folder), by=["crime_group", "age_focus"])
    with engine.connect(memory_limit="120MB", spill_folder=tmp_path) as connection:
        got = bounds(labelled(connection, folder), by=["crime_group", "age_focus"])
    pd.testing.assert_frame_equal(got, expected)
    assert list(tmp_path.iterdir()) == []


def test_what_was_spilled_is_removed_when_the_work_fails(tmp_path):
    def work_that_fails():
        with engine.connect(memory_limit="60MB", spill_folder=tmp_path) as connection:
            connection.raw_sql(
                "CREATE TEMP TABLE big AS SELECT hash(i) FROM range(20_000_000) t(i)"
            )
            spilled = [path for path in tmp_path.rglob("*") if path.is_file()]
            assert spilled, "more than the limit has been spilled"
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        work_that_fails()
    assert list(tmp_path.iterdir()) == []


def test_no_progress_bar_gets_into_the_output_of_a_slow_cell():
    with engine.connect() as connection:
        shown = connection.raw_sql("SELECT current_setting('enable_progress_bar')").fetchone()
    assert shown == (False,)


def test_an_unknown_engine_names_those_there_are():
    with pytest.raises(AssessmentError, match="duckdb, spark"), engine.connect("pandas"):
        pass
