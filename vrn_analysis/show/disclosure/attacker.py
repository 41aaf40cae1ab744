"""
Work out what a reader with every published total, the threshold and a solver can learn.

A possible world is a count for every cell that meets every equation and every bound. A world in
which a hidden cell is 7 proves that the reader cannot rule 7 out. So worlds are kept: one proves
much about many cells, and only what no world proves costs a linear programme of its own.
"""

from dataclasses import dataclass, field

import numpy as np
from scipy import sparse

from vrn_analysis.core.errors import DisclosureError
from vrn_analysis.show.disclosure.equations import NEAR, Block, around, blocks, solve, towards

# cells that may move while one cell is tested: near its own equations first, then all
SIZES = (120, 500)
# worlds whose mean is the start of a search; and how often many cells are tried at once
CENTRE = 8
ROUNDS = 3


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


def _at_its_end(attack: Attack, block: Block, target: int, *, up: bool) -> bool:
    """Return whether the equations near a cell prove that no world takes it further."""
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
    Search for a world in which one cell is at its level, or as near as possible.

    Unless `thorough`, cells far from it stay as they are where the block is large.
    """
    world, size = attack.centre, len(block.members)
    if thorough and _at_its_end(attack, block, target, up=up):
        return
    near_enough = [most for most in SIZES if most < size]
    for most in [size] if thorough or not near_enough else near_enough:
        near, places = around(block, target, world[block.members], most)
        place = int(np.searchsorted(places, target))
        found = towards(near, np.array([place]), np.array([level]), up=up)
        if found is not None:
            reached = world.copy()
            reached[near.members] = found
            attack.learn(reached)
        if not attack.short(block.members[[target]], np.array([level]), up=up)[0]:
            return


def ask_one(attack: Attack, number: int, level: float, *, up: bool) -> None:
    """Search near one cell for a world in which it is at its level."""
    for block in attack.blocks:
        target = int(np.searchsorted(block.members, number))
        if target < len(block.members) and block.members[target] == number:
            ask(attack, block, target, level, up=up, thorough=False)


def explore(
    attack: Attack, numbers: np.ndarray, level: np.ndarray, *, up: bool, thorough: bool
) -> None:
    """Search for worlds that bring each cell to its level; NaN asks for nothing."""
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
