"""Open the files of records, and give small areas of another Census their current codes."""

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path

import ibis
import pandas as pd
from ibis import _
from ibis.backends import BaseBackend

from vrn_analysis.core.config import Settings
from vrn_analysis.core.contracts import Contract
from vrn_analysis.core.errors import DataError
from vrn_analysis.read import checks
from vrn_analysis.read.checks import PROBLEM_COLUMNS
from vrn_analysis.read.extracts import extract, mapping
from vrn_analysis.read.files import files
from vrn_analysis.read.geography import vintages
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


UNKNOWN = "small area that is not in the lookup of places"


def recode(
    records: ibis.Table, column: str, replacements: pd.DataFrame, *, table: str
) -> tuple[ibis.Table, pd.DataFrame]:
    """
    Return records with the small areas of the assessment, and how many had to be changed.

    Parameters
    ----------
    records
        Records in the engine.
    column
        The column that holds the small area.
    replacements
        `code, area`, as `sources.vintages.replacements` returns them.
    table
        The name of the records, for the problems.

    Returns
    -------
    records, problems
        A code that lies in one area becomes that area; one that lies in several is taken out, so
        that its record stands among those that are not located. Problems are as `checks` gives
        them, none where no record has such a code.
    """
    other = ibis.memtable(replacements.rename(columns={"code": "_code", "area": "_area"}))
    joined = records.left_join(other, records[column] == other._code)
    strange, placed = joined._code.notnull(), joined._area.notnull()
    sizes = joined.aggregate(
        taken=(strange & placed).sum().fill_null(0),
        lost=(strange & ~placed).sum().fill_null(0),
        of=joined.count(),
    ).to_pandas().iloc[0]  # fmt: skip
    found = [
        (int(sizes["taken"]), "a small area of another Census",
         "replaced by the current area that contains it, from the lookup of changes"),
        (int(sizes["lost"]), "a small area of another Census that is split between several areas",
         "counted as not located; ask for codes of the same Census as the lookup"),
    ]  # fmt: skip
    rows = [
        (table, column, problem, number, int(sizes["of"]), "", remedy, "reported")
        for number, problem, remedy in found
        if number
    ]
    problems = pd.DataFrame(rows, columns=list(PROBLEM_COLUMNS))
    if not rows:
        return records, problems
    area = ibis.ifelse(strange, joined._area, joined[column])
    return joined.mutate(**{column: area}).drop("_code", "_area"), problems


def unknown(
    records: ibis.Table, column: str, known: Collection[str], *, table: str
) -> pd.DataFrame:
    """
    Return how many records have a small area that the lookup does not hold, and of which Census.

    Parameters
    ----------
    records
        Records in the engine, after `recode`.
    column
        The column that holds the small area.
    known
        The small areas of the lookup.
    table
        The name of the records, for the problem.

    Returns
    -------
    problems
        One row as `checks` gives it, or none.
    """
    strange = records.filter(records[column].notnull() & records[column].notin(list(known)))
    counts = strange.group_by(code=strange[column]).aggregate(records=_.count()).to_pandas()
    if counts.empty:
        return pd.DataFrame(columns=list(PROBLEM_COLUMNS))
    counts = counts.sort_values(["records", "code"], ascending=[False, True])
    row = (
        table, column, UNKNOWN, int(counts["records"].sum()), int(records.count().execute()),
        ", ".join(f"'{code}'" for code in counts["code"].head(3)), _remedy(counts, known),
        "reported",
    )  # fmt: skip
    return pd.DataFrame([row], columns=list(PROBLEM_COLUMNS))


def _remedy(counts: pd.DataFrame, known: Collection[str]) -> str:
    newer = counts["code"].isin(vintages.of_2021(counts["code"]))
    of = vintages.census_of(known)
    if newer.any() and of == "2011":
        number = int(counts.loc[newer, "records"].sum())
        return (
            f"not in the lookup: {number} have codes of the 2021 Census, the lookup is of 2011; "
            f"add the lookup between the two under [sources.{vintages.SOURCE}], or use a lookup, "
            "population, deprivation and boundaries of 2021"
        )
    older = "; some 2011 codes are not in a lookup of 2021"
    return (
        "not in the lookup; if the places are in the area, check that codes and lookup are of one "
        f"Census{older if of == '2021' else ''}"
    )
