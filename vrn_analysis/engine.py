"""One connection to the engine that holds the records: DuckDB, or Spark on a cluster."""

import shutil
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import ibis
from ibis.backends import BaseBackend

from vrn_analysis.errors import AssessmentError

ENGINES = ("duckdb", "spark")


def _duckdb(memory_limit: str | None, spill: Path) -> BaseBackend:
    connection = ibis.duckdb.connect(temp_directory=str(spill))
    if memory_limit:
        connection.raw_sql(f"SET memory_limit = '{memory_limit}'")
    # rows of a result carry no order of their own, so keeping file order only costs memory
    connection.raw_sql("SET preserve_insertion_order = false")
    # in a notebook DuckDB draws a bar into the output of whatever happens to take long
    connection.raw_sql("SET enable_progress_bar = false")
    return connection


def _spark(url: str | None) -> BaseBackend:
    try:
        from pyspark.sql import SparkSession
    except ImportError:
        raise AssessmentError(
            "The spark engine needs PySpark and Java 17: pip install -e '.[spark]'."
        ) from None
    builder = SparkSession.builder.appName("vrn_analysis").master(url or "local[*]")
    session = (
        builder.config("spark.sql.session.timeZone", "UTC")
        .config("spark.ui.enabled", "false")
        .getOrCreate()
    )
    return ibis.pyspark.connect(session)


@contextmanager
def connect(
    name: str = "duckdb",
    *,
    url: str | None = None,
    memory_limit: str | None = None,
    spill_folder: Path | None = None,
) -> Iterator[BaseBackend]:
    """
    Open the engine for the length of a `with` block, and clean up what it spilled to disk.

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
        If the engine is unknown or not installed.
    """
    if name not in ENGINES:
        raise AssessmentError(f"Unknown engine {name!r}: choose one of {', '.join(ENGINES)}.")
    # DuckDB makes the folder when it first spills, so that a run that never does leaves nothing
    spill = Path(spill_folder or tempfile.gettempdir(), f"vrn_spill_{uuid.uuid4().hex}")
    connection = None
    try:
        connection = _duckdb(memory_limit, spill) if name == "duckdb" else _spark(url)
        yield connection
    finally:
        if connection is not None:
            connection.disconnect()
        shutil.rmtree(spill, ignore_errors=True)
