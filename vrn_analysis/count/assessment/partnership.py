"""What a partnership brings to a run beside records: tables, other forces, indicators."""

from typing import Any

import pandas as pd

from vrn_analysis.core import definition
from vrn_analysis.core.config import resource
from vrn_analysis.core.contracts import CONTRACTS
from vrn_analysis.core.errors import DataError, SettingsError
from vrn_analysis.count.assessment import needs
from vrn_analysis.count.assessment.needs import NotInThisRun
from vrn_analysis.count.assessment.run import Run
from vrn_analysis.read.files import files
from vrn_analysis.read.files.tables import read_table
from vrn_analysis.read.geography import context, custom_areas
from vrn_analysis.read.police import forces
from vrn_analysis.read.sources import catalogue, indicators, judgement, partner_indicators
from vrn_analysis.read.sources.catalogue import statistical_neighbours

# tables that ship and that a partnership may replace by its own; the others are its own only
TWO_YEARS = 24  # months
SHIPPED = ("duty_crosswalk", "building_blocks")


def partnership_table(run: Run, name: str) -> pd.DataFrame:
    """
    Return a table that the settings name: by its contract, or one of judgement as text.

    Parameters
    ----------
    run
        The run.
    name
        `duty_crosswalk` and `building_blocks` ship; `interventions, recommendations, themes,
        assets, evidence` are the partnership's own, each under `[sources.…]` of that name. So is
        any table with a contract.

    Raises
    ------
    NotInThisRun
        If the table is the partnership's own and the settings name no file.
    """
    if name in run.settings.sources:
        if name in CONTRACTS:
            return read_table(run.folder, run.settings, name)
        [file] = files.locate(run.folder, run.settings, name)
        return judgement.judgement_table(name, file)
    if name in SHIPPED:
        return judgement.judgement_table(name)
    raise NotInThisRun(f"The partnership has supplied no {name.replace('_', ' ')}.")


def ethnic_residents(run: Run) -> pd.DataFrame:
    """
    Return the person-years of residents by self-defined ethnic group.

    Raises
    ------
    NotInThisRun
        If victims and suspects are not known, or the settings name no file of residents.
    """
    run.require("ethnicity")
    residents = context.ethnic_residents(run.folder, run.settings)
    return residents.assign(denominator=residents["denominator"] * run.years)


def other_forces(run: Run) -> pd.DataFrame:
    """
    Return other forces to compare with, by the codes that the run's definition lists.

    Returns
    -------
    forces
        As `sources.forces.other_forces` returns them; `attrs["residents"]` says whose residents
        the rates are made with, "" where the file of forces holds them; `attrs["covers"]` is the
        period of the file; on open data `attrs["listed"]` is `sources.forces.listed_share` and
        `attrs["definition"]` the title of the definition, which is applied nowhere else.

    Raises
    ------
    NotInThisRun
        If the settings name no file of other forces.
    """
    run.require("forces")
    by = definition.load(run.settings.definition)
    listed = by.classes
    table = forces.other_forces(run.folder, run.settings, classes=listed)
    table.attrs["residents"] = forces.residents_of(run.settings)
    table.attrs["force"] = force_name(run)
    table.attrs["covers"] = str(run.settings.sources["other_forces"].get("covers", ""))
    if not run.can("definition"):
        table.attrs["definition"] = by.title
        table.attrs["listed"] = forces.listed_share(run.folder, run.settings, classes=listed)
    return table


def force_name(run: Run) -> str:
    """Return the name of the run's force as its file of other forces writes it, else its own."""
    return run.settings.sources.get(forces.SOURCE, {}).get("force", run.settings.force)


def area_fits(run: Run) -> pd.DataFrame:
    """
    Return how the small areas fit into the partnership's own areas; no row where it has none.

    Returns
    -------
    fits
        `area_type` (title of the level), `fit` ("in one area", "cut by a border", "in no area"),
        `small_areas` (how many).
    """
    rows = [
        (title, fit, int((placed == fit).sum()))
        for level, title in custom_areas.levels(run.settings).items()
        for placed in [run.fit_of(level)["fit"]]
        for fit in (custom_areas.WHOLE, custom_areas.CUT, custom_areas.NONE)
    ]
    return pd.DataFrame(rows, columns=["area_type", "fit", "small_areas"])


