"""
An attacker who knows no equation of ours: one unknown for each combination of all dimensions.

Every row that is published is a sum of these unknowns, whatever table it stands in, so nothing
that follows from the tables is missed. It is slow, and so for small tables only.
"""

import numpy as np
from scipy.optimize import linprog

from vrn_analysis.disclosure import PROFILES

NEAR = 1e-6


class Attacker:
    """
    What follows from protected tables.

    `levels` gives for each column the dimension it is a level of and, for each of its labels, the
    places of the finest values in it; a label that is not there is everything.
    """

    def __init__(self, tables, dimensions, levels, sizes, profile):
        self.rule, self.sizes, self.levels = PROFILES[profile], sizes, levels
        self.rows, low, high = [], [], []
        for name, table in tables.items():
            for row in table.to_dict("records"):
                hidden, shown = row["status"] == "suppressed", row["count"]
                self.rows.append(self.indicator(row, dimensions[name]))
                zero = not hidden and shown == 0
                loose = 0 if hidden or zero else self.rule.error
                least = 1 if hidden else 0 if zero else max(shown - loose, self.rule.threshold)
                low.append(least)
                high.append(np.inf if hidden else shown + loose)
        self.rows, self.low, self.high = np.array(self.rows), np.array(low), np.array(high)

    def indicator(self, row, dimensions):
        """Return which combinations a row counts."""
        inside = np.ones(tuple(self.sizes.values()), dtype=bool)
        for column in dimensions:
            dimension, labels = self.levels[column]
            axis = list(self.sizes).index(dimension)
            kept = np.zeros(self.sizes[dimension], dtype=bool)
            kept[labels.get(row[column], slice(None))] = True
            shape = [1] * inside.ndim
            shape[axis] = -1
            inside = inside & kept.reshape(shape)
        return inside.ravel().astype(float)

    def end(self, wanted, low, high, sign):
        bounded = np.isfinite(high)
        found = linprog(
            sign * wanted,
            A_ub=np.vstack([-self.rows, self.rows[bounded]]),
            b_ub=np.concatenate([-low, high[bounded]]),
            bounds=(0, None),
            method="highs",
        )
        assert found.status in (0, 3), found.message
        return np.inf if found.status == 3 else sign * found.fun

    def interval(self, row, dimensions):
        """Return the least and the greatest count a row can have, and its least by zeros alone."""
        wanted = self.indicator(row, dimensions)
        zero = np.where(self.high == 0, 0.0, np.inf)
        floor = self.end(wanted, np.minimum(self.low, 1), zero, 1)
        low, high = (self.end(wanted, self.low, self.high, sign) for sign in (1, -1))
        return np.ceil(low - NEAR), np.floor(high + NEAR), max(np.ceil(floor - NEAR), 1)


def given_away(true, safe, dimensions, levels, sizes, profile):
    """Return the small counts that cannot be everything from their floor to the threshold."""
    attacker, found = Attacker(safe, dimensions, levels, sizes, profile), []
    small = PROFILES[profile].threshold - 1
    for name, table in safe.items():
        counts = true[name]["count"].to_numpy()
        for place in np.flatnonzero((counts > 0) & (counts <= small)):
            row = table.iloc[place].to_dict()
            low, high, floor = attacker.interval(row, dimensions[name])
            if low > floor or high < small:
                found.append((name, place, low, high))
    return found
