"""Counts protected by the run's disclosure profile, straight after the count."""

from collections.abc import Mapping

import pandas as pd

from vrn_analysis import disclosure
from vrn_analysis.assessment import NotInThisRun, Run
from vrn_analysis.tables import NOT_LOCATED


def protect(table: pd.DataFrame, run: Run, *, dimensions: list[str]) -> pd.DataFrame:
    """
    Apply the run's disclosure profile to a table of counts, straight after the count.

    Parameters
    ----------
    table
        Keys and `count`; totals are rows that hold "All" in a dimension.
    dimensions
        The key columns.

    Returns
    -------
    table
        The same rows; `count` rounded or missing, `status` and `count_error` added: see
        `disclosure.protect`.
    """
    return disclosure.protect(table, dimensions=dimensions, profile=run.settings.disclosure_profile)


def protect_areas(
    tables: Mapping[str, pd.DataFrame], run: Run, *, by: list[str] | None = None
) -> dict[str, pd.DataFrame]:
    """
    Protect tables of the same records by areas that lie in each other, so none undoes another.

    Parameters
    ----------
    tables
        By level (`lsoa`, `msoa`, `district`), as `tables.count_by_area` makes them.
    by
        Further dimensions that every table has.

    Returns
    -------
    tables
        By level, each as `protect` returns it.
    """
    inside = dict.fromkeys((f"{level}_code" for level in tables), NOT_LOCATED)
    finest, *wider = inside
    places = pd.concat([run.lookup, pd.DataFrame([inside])])
    nesting = {
        (finest, whole): dict(zip(places[finest], places[whole], strict=True)) for whole in wider
    }
    named = {
        level: table.rename(columns={"area_code": f"{level}_code"})
        for level, table in tables.items()
    }
    protected = disclosure.protect_together(
        named,
        dimensions={level: [f"{level}_code", *(by or [])] for level in named},
        profile=run.settings.disclosure_profile,
        nesting=nesting,
    )
    return {
        level: table.rename(columns={f"{level}_code": "area_code"})
        for level, table in protected.items()
    }


def protect_linked(
    tables: Mapping[str, pd.DataFrame],
    run: Run,
    *,
    nesting: Mapping[tuple[str, str], Mapping] | None = None,
) -> dict[str, pd.DataFrame]:
    """
    Protect tables that show the same records in several ways, so that none undoes another.

    Parameters
    ----------
    tables
        By name; every column but `count` and `area_name` is a dimension. A dimension that a
        table lacks is a total over it.
    nesting
        What is part of what, as `disclosure.protect_together` takes it: `tables.AGE_NESTING`,
        `times.months_in(years)`.

    Returns
    -------
    tables
        By name, each as `protect` returns it.
    """
    words = ("count", "area_name")
    dimensions = {
        name: [column for column in table.columns if column not in words]
        for name, table in tables.items()
    }
    return disclosure.protect_together(
        tables,
        dimensions=dimensions,
        profile=run.settings.disclosure_profile,
        nesting=dict(nesting or {}),
    )


def require_shown(table: pd.DataFrame, *, what: str) -> pd.DataFrame:
    """
    Return the table if every count in it is shown; else the section is not in this run.

    Raises
    ------
    NotInThisRun
        If counts are suppressed that a chart or model needs without a gap.
    """
    hidden = int((table["status"] == "suppressed").sum())
    if hidden:
        raise NotInThisRun(
            f"{hidden} of {len(table)} counts are suppressed, so {what} cannot be made without a "
            "gap. Count longer periods or fewer groups."
        )
    return table
