"""
Seconds of CPU to validate an extract, against the seconds that DuckDB takes to read it.

Two tables that keep the contracts, and an extract as received, a row for each crime, victim and
suspect: drafting its mapping, then reading and validating both tables by it.

Run with `python benchmarks/checks.py [ROWS]`. Each way runs in a process of its own, in turn, so
that none is helped by what another has loaded; the least of three rounds counts.
"""

import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROUNDS = 3
TABLES = ("offences", "persons")
FLAT = "extract"


def folder_of(rows: int, parent: Path) -> Path:
    """Write the sample with its offences and persons as CSV."""
    import duckdb

    from vrn_analysis import sample

    folder = sample.write(parent / "sample", rows=rows)
    with duckdb.connect() as connection:
        for name in TABLES:
            files = f"'{folder / name}.parquet'", f"'{folder / name}.csv'"
            connection.execute(f"COPY (FROM {files[0]}) TO {files[1]} (HEADER)")
    flat = sample.write(parent / "flat", rows=rows, shape="flat")
    (flat / "extract.csv").rename(folder / f"{FLAT}.csv")
    return folder


def duckdb_reads(folder: Path, table: str) -> int:
    """Read with DuckDB's own reader, types found by itself, into a table."""
    import duckdb

    with duckdb.connect() as connection:
        file = folder / f"{table}.csv"
        connection.execute(f"CREATE TABLE t AS FROM read_csv('{file}')")
        return connection.execute("SELECT count(*) FROM t").fetchone()[0]


def checks_read(folder: Path, table: str) -> int:
    """Validate with `checks.read`: types, every rule of the contract, repeated identifiers."""
    from vrn_analysis.core import engine
    from vrn_analysis.core.contracts import CONTRACTS
    from vrn_analysis.read import checks

    with engine.connect() as connection:
        return checks.read(connection, folder / f"{table}.csv", CONTRACTS[table]).rows_in


def mapping_drafted(folder: Path, table: str) -> int:
    """Draft the mapping of an extract as received."""
    from vrn_analysis.drafting import draft, report

    drafted = draft.draft(folder / f"{table}.csv")
    (folder / "mapping.toml").write_text(report.toml(drafted, extract=f"{table}.csv"))
    return len(drafted.tables)


def mapped_read(folder: Path, table: str) -> int:
    """Read an extract as received by its mapping, and validate both of its tables."""
    from vrn_analysis.core import engine
    from vrn_analysis.core.contracts import CONTRACTS
    from vrn_analysis.count.assessment import extracts

    with engine.connect() as connection:
        read = [
            extracts.read(
                connection, folder / f"{table}.csv", CONTRACTS[name], mapped=folder / "mapping.toml"
            )
            for name in TABLES
        ]  # fmt: skip
        return sum(one.rows_in for one in read)


WAYS = {way.__name__: way for way in (duckdb_reads, checks_read, mapping_drafted, mapped_read)}
OF_TABLE = dict.fromkeys(TABLES, ("duckdb_reads", "checks_read"))
OF_TABLE[FLAT] = ("duckdb_reads", "mapping_drafted", "mapped_read")


def measured(way: str, folder: Path, table: str) -> dict:
    """Return CPU seconds and peak memory of one way in a process of its own."""
    words = [sys.executable, __file__, "--one", way, str(folder), table]
    return json.loads(subprocess.run(words, check=True, capture_output=True, text=True).stdout)


def one(way: str, folder: str, table: str) -> None:
    """Run one way and print what it took, imports left out."""
    import resource

    import duckdb  # noqa: F401
    import ibis
    import pandas as pd

    import vrn_analysis.core.engine
    import vrn_analysis.read.checks  # noqa: F401

    # ibis imports what it converts tables with at the first conversion
    ibis.memtable(pd.DataFrame({"a": [1]})).to_pandas()
    began = time.process_time()
    rows = WAYS[way](Path(folder), table)
    seconds = time.process_time() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"rows": rows, "seconds": seconds, "peak": peak}))


def main(rows: int) -> None:
    """Print a table of seconds, peak memory and the ratio to DuckDB's own reading."""
    with tempfile.TemporaryDirectory() as parent:
        folder = folder_of(rows, Path(parent))
        print("| table | rows | way | CPU s | peak MB | ratio |\n|---|--:|---|--:|--:|--:|")
        for table, ways in OF_TABLE.items():
            rounds = [{way: measured(way, folder, table) for way in ways} for _ in range(ROUNDS)]
            base = min(each["duckdb_reads"]["seconds"] for each in rounds)
            for way in ways:
                best = min((each[way] for each in rounds), key=lambda took: took["seconds"])
                print(
                    f"| {table} | {best['rows']:,} | {way} | {best['seconds']:.2f} | "
                    f"{best['peak']:.0f} | {best['seconds'] / base:.2f} |"
                )


if __name__ == "__main__":
    if "--one" in sys.argv:
        one(*sys.argv[2:])
    else:
        main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
