"""The equations that join cells, in blocks, and the linear programmes over them."""

from collections import deque
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import connected_components

from vrn_analysis.core.errors import DisclosureError

NEAR = 1e-6
SWEEPS = 20


@dataclass
class Block:
    """Equations and the numbers of the unknown cells in them, with nothing unknown elsewhere."""

    members: np.ndarray
    matrix: sparse.csr_matrix
    right: np.ndarray
    lower: np.ndarray
    upper: np.ndarray

    @cached_property
    def columns(self) -> sparse.csc_matrix:
        """The equations by cell."""
        return self.matrix.tocsc()

    def near(self, target: int, size: int) -> np.ndarray:
        """Return the places of the `size` cells fewest equations away from one."""
        by_row, by_column = self.matrix, self.columns
        chosen, rows, queue = {target: None}, set(), deque([target])
        while queue and len(chosen) < size:
            place = queue.popleft()
            for row in by_column.indices[by_column.indptr[place] : by_column.indptr[place + 1]]:
                if row in rows:
                    continue
                rows.add(row)
                found = by_row.indices[by_row.indptr[row] : by_row.indptr[row + 1]].tolist()
                queue.extend(other for other in found if other not in chosen)
                chosen.update(dict.fromkeys(found))
        return np.sort(np.fromiter(chosen, dtype=int)[:size])


def blocks(equations: sparse.csr_matrix, lower: np.ndarray, upper: np.ndarray) -> list[Block]:
    """Return the parts of a system of equations that have nothing unknown in common."""
    free = np.flatnonzero(upper > lower)
    known = np.where(upper > lower, 0.0, lower)
    matrix = equations[:, free]
    used = np.diff(matrix.indptr) > 0
    matrix, right = matrix[used], -(equations[used] @ known)
    if matrix.nnz == 0:
        return []
    touching = sparse.bmat([[None, matrix], [matrix.T, None]])
    component = connected_components(touching, directed=False)[1]
    rows_of, component = component[: matrix.shape[0]], component[matrix.shape[0] :]
    order = np.argsort(component, kind="stable")
    found = []
    for inside in np.split(order, np.flatnonzero(np.diff(component[order])) + 1):
        rows = np.flatnonzero(rows_of == component[inside[0]])
        if len(rows):
            members = free[inside]
            part = matrix[rows][:, inside]
            found.append(Block(members, part, right[rows], lower[members], upper[members]))
    return found


def solve(cost: np.ndarray, block: Block) -> np.ndarray | None:
    """
    Return the cheapest point that meets the equations and the bounds, or None if none does.

    Where the cost has no least value the point is infinite.
    """
    from scipy.optimize import linprog  # heavy, and not needed by all that imports this module

    answer = linprog(
        cost,
        A_eq=block.matrix,
        b_eq=block.right,
        bounds=np.column_stack([block.lower, block.upper]),
        # the interior point method was seen never to end on one of these
        method="highs-ds",
        options={"presolve": False},
    )
    if answer.status == 2:
        return None
    if answer.status == 3:
        return np.full(len(cost), np.inf)
    if answer.status != 0:
        raise DisclosureError(f"The check for disclosure could not be finished: {answer.message}")
    return answer.x


def towards(block: Block, targets: np.ndarray, level: np.ndarray, *, up: bool) -> np.ndarray | None:
    """Return one possible world that brings as many targets as it can to their level."""
    if up:
        near = np.minimum(np.maximum(level, block.lower[targets]), block.upper[targets])
    else:
        near = np.maximum(np.minimum(level, block.upper[targets]), block.lower[targets])
    size = len(block.members)
    upper = block.upper.copy()
    upper[targets] = near
    cost = np.zeros(size + len(targets))
    cost[targets if up else slice(size, None)] = -1.0 if up else 1.0
    world = solve(
        cost,
        Block(
            block.members,
            sparse.hstack([block.matrix, block.matrix[:, targets]], format="csr"),
            block.right,
            np.concatenate([block.lower, np.zeros(len(targets))]),
            np.concatenate([upper, block.upper[targets] - near]),
        ),
    )
    if world is None:
        return None
    found = world[:size].copy()
    found[targets] += world[size:]
    return found


def around(block: Block, target: int, world: np.ndarray, size: int) -> tuple[Block, np.ndarray]:
    """
    Return the equations near one cell, in which only `size` cells may move from a world.

    Returns the smaller block and the places of its members in the block.
    """
    if size >= len(block.members):
        return block, np.arange(len(block.members))
    places = block.near(target, size)
    part = block.matrix[:, places]
    part = part[np.flatnonzero(np.diff(part.indptr))]
    # what may not move stays as it is in the world, so the moving cells keep their sums
    near = Block(
        block.members[places], part, part @ world[places], block.lower[places], block.upper[places]
    )
    return near, places


def outer_bounds(
    equations: sparse.csr_matrix, lower: np.ndarray, upper: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """
    Return bounds that no possible world breaks, from one equation at a time.

    They are cheap, and settle the cells that are plainly large without a linear programme.
    """
    lower, upper = lower.copy(), upper.copy()
    entries = equations.tocoo()
    row, cell, plus = entries.row, entries.col, entries.data > 0
    for _ in range(SWEEPS):
        before = lower.sum()
        least = np.where(plus, lower[cell], -upper[cell])
        most = np.where(plus, upper[cell], -lower[cell])
        others_least, others_most = _without(least, row), _without(most, row)
        np.maximum.at(lower, cell, np.where(plus, -others_most, others_least))
        np.minimum.at(upper, cell, np.where(plus, -others_least, others_most))
        if lower.sum() <= before + NEAR:
            break
    return lower, upper


def _without(values: np.ndarray, row: np.ndarray) -> np.ndarray:
    """Return for each entry the sum of the others in its row; values may be infinite."""
    endless = np.isinf(values)
    finite = np.where(endless, 0.0, values)
    total, count = np.bincount(row, finite), np.bincount(row, endless)
    open_ended = count[row] - endless > 0
    sign = np.sign(values[endless][0]) if endless.any() else 1.0
    return np.where(open_ended, sign * np.inf, total[row] - finite)
