"""Read an extract of any shape, by its mapping, and check it as any other table."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import ibis
import pandas as pd
from ibis.backends import BaseBackend

from vrn_analysis.core.config import Settings
from vrn_analysis.core.contracts import Contract
from vrn_analysis.core.errors import DataError
from vrn_analysis.read import checks
from vrn_analysis.read.extracts import extract, mapping
from vrn_analysis.read.files import files
from vrn_analysis.read.police import street
from vrn_analysis.read.sources import coverage, provenance


def read(
    connection: BaseBackend, paths: Path | Sequence[Path], contract: Contract, *, mapped: Path
) -> checks.Checked:
    """
    Return the offences or persons of an extract in the types of their contract.

    Parameters
    ----------
    connection
        From `engine.connect`; DuckDB.
    paths
        The extract: a file, several files, a folder, or a zip.
    contract
        `OFFENCES` or `PERSONS`.
    mapped
        The mapping, as `vrn map` drafts it.

    Returns
    -------
    checked
        As `checks.read` returns it; its problems begin with what was found in the rows as
        received.

    Raises
    ------
    DataError, SettingsError
        If the extract or its mapping cannot be used.
    """
    made = extract.read(connection, paths, mapping.load(mapped), contract)
    names = ", ".join(p.name for p in ([paths] if isinstance(paths, Path) else paths)[:3])
    try:
        checked = checks.check_rows(connection, made.table, contract, where=names)
    except DataError as reason:
        found = checks.explain(made.problems).replace("\n", "\n  ")
        also = f"\nAlso found in the rows as received:\n  {found}" if found else ""
        raise DataError(str(reason) + also) from None
    problems = pd.concat([made.problems, checked.problems], ignore_index=True)
    return replace(checked, problems=problems)


def open_source(
    connection: BaseBackend, folder: Path, settings: Settings, contract: Contract
) -> checks.Checked:
    """
    Return the offences or persons that the settings name, tidy or by a mapping.

    Where `[sources.offences]` says `extract = "mapping.toml"`, its path is an extract of any
    shape, and the mapping, below the data folder too, says how it is to be read.
    """
    found = files.locate(folder, settings, contract.name)
    source = settings.sources[contract.name]
    if "extract" in source:
        checked = read(connection, found, contract, mapped=folder / source["extract"])
    else:
        [file] = found
        checked = checks.read(connection, file, contract, columns=source.get("columns", {}))
    # dates and flags are understood once, not again by every count
    held = connection.create_table(ibis.util.gen_name(contract.name), checked.table, temp=True)
    return replace(checked, table=held)


def recorded(offences: ibis.Table) -> coverage.Coverage:
    """Return the months in which offences were recorded: what an extract covers."""
    if "recorded_on" not in offences.columns:
        return coverage.Coverage()
    day = offences.recorded_on.cast("date")
    ends = offences.aggregate(first=day.min(), last=day.max()).to_pandas().iloc[0]
    return coverage.of_months(ends["first"], ends["last"])


def open_street(connection: BaseBackend, folder: Path, settings: Settings) -> checks.Checked:
    """
    Return the street-level records of the force and period that the settings name.

    Raises
    ------
    DataError, SettingsError
        If the files cannot be used, or the headline category is in none of the records.
    """
    paths = files.locate(folder, settings, "street")
    records, found = street.read(paths, force=settings.force, period=settings.period)
    street.require_category(records, settings)
    connection.con.register("street", records)
    over = int(found.loc[found["column"] == "month", "records"].sum())
    size = records.num_rows
    return checks.Checked(connection.table("street"), found, size + over, size, over)


def note_rows(settings: Settings, source: str, rows: int, *, output: Path | None) -> None:
    """
    Leave the number of rows read where the manifest of a briefing gathers it.

    Of a source that is not open, all but an internal edition have it in hundreds, as
    `sources.provenance.for_readers` gives it; the cache of notebooks keeps no other.
    """
    if output:
        if not provenance.rows_are_exact(settings, source):
            rows = provenance.near_hundred(rows)
        folder = output / "rows"
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{source}.json").write_text(
            json.dumps({"source": source, "rows": rows}), encoding="utf-8"
        )
