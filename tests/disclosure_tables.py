"""Random tables for the tests of disclosure control, and the least that has to be hidden in one."""

from itertools import combinations

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from vrn_analysis.show import disclosure
from vrn_analysis.show.disclosure.links import linked
from vrn_analysis.show.disclosure.profiles import rounded, shown_bounds


def counted(records, dimensions, totals=True):
    """Return complete counts over the dimensions, with every total if asked for."""
    full = pd.MultiIndex.from_product([sorted(records[d].unique()) for d in dimensions])
    full.names = dimensions
    found = (
        records.groupby(dimensions)["count"]
        .sum()
        .reindex(full if len(dimensions) > 1 else full.get_level_values(0), fill_value=0)
    )
    cells = found.rename_axis(dimensions).reset_index()
    sizes = range(len(dimensions) + 1) if totals else [0]
    return pd.concat(
        [
            cells.assign(**dict.fromkeys(total, "All"))
            .groupby(dimensions, as_index=False)["count"]
            .sum()
            for size in sizes
            for total in combinations(dimensions, size)
        ],
        ignore_index=True,
    )


def crossed(counts):
    """Return a table of two dimensions with its totals."""
    counts = np.asarray(counts)
    cells = pd.DataFrame(
        [(f"r{i}", f"c{j}", counts[i, j]) for i, j in np.ndindex(*counts.shape)],
        columns=["row", "column", "count"],
    )
    return counted(cells, ["row", "column"])


def random_counts(random, shape, mean=None):
    mean = mean or random.choice([3, 10, 30])
    return random.negative_binomial(0.8, 0.8 / (0.8 + mean), size=shape)


def least_hidden(table, profile, most=400):
    """Return the smallest sum of hidden counts that protects every small one, by a MILP."""
    rule = disclosure.PROFILES[profile]
    cells = linked({"t": table}, dimensions={"t": ["row", "column"]})
    counts = cells.counts({"t": table})
    equations, size = cells.equations(), len(counts)
    low, high = shown_bounds(rounded(counts, rule), rule)
    small = np.flatnonzero((counts > 0) & (counts < rule.threshold))
    low[small], high[small] = 1, rule.threshold - 1
    aims = [(cell, up) for cell in small for up in (True, False)]
    one, none = sparse.identity(size, format="csr"), sparse.csr_matrix((equations.shape[0], size))
    rows, lower, upper = [], [], []
    world_low, world_high = [], []
    for place, (cell, up) in enumerate(aims):
        here = sparse.csr_matrix(([1.0], ([0], [place])), shape=(1, len(aims)))
        rows.append(sparse.hstack([none, sparse.kron(here, equations)]))
        rows.append(sparse.hstack([-most * one, sparse.kron(here, one)]))
        rows.append(sparse.hstack([sparse.diags(np.maximum(low - 1, 0)), sparse.kron(here, one)]))
        lower += [np.zeros(equations.shape[0]), np.full(size, -np.inf), low]
        upper += [np.zeros(equations.shape[0]), high, np.full(size, np.inf)]
        bottom, top = (counts > 0).astype(float), np.where(counts > 0, np.inf, 0.0)
        if up:
            bottom[cell] = rule.threshold - 1
        else:
            top[cell] = least_sum(table, cell)
        world_low.append(bottom)
        world_high.append(top)
    if not aims:
        return 0.0
    must, may = np.isin(np.arange(size), small).astype(float), (counts > 0).astype(float)
    found = milp(
        np.concatenate([counts, np.zeros(size * len(aims))]),
        constraints=LinearConstraint(
            sparse.vstack(rows).tocsr(), np.concatenate(lower), np.concatenate(upper)
        ),
        integrality=np.concatenate([np.ones(size), np.zeros(size * len(aims))]),
        bounds=Bounds(np.concatenate([must, *world_low]), np.concatenate([may, *world_high])),
    )
    return counts[found.x[:size] > 0.5].sum()


def least_sum(table, cell):
    """Return how many counts above zero a cell is the sum of."""
    row, column = table.loc[cell, ["row", "column"]]
    inner = table[(table["row"] != "All") & (table["column"] != "All") & (table["count"] > 0)]
    inner = inner[(inner["row"] == row) | (row == "All")]
    return float(((inner["column"] == column) | (column == "All")).sum())
