"""Find which health sources have ages, and who in them is certainly under 25."""

from collections.abc import Mapping

import ibis
import pandas as pd

from vrn_analysis.core.errors import DataError
from vrn_analysis.count.classify.people import AGE_UNKNOWN, parse_age_band
from vrn_analysis.count.tables import only
from vrn_analysis.count.tables.people import ADULT, OLDER, UNKNOWN_AGE, YOUNG
from vrn_analysis.methods.triangulate.beside import require_ages

HELD, NOT_HELD = "yes", "no"


def _no_ages(events: ibis.Table, source: str) -> str:
    """Return why a source cannot be cut by age, or "" where it can."""
    names = [name for name in ("age", "age_band") if name in events.columns]
    whole = {name: events[name].count() for name in names}
    filled = events.aggregate(**whole).to_pandas().iloc[0] if whole else {}
    table = pd.DataFrame({name: [1 if filled[name] else None] for name in names})
    try:
        require_ages(table, source=source)
    except DataError as reason:
        return str(reason)
    return ""


def ages_held(sources: Mapping[str, ibis.Table]) -> pd.DataFrame:
    """
    Return whether each source has ages, and the reason where it has none.

    Parameters
    ----------
    sources
        Events by the source's name, one row an attendance, call-out or admission.

    Returns
    -------
    table
        `source, ages` ("yes" or "no"), `why_not`.
    """
    reasons = [_no_ages(events, name) for name, events in sources.items()]
    return pd.DataFrame(
        {
            "source": list(sources),
            "ages": [NOT_HELD if reason else HELD for reason in reasons],
            "why_not": reasons,
        }
    )


def with_ages(sources: Mapping[str, ibis.Table]) -> dict[str, ibis.Table]:
    """Return the sources that have ages with the age group of each event: see `add_age_focus`."""
    held = only(ages_held(sources), ages=HELD)["source"]
    return {name: add_age_focus(sources[name], source=name) for name in held}


def add_age_focus(events: ibis.Table, *, source: str) -> ibis.Table:
    """
    Add the age group of each event: UNDER_25, 25_AND_OVER or UNKNOWN_AGE.

    Parameters
    ----------
    events
        Events with `age` or `age_band`. A band is in a group if the whole band is; one that
        straddles 25 is not known.
    source
        The source's name, for the error.

    Returns
    -------
    events
        The same rows and `age_focus`.

    Raises
    ------
    DataError
        If the source holds no ages.
    """
    if reason := _no_ages(events, source):
        raise DataError(reason)
    low, high = (ibis.literal(end) for end in AGE_UNKNOWN)
    if "age_band" in events.columns:
        bands = events.select("age_band").distinct().to_pandas()["age_band"].dropna()
        limits = {band: parse_age_band(band) for band in bands}
        low, high = (
            ibis.cases(
                *((events.age_band == band, limit[end]) for band, limit in limits.items()),
                (events.age_band.isnull(), AGE_UNKNOWN[end]),
                else_=AGE_UNKNOWN[end],
            )
            for end in (0, 1)
        )
    if "age" in events.columns:
        possible = events.age.between(*AGE_UNKNOWN).fill_null(False)
        low, high = (ibis.ifelse(possible, events.age, end) for end in (low, high))
    focus = ibis.cases((high < ADULT, YOUNG), (low >= ADULT, OLDER), else_=UNKNOWN_AGE)
    return events.mutate(age_focus=focus)
