"""Tables that readers have already, set beside those of a new edition."""

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from vrn_analysis.disclosure.cells import Nesting, counts_of, keys, lattice
from vrn_analysis.disclosure.profiles import Profile, shown_bounds


def unrevised(
    published: Mapping[str, pd.DataFrame],
    tables: Mapping[str, pd.DataFrame],
    *,
    dimensions: Mapping[str, Sequence[str]],
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
        shown = counts_of(table)
        least, most = shown_bounds(np.nan_to_num(shown), rule)
        hidden = np.isnan(shown)
        least, most = np.where(hidden, 1, least), np.where(hidden, np.inf, most)
        kept[name] = table[np.isnan(new) | ((least <= new) & (new <= most))]
    return kept
