"""Compare tables that readers already have with those of a new edition."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from vrn_analysis.show.disclosure.cells import Dimensions, Nesting, Tables, counts_of, keys, lattice
from vrn_analysis.show.disclosure.profiles import Profile, named, shown_bounds


def unrevised(
    published: Tables,
    tables: Tables,
    *,
    dimensions: Dimensions,
    nesting: Nesting | None,
    rule: Profile,
) -> dict[str, pd.DataFrame]:
    """
    Return published tables without the rows that the new counts contradict.

    A row shown as a count that the new count would not round to, or hidden where the new count
    is zero, has been revised: setting it against the new table tells a reader nothing certain.
    """
    levels = lattice(nesting)
    now = {
        key: count
        for name, table in tables.items()
        for key, count in zip(keys(table, dimensions[name], levels), counts_of(table), strict=True)
    }
    kept = {}
    for name, table in published.items():
        new = np.array([now.get(key, np.nan) for key in keys(table, dimensions[name], levels)])
        least, most = shown_bounds(counts_of(table), rule)
        kept[name] = table[np.isnan(new) | ((least <= new) & (new <= most))]
    return kept


def uncontradicted(
    old: Tables,
    new: Tables,
    *,
    dimensions: Dimensions,
    nesting: Nesting | None,
    profile: Mapping[str, str],
) -> dict[str, pd.DataFrame]:
    """
    Return published tables without the rows that newer published tables contradict.

    As `unrevised`, for a reader who has the newer tables as they are shown only.

    Parameters
    ----------
    profile
        The name of the rule of each table, old or new.
    """
    levels, now = lattice(nesting), {}
    for name, table in new.items():
        least, most = shown_bounds(counts_of(table), named(profile[name]))
        found = keys(table, dimensions[name], levels)
        for key, low, high in zip(found, least, most, strict=True):
            before = now.get(key, (0.0, np.inf))
            now[key] = max(before[0], low), min(before[1], high)
    kept = {}
    for name, table in old.items():
        least, most = shown_bounds(counts_of(table), named(profile[name]))
        found = [now.get(key, (0.0, np.inf)) for key in keys(table, dimensions[name], levels)]
        low, high = np.array(found).reshape(-1, 2).T
        kept[name] = table[(least <= high) & (low <= most)]
    return kept
