"""Counts protected by the run's disclosure profile, straight after the count."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from typing import Any

import pandas as pd

from vrn_analysis.core.errors import DisclosureError, NotEnoughError, SettingsError
from vrn_analysis.count.assessment import NotInThisRun, Run
from vrn_analysis.count.tables import AGE_NESTING, ALL, OUTCOME_NESTING, PART_NESTING
from vrn_analysis.count.times import months_in
from vrn_analysis.show import disclosure
from vrn_analysis.show.disclosure import PROFILES
from vrn_analysis.show.publish import ledger, shared, wholes

INTERNAL = "none_internal"
QUINTILE = "quintile"
# columns that say more of a row or of its key, and are none themselves
WORDS = ("count", "denominator", "area_name", "first", "last")
NESTING = AGE_NESTING | OUTCOME_NESTING | PART_NESTING


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
    published: Mapping[str, pd.DataFrame] | None = None,
) -> dict[str, pd.DataFrame]:
    """
    Protect tables together, and note for the audit what they show.

    Parameters
    ----------
    tables
        Counts by name. A `denominator` is a count of records, protected with what is part of it.
    dimensions, nesting, published
        As for `disclosure.protect_together`.
    about
        What the audit is to know: `source, of`.

    Raises
    ------
    NotEnoughError
        If too few records are left to show the tables beside what is published.
    """
    profile = profile_of(run, source=about.get("source", ""))
    asked, keys, inside = wholes.asked(tables, dimensions=dimensions, nesting=nesting)
    how = {"profile": profile, "nesting": inside, "published": published}
    try:
        protected = disclosure.protect_together(asked, dimensions=keys, **how)
    except DisclosureError as fault:
        if not published:
            raise
        few = "There are too few records to show these counts beside those of other chapters."
        raise NotEnoughError(few) from fault
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
    counts: pd.DataFrame | Mapping[str, pd.DataFrame] | list[shared.Counts],
    run: Run,
    *,
    dimensions: Sequence[str] | None = None,
    nesting: Mapping[tuple[str, str], Mapping] | None = None,
    source: str = "",
    of: str = "",
) -> Any:
    """
    Apply the run's disclosure profile to counts, straight after the count.

    Parameters
    ----------
    counts
        Keys and `count`; totals are rows that hold "All" in a dimension. A `denominator` that is
        there already is a count of records, protected with what is counted of them. Several tables
        by name show the same records in several ways: they are protected together, so that none
        undoes another. In a list of pairs, of such tables and their nesting, the last are asked
        for, and those before are what other chapters show, as `publish.by_outcome` and its like
        count it: each is protected beside those before it, and stays as it is. Counts without an
        outcome beside counts with one are of records that count.
    dimensions
        The key columns of one table; without them all columns but those of `WORDS`. One that a
        table lacks is a total over it.
    nesting
        What else is part of what, as `disclosure.protect_together` takes it. Ages in age groups,
        records that could count, and months in the periods of a table with `first` and `last` are
        known.
    source
        The source counted, where its agreement may ask for a profile of its own.
    of
        What is counted, where it is neither the records that count nor told by its dimensions:
        the audit sets tables of the same side by side.

    Returns
    -------
    counts
        The same rows; `count` rounded or missing, `status` and `count_error` added: see
        `disclosure.protect`. Several by the same names.

    Raises
    ------
    NotEnoughError
        If there are too few records to show them beside what other chapters show.
    """
    if QUINTILE in (dimensions or ()):
        raise DisclosureError(
            "A table by quintile is protected with its small areas, since everybody can look up "
            "which lies in which: publish.protect_areas returns both."
        )
    one = counts if isinstance(counts, Mapping) else {"table": counts}
    steps = counts if isinstance(counts, list) else [(one, nesting or {})]
    keys, counted, shown, inside = {}, {}, {}, {}
    for tables, parts in (step for step in steps if step[0]):
        decided = {"outcome": "IN"} if any("outcome" in table for table in counted.values()) else {}
        counted |= {name: table.assign(**decided | dict(table)) for name, table in tables.items()}
        asked = {name: counted[name] for name in tables}
        keys |= {n: dimensions or [c for c in t if c not in WORDS] for n, t in asked.items()}
        inside |= _known_nesting(counted, keys) | dict(parts)
        how = {"dimensions": keys, "nesting": inside, "about": {"source": source, "of": of}}
        shown = shown | together(asked, run, published=shown, **how)
    added = {"outcome"} - {column for table in tables.values() for column in table}
    protected = {name: shown[name].drop(columns=added, errors="ignore") for name in tables}
    return shown["table"] if isinstance(counts, pd.DataFrame) else protected


def _known_nesting(
    tables: Mapping[str, pd.DataFrame], keys: Mapping[str, Sequence[str]]
) -> dict[tuple[str, str], Mapping]:
    """Return what is part of what in any assessment, as far as the tables show both."""
    shown = {column for columns in keys.values() for column in columns}
    found = {pair: inside for pair, inside in NESTING.items() if set(pair) <= shown}
    for table in tables.values():
        if "month" in shown and {"first", "last"} <= set(table):
            period = next(name for name in ("period", "quarter") if name in table)
            for pair, inside in months_in(table, period=period).items():
                found[pair] = {**found.get(pair, {}), **inside}
    return found


def protect_changes(table: pd.DataFrame, run: Run, *, dimensions: Sequence[str]) -> pd.DataFrame:
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
    Return the table if every count in it is shown; else leave the section out.

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
