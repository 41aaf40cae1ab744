"""DuckDB and Spark give the same labels, to the last reason; DuckDB spills and cleans up."""

import importlib.util
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path
from urllib.parse import unquote, urlparse

import ibis
import pandas as pd
import pyarrow
import pyarrow.parquet
import pytest
from classify_records import AREAS, PERIOD, offences, persons

from vrn_analysis.core import definition, engine
from vrn_analysis.core.contracts import OFFENCES
from vrn_analysis.core.errors import AssessmentError
from vrn_analysis.count.classify import bounds, classify
from vrn_analysis.read import checks

LLR = definition.load("llr_2020")
RECORDS = 20_000


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


@pytest.fixture(scope="module", autouse=True)
def small_jobs():
    """Make Spark start fast and use few partitions, which suits only small tables."""
    with pytest.MonkeyPatch.context() as patch:
        java = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"
        few = "--conf spark.sql.shuffle.partitions=2"
        executors = f"--conf 'spark.executor.extraJavaOptions={java}'"
        driver = f"--driver-java-options '{java}'"
        patch.setenv("PYSPARK_SUBMIT_ARGS", f"{few} {executors} {driver} pyspark-shell")
        patch.setenv("SPARK_DAEMON_JAVA_OPTS", java)
        yield


def extract(place, rows):
    crimes = offences(rows, 21)
    crimes["offence_title"] = crimes["offence_code"].map({"34/2": "Robbery of personal property"})
    people = persons(rows, 22)
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


UNTIDY = (
    "offence_id,offence_code,occurred_from,domestic_flag,weapon,easting\n"
    '1,8N,2020-01-05 09:05,Y,Knife or sharp,"450,000"\n'
    "2,05-Jan,05/01/2020 9:05,no,banana,-5\n"
    ",8n,5 Jan 2020 23:59:59,,,\n"
    "3,8n,12/31/2020,maybe,n/k,abc\n"
)


@pytest.fixture(scope="module")
def by_engine(tmp_path_factory):
    """Return the labels that each engine gives, and the table it reads from untidy text."""
    spark_or_skip()
    place = extract(tmp_path_factory.mktemp("records"), RECORDS)
    untidy = place / "offences.csv"
    untidy.write_text(UNTIDY, encoding="latin-1")
    labels, texts = [], []
    for name in engine.ENGINES:
        with engine.connect(name) as connection:
            labels.append(in_order(labelled(connection, place)))
            found = checks.read(connection, untidy, OFFENCES)
            frame = found.table.to_pandas().sort_values("offence_id", ignore_index=True)
            texts.append((frame.astype(object).where(frame.notna(), None), found.problems))
    return labels, texts


@pytest.mark.slow
@pytest.mark.spark
def test_the_engines_agree_on_every_label_of_20_000_records(by_engine):
    [[ours, theirs], _] = by_engine
    assert len(ours) == RECORDS
    pd.testing.assert_frame_equal(ours, theirs)


@pytest.mark.slow
@pytest.mark.spark
def test_the_engines_read_the_same_from_untidy_text(by_engine):
    [_, [ours, theirs]] = by_engine
    assert ours[0].to_dict("records") == theirs[0].to_dict("records")
    pd.testing.assert_frame_equal(ours[1], theirs[1])


@pytest.mark.slow
def test_spilling_under_a_memory_limit_changes_nothing_and_leaves_nothing(tmp_path):
    # too many for the memory limit
    (tmp_path / "records").mkdir()
    folder = extract(tmp_path / "records", 5 * RECORDS)
    (spill := tmp_path / "spill").mkdir()
    with engine.connect() as connection:
        expected = bounds(labelled(connection, folder), by=["crime_group", "age_focus"])
    with engine.connect(memory_limit="120MB", spill_folder=spill) as connection:
        got = bounds(labelled(connection, folder), by=["crime_group", "age_focus"])
    pd.testing.assert_frame_equal(got, expected)
    assert list(spill.iterdir()) == []


@pytest.mark.slow
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


# records that workers of a cluster write


class Records:
    """As much of a connection to Spark, and of a table, as writing records needs."""

    name = "pyspark"

    def __init__(self, disk, rows=3):
        self.disk, self.rows = disk, rows

    def to_parquet(self, uri):
        file = self.disk / Path(unquote(urlparse(uri).path)).name
        file.mkdir(parents=True)
        pyarrow.parquet.write_table(pyarrow.table({"a": range(self.rows)}), file / "part.parquet")

    def count(self):
        return ibis.literal(3)

    def read_parquet(self, uri):
        return sorted(path.name for path in Path(unquote(urlparse(uri).path)).iterdir())


def written(monkeypatch, folder, records, *, seen_by_workers):
    """Write records where workers see a folder by the same name, which may be another."""
    folder.mkdir(mode=0o700)

    def on_workers(connection, task):
        if seen_by_workers == folder:
            return [task(number) for number in range(4)]
        mine = folder.rename(folder.with_name("the_drivers"))  # as in a mount of the worker's own
        if seen_by_workers.exists():
            seen_by_workers.rename(folder)
        try:
            return [task(number) for number in range(4)]
        finally:
            if folder.exists():
                folder.rename(seen_by_workers)
            mine.rename(folder)

    monkeypatch.setattr(engine, "_on_workers", on_workers)
    monkeypatch.setattr(engine, "sleep", lambda seconds: None)
    return engine.write_parquet(records, records, folder / "classified.parquet")