def sections(run: Run) -> list[str]:
    """Return the names of the notebooks that this run can fill, such as `06_hotspots`."""
    there = resource("notebooks").glob("[0-9][0-9]_*.ipynb")
    needed = {file.stem: needs.about_file(file).needs for file in sorted(there)}
    return [name for name, of_it in needed.items() if all(map(run.can, of_it))]


def lacking(run: Run) -> dict[str, str]:
    """
    Return what an item of the duty may need and this run does not show, in words by its name.

    The names are those of `needs.NEEDS`, `two_years` and `admissions`.
    """
    found = {name: one.section for name, one in needs.NEEDS.items() if not run.can(name)}
    if len(run.months) < TWO_YEARS:
        found["two_years"] = "Change between two full years"
    if "admissions" not in run.settings.sources:
        found["admissions"] = "Hospital admissions"
    if run.can("neighbours"):
        valued = indicator_table(run).dropna(subset="value")["area_code"]
        if not neighbours(run)["neighbour_code"].isin(valued).any():
            found["neighbours"] = "Values of statistical neighbours"
    return found


def main_findings(run: Run) -> list[str]:
    """Return the names by which a recommendation cites the main findings: `F06-1` and so on."""
    return [f"F{name[:2]}-1" for name in sections(run)]


SOURCE = "indicators"


def indicator_table(run: Run) -> pd.DataFrame:
    """
    Return the indicators of the run: a partner's tidy file, or the open files as published.

    Parameters
    ----------
    run
        The run. `[sources.indicators]` with `form = "catalogue"` reads every file that the
        catalogue names below the data folder; without it, one tidy file of a partner.

    Raises
    ------
    NotInThisRun
        If the settings name no indicators.
    """
    run.require(SOURCE)
    known = catalogue.catalogue()
    if run.settings.sources[SOURCE].get("form") == "catalogue":
        return indicators.indicators(run.folder, known)
    [file] = files.locate(run.folder, run.settings, SOURCE)
    source = run.settings.sources[SOURCE]
    whole = {"area_code": source.get("benchmark"), "area_name": source.get("benchmark_name", "")}
    areas = pd.concat([run.districts, pd.DataFrame([whole])], ignore_index=True)
    return partner_indicators.indicator_file(file, known, areas=areas)


def compared_places(run: Run) -> dict[str, Any]:
    """
    Return which area the profile is of and what it is set beside, as `factors.profile` takes it.

    Parameters
    ----------
    run
        The run. `[sources.indicators]` gives `area` and `benchmark` (codes), optionally `members`
        (codes of the areas in the benchmark; else the districts) and `every_member` (whether
        these are all).

    Raises
    ------
    NotInThisRun, SettingsError
        If there are no indicators, or the area or benchmark is not named.
    """
    run.require(SOURCE)
    source = run.settings.sources[SOURCE]
    if missing := [name for name in ("area", "benchmark") if name not in source]:
        raise SettingsError(
            f"{run.settings.file}: [sources.indicators] lacks {' and '.join(missing)}: the code of "
            "the area whose profile is wanted, and of what it is compared with."
        )
    codes = source.get("members", run.districts["area_code"].tolist())
    members = pd.DataFrame({"benchmark_code": source["benchmark"], "member_code": codes})
    return {
        "area": source["area"],
        "benchmark": source["benchmark"],
        "members": members,
        "complete": source.get("every_member", False),
    }


def neighbours(run: Run) -> pd.DataFrame:
    """
    Return the statistical neighbours of the area whose profile is wanted, nearest first.

    Parameters
    ----------
    run
        The run. `[sources.neighbours]` is a CSV of pairs, or the Department for Education's
        workbook as published.

    Returns
    -------
    neighbours
        `area_code, neighbour_code, neighbour_name, closeness`.

    Raises
    ------
    NotInThisRun
        If the settings name no file of neighbours.
    DataError
        If the file cannot be used, or names no neighbours of the area.
    """
    run.require("neighbours")
    [file] = files.locate(run.folder, run.settings, "neighbours")
    known = indicators.known_areas(run.folder, catalogue.catalogue())
    named = dict(zip(run.districts["area_name"], run.districts["area_code"], strict=True))
    pairs = statistical_neighbours(file, codes=named | known)
    own = pairs[pairs["area_code"] == compared_places(run)["area"]]
    if own.empty:
        raise DataError(
            f"{file}: none of the {pairs['area_code'].nunique()} authorities in it is the area of "
            "[sources.indicators], so it has no neighbours. Correct area, or add its rows."
        )
    return own.reset_index(drop=True)
