"""Connect to the engine that has the records: DuckDB, or Spark on a cluster."""

import re
import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import rmtree
from time import sleep

import ibis
from ibis.backends import BaseBackend
from pyarrow import parquet

from vrn_analysis.core import extras, scratch
from vrn_analysis.core.errors import AssessmentError

ENGINES = ("duckdb", "spark")


def _duckdb(memory_limit: str | None, spill: Path) -> BaseBackend:
    connection = ibis.duckdb.connect(temp_directory=str(spill))
    if memory_limit:
        connection.raw_sql(f"SET memory_limit = '{memory_limit}'")
    # rows of a result carry no order of their own, so keeping file order only costs memory
    connection.raw_sql("SET preserve_insertion_order = false")
    # in a notebook DuckDB would draw a progress bar into the output of slow cells; without the
    # package that draws it, there is none, and the setting is refused
    if not extras.missing("ipywidgets", extra="lab"):
        connection.raw_sql("SET enable_progress_bar = false")
    return connection


def _spark(url: str | None, spill: Path) -> BaseBackend:
    extras.required("pyspark", extra="spark")
    from pyspark.sql import SparkSession

    builder = SparkSession.builder.appName("vrn_analysis").master(url or "local[*]")
    session = (
        builder.config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        # what this machine spills; on a cluster the workers' own setting decides
        .config("spark.local.dir", str(spill))
        .config("spark.sql.warehouse.dir", (spill / "warehouse").as_uri())
        .getOrCreate()
    )
    return ibis.pyspark.connect(session)


@contextmanager
def _plain_faults() -> Iterator[None]:
    """Turn an error of Spark into one sentence, without its words, which may quote a record."""
    try:
        yield
    except Exception as fault:
        if not type(fault).__module__.startswith(("pyspark", "py4j")):
            raise
        named = re.search(r"\[([A-Z][A-Z_.]+)\]", str(fault))
        raise AssessmentError(
            f"Spark stopped: {named[1] if named else type(fault).__name__}. Check that Java 17 is "
            "installed, that the master answers, and that every worker can read the files named."
        ) from None


@contextmanager
def connect(
    name: str = "duckdb",
    *,
    url: str | None = None,
    memory_limit: str | None = None,
    spill_folder: Path | None = None,
) -> Iterator[BaseBackend]:
    """
    Open the engine for a `with` block, and remove its temporary files at the end.

    Parameters
    ----------
    name
        `duckdb` or `spark`.
    url
        Address of the Spark cluster's master; without it Spark runs on this machine.
    memory_limit
        Most memory DuckDB may use, such as `1GB`; work beyond it spills to disk.
    spill_folder
        Folder in which a temporary folder is made for what spills; default: the system's.

    Raises
    ------
    AssessmentError
        If the engine is unknown or not installed, or Spark stops.
    """
    if name not in ENGINES:
        raise AssessmentError(f"Unknown engine {name!r}: choose one of {', '.join(ENGINES)}.")
    connection = None
    with scratch.folder("spill", parent=spill_folder) as spill, _plain_faults():
        try:
            connection = _duckdb(memory_limit, spill) if name == "duckdb" else _spark(url, spill)
            yield connection
        finally:
            if connection is not None:
                connection.disconnect()


def _on_workers(connection: BaseBackend, task: Callable[[int], bool]) -> list[bool]:
    """Return what a function gives on the workers of a cluster: a few calls for each core."""
    context = connection._session.sparkContext
    calls = 4 * context.defaultParallelism
    return context.parallelize(range(calls), calls).map(task).collect()


def _prove_shared(connection: BaseBackend, folder: Path, token: str) -> None:
    """Have each worker write a marker and look for it here; refuse if one is missing."""

    def mark(number: int) -> bool:  # defined here, so that workers need no copy of this package
        sleep(0.2)  # long enough that no worker takes the calls of another
        try:
            if there := (folder / token).exists():
                (folder / f"{token}-{number}").touch(mode=0o600)
        except OSError:
            return False
        return there

    (folder / token).touch(mode=0o600)
    written = _on_workers(connection, mark)
    found = [(folder / f"{token}-{number}").exists() for number in range(len(written))]
    _refuse_unshared(folder, found.count(False), of=len(found))


def _refuse_unshared(folder: Path, lacking: int, *, of: int) -> None:
    if lacking:
        raise AssessmentError(
            f"The labelled records were not written: this computer and the workers of the Spark "
            f"cluster do not share {folder.parent} ({lacking} of {of} parts that workers wrote "
            "there did not arrive). Name a folder that all of them share with --output, or leave "
            "out --engine-url."
        )


@contextmanager
def _cleared(connection: BaseBackend, folder: Path, token: str) -> Iterator[None]:
    """Remove what workers wrote if writing fails, except the driver's own folder."""

    def clear(number: int) -> bool:
        sleep(0.2)
        if not (folder / token).exists():
            rmtree(folder, ignore_errors=True)
        return not folder.exists()

    try:
        yield
    except Exception:
        _on_workers(connection, clear)
        raise


def write_parquet(connection: BaseBackend, table: ibis.Table, file: Path) -> ibis.Table:
    """
    Write a table of records as Parquet, and return it as read from there.

    Spark writes on its workers. It does so only into a folder that each of them and the driver see
    as one, which markers prove before; and what the driver then finds must be every row.

    Parameters
    ----------
    connection
        From `connect`.
    table
        The records.
    file
        Where: in a folder that is its owner's alone. Spark makes it a folder.

    Raises
    ------
    AssessmentError
        If a worker does not see the folder, or rows are missing; what workers wrote is removed.
    """
    if connection.name != "pyspark":
        table.to_parquet(str(file))
        return connection.read_parquet(str(file))
    file, token = file.resolve(), f".shared-{secrets.token_hex(8)}"
    try:
        _prove_shared(connection, file.parent, token)
        with _cleared(connection, file.parent, token):
            table.to_parquet(file.as_uri())
            rows = int(table.count().execute())
            there = sum(parquet.read_metadata(part).num_rows for part in file.glob("*.parquet"))
            _refuse_unshared(file.parent, rows - there, of=rows)
    finally:
        for marker in file.parent.glob(f"{token}*"):
            marker.unlink()
    return connection.read_parquet(file.as_uri())