def test_records_are_written_where_every_worker_sees_the_folder(tmp_path, monkeypatch):
    folder = tmp_path / "labels"
    read = written(monkeypatch, folder, Records(folder), seen_by_workers=folder)
    assert read == ["part.parquet"]
    assert [path.name for path in folder.iterdir()] == ["classified.parquet"], "no marker is left"


def test_records_are_refused_before_any_is_written_where_a_worker_does_not(tmp_path, monkeypatch):
    """An earlier version: UNABLE_TO_INFER_SCHEMA, and the records left on the worker."""
    private = tmp_path / "private"
    with pytest.raises(AssessmentError, match=r"do not share .* \(4 of 4 parts"):
        written(monkeypatch, tmp_path / "labels", Records(private), seen_by_workers=private)
    assert not private.exists()
    assert not list((tmp_path / "labels").iterdir())


@pytest.mark.parametrize("rows", [0, 2])
def test_rows_that_did_not_arrive_are_missed_and_removed_from_the_worker(
    tmp_path, monkeypatch, rows
):
    """A worker that joined after the proof, and writes on a disk of its own."""
    private = tmp_path / "private"
    records = Records(private)
    monkeypatch.setattr(engine, "_prove_shared", lambda c, folder, token: (folder / token).touch())
    if rows:  # the others did write where they should
        Records(tmp_path / "labels_", rows).to_parquet("file:///classified.parquet")
        write = records.to_parquet
        there = tmp_path / "labels" / "classified.parquet"
        moved = tmp_path / "labels_" / "classified.parquet"
        records.to_parquet = lambda uri: (write(uri), moved.rename(there))
    with pytest.raises(AssessmentError, match=rf"\({3 - rows} of 3 parts"):
        written(monkeypatch, tmp_path / "labels", records, seen_by_workers=private)
    assert not private.exists(), "records were left on the worker"


def test_an_error_of_spark_is_a_sentence_without_what_is_in_a_record():
    fault = type("SparkException", (Exception,), {"__module__": "pyspark.errors.exceptions"})

    def stopped():
        with engine._plain_faults():
            raise fault("[CAST_INVALID_INPUT] The value 'Jane Doe' of the type STRING ...")

    with pytest.raises(AssessmentError, match="Spark stopped: CAST_INVALID_INPUT") as told:
        stopped()
    assert "Jane" not in str(told.value)
    assert told.value.__cause__ is None
    with pytest.raises(KeyError), engine._plain_faults():
        raise KeyError


def begin(command, ready, log):
    """Begin a part of a cluster; return it once its log says that it is ready."""
    part = subprocess.Popen(command, stdout=log.open("wb"), stderr=subprocess.STDOUT)
    for _ in range(240):
        if ready in log.read_text():
            return part
        time.sleep(0.5)
    raise AssertionError(log.read_text())


@pytest.fixture
def cluster(tmp_path):
    """Yield a master, and a folder in the place of which its one worker has a disk of its own."""
    spark_or_skip()
    if not (shutil.which("unshare") and os.geteuid() == 0):
        pytest.skip("needs unshare, and the right to use it")
    import pyspark

    private, parts = tmp_path / "not_shared", []
    private.mkdir()
    run = f"{Path(pyspark.__file__).parent}/bin/spark-class org.apache.spark.deploy"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    at = "--host 127.0.0.1 --webui-port 0"
    worker = f"{run}.worker.Worker {at} --cores 1 --memory 1500m --work-dir {tmp_path}/work"
    worker = f"mount -t tmpfs tmpfs {private} && exec {worker} spark://127.0.0.1:{port}"
    commands = {
        "elected leader": ["sh", "-c", f"exec {run}.master.Master {at} --port {port}"],
        "registered with": ["unshare", "-m", "--propagation", "private", "sh", "-c", worker],
    }
    try:
        for ready, command in commands.items():
            parts.append(begin(command, ready, tmp_path / f"{len(parts)}.log"))
        yield f"spark://127.0.0.1:{port}", private, parts[1].pid
    finally:
        for part in parts:
            part.terminate()
            part.wait()


@pytest.mark.slow
@pytest.mark.spark
def test_a_real_worker_without_the_folder_gets_no_record_and_keeps_none(
    cluster, tmp_path, monkeypatch
):
    url, private, pid = cluster
    offences(50, 3).to_parquet(tmp_path / "offences.parquet")
    with engine.connect("spark", url=url) as connection:
        table = connection.read_parquet(str(tmp_path / "offences.parquet")).select("offence_id")
        for proof in (engine._prove_shared, lambda c, folder, token: (folder / token).touch()):
            monkeypatch.setattr(engine, "_prove_shared", proof)
            (private / "labels").mkdir(exist_ok=True)
            with pytest.raises(AssessmentError, match="do not share"):
                engine.write_parquet(connection, table, private / "labels" / "classified.parquet")
            seen = ["nsenter", "-t", str(pid), "-m", "find", str(private)]
            left = subprocess.run(seen, capture_output=True, text=True, check=True)
            assert left.stdout.split() == [str(private)]
