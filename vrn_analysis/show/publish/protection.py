"""Counts protected by the run's disclosure profile, straight after the count."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import pandas as pd

from vrn_analysis.core.errors import DisclosureError, NotEnoughError, SettingsError
from vrn_analysis.count.assessment import NotInThisRun, Run
from vrn_analysis.count.tables import ALL
from vrn_analysis.show import disclosure
from vrn_analysis.show.disclosure import PROFILES
from vrn_analysis.show.publish import ledger, wholes

INTERNAL = "none_internal"
QUINTILE = "quintile"


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


def together(
    tables: Mapping[str, pd.DataFrame],
    run: Run,
    *,
    dimensions: Mapping[str, Sequence[str]],
    nesting: Mapping[tuple[str, str], Mapping] | None = None,
    about: Mapping[str, Any],
) -> dict[str, pd.DataFrame]:
    """
    Protect tables together, and note for the audit what they show.

    Parameters
    ----------
    tables
        Counts by name. A `denominator` is a count of records, protected with what is part of it.
    dimensions, nesting
        As for `disclosure.protect_together`.
    about
        What the audit is to know: `source, of`.
    """
    profile = profile_of(run, source=about.get("source", ""))
    asked, keys, inside = wholes.asked(tables, dimensions=dimensions, nesting=nesting)
    protected = disclosure.protect_together(asked, dimensions=keys, profile=profile, nesting=inside)
    if ALL in protected and protected[ALL]["count"].isna().any():
        # the headline shows this total: what is safe while it is hidden is not safe beside it
        raise NotEnoughError("There are too few records to show how many are in which area.")
    if ledger.is_open():
        known = _known(run) | {"audience": run.settings.audience} | dict(about)
        ledger.note(asked, protected, dimensions=keys, profile=profile, nesting=inside, about=known)
    return wholes.beside(tables, protected, rule=PROFILES[profile])


def _known(run: Run) -> dict[str, Any]:
    """Return what the audit needs to know of a run; a bare extract has no lookup."""
    known = {}
    for name in ("lookup", "period", "months"):
        with suppress(NotInThisRun, AttributeError):
            known[name] = getattr(run, name)
    return known


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
        there already is a count of records, protected with what is counted of them.
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
    if QUINTILE in dimensions:
        raise DisclosureError(
            "A table by quintile is protected with its small areas, since everybody can look up "
            "which lies in which: publish.protect_areas returns both."
        )
    about = {"source": source, "of": of}
    keys = {"table": dimensions}
    return together({"table": table}, run, dimensions=keys, nesting=nesting, about=about)["table"]


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
        By name; every column but `count`, `denominator` and `area_name` is a dimension. One that a
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
    words = ("count", "denominator", "area_name")
    dimensions = {
        name: [column for column in table.columns if column not in words]
        for name, table in tables.items()
    }
    about = {"source": source, "of": of}
    return together(tables, run, dimensions=dimensions, nesting=nesting, about=about)


def protect_changes(table: pd.DataFrame, run: Run, *, dimensions: list[str]) -> pd.DataFrame:
    """
    Protect counts that are read beside the first: one that differs from it by few is hidden, too.

    Parameters
    ----------
    table, dimensions
        As for `protect`; the first row is what the others are changes of.
    """
    protected = protect(table, run, dimensions=dimensions)
    return wholes.hide_close(protected, table["count"], rule=PROFILES[profile_of(run)])


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
