"""
What a reader with every published total, the threshold and a solver can work out.

A possible world is a count for every cell that meets every equation and every bound. A world in
which a hidden cell is 7 proves that the reader cannot rule 7 out. So worlds are kept: one proves
much about many cells, and only what no world proves costs a linear programme of its own.
"""

from collections import deque
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from scipy import sparse
from scipy.optimize import linprog
from scipy.sparse.csgraph import connected_components

from vrn_analysis.errors import DisclosureError

NEAR = 1e-6
# cells that may move while one cell is tested: near its own equations first, then all
SIZES = (120, 500)
CENTRE = 8
ROUNDS = 3
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


@dataclass
class Attack:
    """
    The bounds a reader starts from, and the possible worlds found so far.

    `low` and `high` are the least and the greatest that each cell is in any of the `worlds`.
    """

    equations: sparse.csr_matrix
    lower: np.ndarray
    upper: np.ndarray
    worlds: list[np.ndarray] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.blocks = blocks(self.equations, self.lower, self.upper)
        if not self.worlds:
            self.worlds = [any_world(self.blocks, self.lower)]
        self.low, self.high = np.min(self.worlds, axis=0), np.max(self.worlds, axis=0)
        self.centre = np.mean(self.worlds[:CENTRE], axis=0)

    def learn(self, world: np.ndarray) -> None:
        """Keep one more possible world."""
        self.worlds.append(world)
        self.low, self.high = np.minimum(self.low, world), np.maximum(self.high, world)
        if len(self.worlds) <= CENTRE:
            self.centre = np.mean(self.worlds, axis=0)

    def short(self, numbers: np.ndarray, level: np.ndarray, *, up: bool) -> np.ndarray:
        """Return which cells no world has brought to their level yet; NaN asks for nothing."""
        with np.errstate(invalid="ignore"):
            if up:
                return self.high[numbers] < level - NEAR
            return self.low[numbers] > level + NEAR


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


def any_world(found: list[Block], lower: np.ndarray) -> np.ndarray:
    """
    Return a possible world.

    Raises
    ------
    DisclosureError
        If there is none.
    """
    world = lower.copy()
    for block in found:
        inside = solve(np.zeros(len(block.members)), block)
        if inside is None:
            raise DisclosureError(
                "The tables contradict each other: no counts meet all their totals. Were they "
                "protected together, with these dimensions, this nesting and this profile?"
            )
        world[block.members] = inside
    return world


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


def _at_its_end(attack: Attack, block: Block, target: int, *, up: bool) -> bool:
    """Whether the equations near a cell prove that no world takes it further."""
    if len(block.members) <= SIZES[-1]:
        return False
    rows = np.unique(block.columns[:, block.near(target, SIZES[0])].indices)
    part = block.matrix[rows]
    places = np.unique(part.indices)
    near = Block(
        block.members[places],
        part[:, places],
        block.right[rows],
        block.lower[places],
        block.upper[places],
    )
    cost = np.zeros(len(places))
    cost[np.searchsorted(places, target)] = -1.0 if up else 1.0
    found = solve(cost, near)
    if found is None:
        return False
    end, number = found[np.searchsorted(places, target)], block.members[target]
    if up:
        return bool(np.floor(end + NEAR) <= np.floor(attack.high[number] + NEAR))
    return bool(np.ceil(end - NEAR) >= np.ceil(attack.low[number] - NEAR))


def ask(
    attack: Attack, block: Block, target: int, level: float, *, up: bool, thorough: bool
) -> None:
    """
    Look for a world in which one cell is at its level, or failing that as near as can be.

    Unless `thorough`, cells far from it stay as they are where the block is large.
    """
    world, size = attack.centre, len(block.members)
    if thorough and _at_its_end(attack, block, target, up=up):
        return
    for size in [size] if thorough or size <= SIZES[0] else [s for s in SIZES if s < size]:
        near, places = around(block, target, world[block.members], size)
        place = int(np.searchsorted(places, target))
        found = towards(near, np.array([place]), np.array([level]), up=up)
        if found is not None:
            reached = world.copy()
            reached[near.members] = found
            attack.learn(reached)
        if not attack.short(block.members[[target]], np.array([level]), up=up)[0]:
            return


def ask_one(attack: Attack, number: int, level: float, *, up: bool) -> None:
    """Look near one cell for a world in which it is at its level."""
    for block in attack.blocks:
        target = int(np.searchsorted(block.members, number))
        if target < len(block.members) and block.members[target] == number:
            ask(attack, block, target, level, up=up, thorough=False)


def explore(
    attack: Attack, numbers: np.ndarray, level: np.ndarray, *, up: bool, thorough: bool
) -> None:
    """Look for worlds that bring each cell to its level; NaN asks for nothing."""
    for block in attack.blocks:
        mine = np.flatnonzero(np.isin(numbers, block.members))
        for _ in range(ROUNDS):
            left = mine[attack.short(numbers[mine], level[mine], up=up)]
            if len(left) < 2:
                break
            targets = np.searchsorted(block.members, numbers[left])
            found = towards(block, targets, level[left], up=up)
            if found is None:
                break
            world = attack.worlds[0].copy()
            world[block.members] = found
            attack.learn(world)
            if attack.short(numbers[left], level[left], up=up).mean() > 0.8:
                break
        for place in mine:
            if attack.short(numbers[[place]], level[[place]], up=up)[0]:
                target = int(np.searchsorted(block.members, numbers[place]))
                ask(attack, block, target, level[place], up=up, thorough=thorough)


def limits(attack: Attack, numbers: np.ndarray, *, up: bool) -> np.ndarray:
    """Return the greatest or the least count of each cell in any possible world."""
    ends = (attack.upper if up else attack.lower)[numbers].copy()
    sign = -1.0 if up else 1.0
    for block in attack.blocks:
        for place in np.flatnonzero(np.isin(numbers, block.members)):
            target = np.searchsorted(block.members, numbers[place])
            cost = np.zeros(len(block.members))
            cost[target] = sign
            found = solve(cost, block)
            if found is None:
                raise DisclosureError("The tables contradict each other.")
            ends[place] = found[target]
    return np.floor(ends + NEAR) if up else np.ceil(ends - NEAR)
