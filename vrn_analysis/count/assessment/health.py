"""What health services see: each source of a run read, checked and turned into events."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import ibis
import numpy as np
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.count.assessment.extracts import note_rows
from vrn_analysis.count.assessment.needs import NotInThisRun
from vrn_analysis.count.assessment.run import Run
from vrn_analysis.read import checks
from vrn_analysis.read.files import files
from vrn_analysis.read.sources import health

# the columns that say when, the first that is known
WHEN = {"attendances": ("arrived_at", "assaulted_at"), "ambulance": ("called_at",)}
# a site that would have no attendance in so few months by chance was silent
CHANCE = 0.001
HEALTH_SOURCES = {
    "attendances": "Emergency departments",
    "ambulance": "Ambulance",
    "admissions": "Admissions",
}
LINKAGE = ("period", "police", "attendances", "linked", "found_low", "found_high")


@dataclass(frozen=True)
class HealthSource:
    """
    A health source of a run.

    `events` has one row an attendance, call-out or admission, with its `month` (a count of 3 is
    three rows that are alike). `sites` has one row a site and month that was sent: `site_code,
    month, count`, the count missing where the site says that it did not report; a site of which
    there are records has a 0 where chance leaves it without one in 1 month of 1,000 or more
    (Poisson), and no row where it must have been silent. `problems` has the columns of
    `checks.problems`; `not_counted` is how many counts are hidden or not known.
    """

    name: str
    events: ibis.Table
    sites: pd.DataFrame | None
    problems: pd.DataFrame
    not_counted: int

    def require(self, column: str) -> None:
        """
        Check that a column is there and holds anything.

        Raises
        ------
        NotInThisRun
            If the source does not hold it.
        """
        there = column in self.events.columns
        if not there or not self.events[column].notnull().any().execute():
            raise NotInThisRun(f"The {self.name} file has no {column.replace('_', ' ')}.")


def health_source(run: Run, name: str) -> HealthSource:
    """
    Return a health source of the run: attendances, ambulance or admissions.

    Parameters
    ----------
    run
        The run.
    name
        The source, as `[sources.…]` of the settings names it.

    Raises
    ------
    NotInThisRun
        If the settings name no such source.
    DataError, SettingsError
        If its files cannot be used: everything at once.
    """
    if name not in run.settings.sources:
        raise NotInThisRun(f"No {name} data were supplied.")
    paths = files.locate(run.folder, run.settings, name)
    received = health.read(run.connection, paths, name, source=run.settings.sources[name])
    checked = _checked(run, received, paths)
    note_rows(run.settings, name, checked.rows_valid, output=run.session.output)
    problems = pd.concat([received.problems, checked.problems], ignore_index=True)
    counted = "count" in checked.table.columns
    dated = checked.table if counted else _dated(checked.table, WHEN[name])
    blank = int(dated["count"].isnull().sum().fill_null(0).execute()) if counted else 0
    held = run.connection.create_table(ibis.util.gen_name(name), dated, temp=True)
    return HealthSource(name, _events(held), _sites(held), problems, blank)


def health_sources(run: Run) -> dict[str, HealthSource]:
    """Return every health source that the settings name, by its name in words."""
    named = {name: words for name, words in HEALTH_SOURCES.items() if name in run.settings.sources}
    return {words: health_source(run, name) for name, words in named.items()}


def health_problems(sources: Mapping[str, HealthSource]) -> pd.DataFrame:
    """
    Return what was found in the files of health services, as `Run.problems` does for the police.

    Returns
    -------
    problems
        `table, column, problem, count, remedy`: no examples, which may be somebody's data.
    """
    found = pd.concat([source.problems for source in sources.values()], ignore_index=True)
    named = found.rename(columns={"records": "count"})
    return named[["table", "column", "problem", "count", "remedy"]]


def _checked(run: Run, received: health.HealthFile, paths: list[Path]) -> checks.Checked:
    """Give the text its types by the ordinary checks, whose words name the sender's file."""
    spill = run.connection.con.execute("SELECT current_setting('temp_directory')").fetchone()[0]
    file = Path(spill) / f"{ibis.util.gen_name(received.contract.name)}.csv"
    file.parent.mkdir(parents=True, exist_ok=True)
    received.table.to_csv(str(file), header=True)
    try:
        return checks.read(run.connection, file, received.contract)
    except DataError as reason:
        names = ", ".join(path.name for path in paths[:3])
        raise DataError(str(reason).replace(str(file), names)) from None
    finally:
        file.unlink()


def _dated(records: ibis.Table, columns: tuple[str, ...]) -> ibis.Table:
    """Add the month of each record, by the first of the columns that is known."""
    there = [records[name].cast("date") for name in columns if name in records.columns]
    return records.mutate(month=ibis.coalesce(*there).truncate("M"))


def _events(table: ibis.Table) -> ibis.Table:
    """Return one row an event: of counts, as many rows as were counted."""
    if "count" not in table.columns:
        return table
    times = ibis.range(0, table["count"].fill_null(0))
    return table.mutate(_each=times).unnest("_each").drop("_each", "count")


def _sites(table: ibis.Table) -> pd.DataFrame | None:
    """Return what each site sent in each month; of records, none where that can be chance."""
    if "site_code" not in table.columns:
        return None
    dated, counted = table.filter(table.month.notnull()), "count" in table.columns
    size = dated["count"].sum() if counted else dated.count()
    found = dated.group_by("site_code", "month").aggregate(count=size).to_pandas()
    typed = found.astype({"count": "Int64"}).assign(month=pd.to_datetime(found["month"]))
    sites = typed if counted or typed.empty else _with_none(typed)
    return sites.sort_values(["site_code", "month"], ignore_index=True)


def _with_none(sites: pd.DataFrame) -> pd.DataFrame:
    """Add a count of 0 where a small site has no record: records cannot say "none this month"."""
    months = pd.date_range(sites["month"].min(), sites["month"].max(), freq="MS", name="month")
    wide = sites.pivot(index="site_code", columns="month", values="count").reindex(columns=months)
    usual = wide.mean(axis=1).astype(float)
    small = np.exp(-usual) >= CHANCE
    wide[small] = wide[small].fillna(0)
    long = wide.stack().rename("count").reset_index()
    return long.dropna(subset="count").astype({"count": "Int64"})


def linked_counts(run: Run) -> pd.Series:
    """
    Return the supplied counts of an exercise that linked attendances to police records.

    Returns
    -------
    linked
        `period, police, attendances, linked`, and `found_low, found_high`: the least and most
        share of the true matches that those who did it think they found.

    Raises
    ------
    NotInThisRun
        If the settings name no such counts, or do not ask for the illustration
        (`capture_recapture = true` under `[sources.linkage]`): it is off by default.
    DataError
        If there is not one row, or its numbers cannot be.
    """
    if not run.settings.sources.get("linkage", {}).get("capture_recapture", False):
        raise NotInThisRun(
            "No counts of linked health and police records were supplied for this illustration."
        )
    [file] = files.locate(run.folder, run.settings, "linkage")
    table = files.read_csv(file)
    files.require_columns(table.columns, LINKAGE, file=file)
    if len(table) != 1:
        raise DataError(f"{file.name} has {len(table)} rows; one exercise is one row.")
    row = table.iloc[0]
    low, high = row["found_low"], row["found_high"]
    if not (0 < low <= high <= 1 and 0 <= row["linked"] <= min(row["police"], row["attendances"])):
        raise DataError(
            f"{file.name}: linked must be between 0 and the shorter list, and found_low and "
            "found_high between 0 and 1, the lower one first."
        )
    return row[list(LINKAGE)]
