"""Counts protected by the run's disclosure profile, straight after the count."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import numpy as np
import pandas as pd

from vrn_analysis import disclosure
from vrn_analysis.assessment import NotInThisRun, Run
from vrn_analysis.disclosure import PROFILES
from vrn_analysis.errors import SettingsError
from vrn_analysis.publish import ledger
from vrn_analysis.tables import NOT_LOCATED

INTERNAL = "none_internal"


def profile_of(run: Run, *, source: str = "") -> str:
    """
    Return the disclosure profile for this audience, and for counts of this source.

    A source's agreement may ask for a rule of its own: `disclosure_profile` in its table of the
    settings, one name or one for each audience. Other counts get that of the assessment.

    Raises
    ------
    SettingsError
        If there is no such profile, or one without protection is asked for by a run that others
        than those who may see the records will read.
    """
    settings = run.settings
    own = settings.sources.get(source, {}).get("disclosure_profile", settings.disclosure_profile)
    if isinstance(own, Mapping):
        own = own.get(settings.audience, settings.disclosure_profile)
    where = f"[sources.{source}]" if source in settings.sources else "the settings"
    if own not in PROFILES:
        raise SettingsError(
            f"Unknown disclosure profile {own!r} in {where}: choose one of {', '.join(PROFILES)}."
        )
    if own == INTERNAL and settings.audience != "internal":
        raise SettingsError(
            f"{where} ask for {INTERNAL}, which protects nobody, in an edition for "
            f"{settings.audience}. Choose another profile, or set audience to internal."
        )
    return own


def _together(
    tables: Mapping[str, pd.DataFrame],
    run: Run,
    *,
    dimensions: Mapping[str, Sequence[str]],
    nesting: Mapping[tuple[str, str], Mapping] | None = None,
    about: Mapping[str, Any],
) -> dict[str, pd.DataFrame]:
    """Protect tables together, and note for the audit what they show."""
    profile = profile_of(run, source=about.get("source", ""))
    protected = disclosure.protect_together(
        tables, dimensions=dimensions, profile=profile, nesting=dict(nesting or {})
    )
    if ledger.is_open():
        known = _known(run) | {"audience": run.settings.audience} | dict(about)
        ledger.note(
            tables, protected,
            dimensions=dimensions, profile=profile, nesting=nesting, about=known,
        )  # fmt: skip
    return protected


def _known(run: Run) -> dict[str, Any]:
    """Return what the audit needs to know of a run; a bare extract has no lookup."""
    known = {}
    for name in ("lookup", "period", "months"):
        with suppress(NotInThisRun, AttributeError):
            known[name] = getattr(run, name)
    return known


def _denominator_rounded(table: pd.DataFrame, profile: str) -> pd.DataFrame:
    """
    Return the table with a denominator of records rounded as its counts are.

    What is set beside a count before it is protected was counted from the same records; residents
    are joined afterwards, and are no secret.
    """
    rule = PROFILES[profile]
    if "denominator" not in table or rule.base == 1:
        return table
    exact = table["denominator"].to_numpy(dtype=float, na_value=np.nan)
    loose = np.where(exact > 0, float(rule.error), 0.0)
    shown = disclosure.rounded(exact, rule)
    return table.assign(denominator=shown, denominator_error=loose)


def protect(
    table: pd.DataFrame,
    run: Run,
    *,
    dimensions: list[str],
    source: str = "",
    of: str = "",
    nesting: Mapping[tuple[str, str], Mapping] | None = None,
) -> pd.DataFrame:
    """
    Apply the run's disclosure profile to a table of counts, straight after the count.

    Parameters
    ----------
    table
        Keys and `count`; totals are rows that hold "All" in a dimension. A `denominator` that is
        there already is a count of records, and rounded like them.
    dimensions
        The key columns.
    source
        The source counted, where its agreement may ask for a profile of its own.
    of
        What is counted, where it is neither the records that count nor told by its dimensions:
        the audit sets tables of the same side by side.
    nesting
        What is part of what, as `disclosure.protect_together` takes it.

    Returns
    -------
    table
        The same rows; `count` rounded or missing, `status` and `count_error` added: see
        `disclosure.protect`.
    """
    protected = _together(
        {"table": table}, run, dimensions={"table": dimensions}, nesting=nesting,
        about={"source": source, "of": of},
    )["table"]  # fmt: skip
    return _denominator_rounded(protected, profile_of(run, source=source))


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
    places = pd.concat([run.lookup, pd.DataFrame([inside])]).fillna(NOT_LOCATED)
    nesting = {
        (finest, whole): dict(zip(places[finest], places[whole], strict=True)) for whole in wider
    }
    named = {
        level: table.rename(columns={"area_code": f"{level}_code"})
        for level, table in tables.items()
    }
    dimensions = {level: [f"{level}_code", *(by or [])] for level in named}
    protected = _together(named, run, dimensions=dimensions, nesting=nesting, about={})
    return {
        level: table.rename(columns={f"{level}_code": "area_code"})
        for level, table in protected.items()
    }


def protect_linked(
    tables: Mapping[str, pd.DataFrame],
    run: Run,
    *,
    nesting: Mapping[tuple[str, str], Mapping] | None = None,
    source: str = "",
    of: str = "",
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
    source, of
        As for `protect`.

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
    about = {"source": source, "of": of}
    return _together(tables, run, dimensions=dimensions, nesting=nesting, about=about)


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
