"""The risk and protective factors of a run, and the area and benchmark they are read for."""

from typing import Any

import pandas as pd

from vrn_analysis.core.errors import DataError, SettingsError
from vrn_analysis.count.assessment.run import Run
from vrn_analysis.read.files import files
from vrn_analysis.read.sources import catalogue, indicators, partner_indicators
from vrn_analysis.read.sources.catalogue import statistical_neighbours

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
