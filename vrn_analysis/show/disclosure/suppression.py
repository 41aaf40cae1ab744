"""Choose secondary suppressions, so that no small count can be worked out."""

from dataclasses import dataclass, replace

import numpy as np
from scipy import sparse

from vrn_analysis.core.errors import DisclosureError
from vrn_analysis.show.disclosure import attacker
from vrn_analysis.show.disclosure import equations as system
from vrn_analysis.show.disclosure.attacker import Attack
from vrn_analysis.show.disclosure.cells import Cells
from vrn_analysis.show.disclosure.equations import Block
from vrn_analysis.show.disclosure.knowledge import Findings, View, findings, refuse_worked_out, view
from vrn_analysis.show.disclosure.profiles import Profile

# cells in the largest block in which every secondary cell is tried again; beyond, one try takes
# long and few succeed
PARED = 500
# what hiding a count costs is its power; more than one is tried where there are few cells
COST_POWERS = (1.0, 0.0)
SMALL = 100
# a level that a cell has to be able to reach, upwards or downwards
Aim = tuple[bool, float]


@dataclass
class Search:
    """The inputs that stay the same while secondary cells are chosen."""

    cells: Cells
    profile: Profile
    shown: np.ndarray
    cost: np.ndarray
    primary: np.ndarray
    must_hide: np.ndarray
    may_hide: np.ndarray
    equations: sparse.csr_matrix
    blocks: list[Block]

    def view(self, hidden: np.ndarray) -> View:
        """Return what a reader sees when these cells are hidden."""
        return view(self.cells, np.where(hidden, np.nan, self.shown), self.profile)

    def attack(self, hidden: np.ndarray, worlds: list[np.ndarray]) -> Attack:
        """Return the start of an attack when these cells are hidden."""
        seen = self.view(hidden)
        return Attack(self.equations, seen.lower, seen.upper, worlds)

    def findings(self, attack: Attack, hidden: np.ndarray, *, thorough: bool = False) -> Findings:
        """Return what a reader can work out about each cell, looking near each cell only."""
        secret = self.view(hidden).secret
        return findings(attack, secret, self.profile, primary=self.primary, thorough=thorough)


def screen(
    search: Search, hidden: np.ndarray, world: np.ndarray, target: int, aim: Aim
) -> tuple[np.ndarray, np.ndarray] | None:
    """
    Return the hidden cells with those added that let the target reach its aim, and such a world.

    The nearest world to what is published in which the target is at its level: each cell that
    has to leave what its shown count allows is hidden. Cost is by count, so that small cells are
    hidden before large ones.
    """
    seen = search.view(hidden)
    up, level = aim
    lower, upper = seen.lower.copy(), seen.upper.copy()
    if up:
        lower[target] = max(level, lower[target])
    else:
        upper[target] = min(level, upper[target])
    block = next((block for block in search.blocks if target in block.members), None)
    if block is None:
        return None
    place = int(np.searchsorted(block.members, target))
    sizes = [size for size in attacker.SIZES if size < len(block.members)]
    best = None
    for size in [*sizes, len(block.members)]:
        near, _ = system.around(block, place, world[block.members], size)
        found = _moves(search, hidden, near, lower, upper)
        if found is not None:
            moved, counts = found
            best = near, moved, counts
            if not moved.any() or size >= attacker.SIZES[-1]:
                break
    if best is None:
        return None
    near, moved, counts = best
    more, other = hidden.copy(), world.copy()
    more[near.members[moved]] = True
    other[near.members] = counts
    return more, other


def _moves(
    search: Search, hidden: np.ndarray, near: Block, lower: np.ndarray, upper: np.ndarray
) -> tuple[np.ndarray, np.ndarray] | None:
    """Return which cells leave their shown interval in the cheapest world, and that world."""
    movable = search.may_hide[near.members]
    movable[near.members < len(hidden)] &= ~hidden[near.members[near.members < len(hidden)]]
    away = np.flatnonzero(movable)
    cost = search.cost[near.members[away]]
    lower, upper = lower[near.members], upper[near.members]
    columns = near.matrix[:, away]
    found = system.solve(
        np.concatenate([np.zeros(len(lower)), cost, cost]),
        Block(
            near.members,
            sparse.hstack([near.matrix, columns, -columns], format="csr"),
            near.right,
            np.concatenate([lower, np.zeros(2 * len(away))]),
            np.concatenate([upper, np.full(len(away), np.inf), np.maximum(lower[away] - 1, 0)]),
        ),
    )
    if found is None:
        return None
    more, less = found[len(lower) :].reshape(2, -1)
    counts = found[: len(lower)].copy()
    counts[away] += more - less
    moved = np.zeros(len(lower), dtype=bool)
    moved[away] = more + less > system.NEAR
    return moved, counts


def _ways(search: Search, found: Findings, place: int) -> list[list[Aim]]:
    """Return ways to make a secret safe: each a list of aims."""
    lower, upper, small = found.lower[place], found.upper[place], search.profile.threshold - 1
    whole: list[Aim] = []
    if upper < small:
        whole.append((True, float(small)))
    if lower > found.floor[place]:
        whole.append((False, float(found.floor[place])))
    number = found.numbers[place]
    if number < len(search.primary) and search.primary[number]:
        return [whole]
    width = small - 1
    wider = [[(True, max(small + 1, lower + width))], [(False, max(0, upper - width))]]
    return [whole, *wider] if upper > small else [whole, *wider[:1]]


def _secured(
    search: Search, attack: Attack, hidden: np.ndarray, target: int, ways: list[list[Aim]]
) -> np.ndarray | None:
    """Return the hidden cells with the fewest added that make one secret safe."""
    best = None
    for aims in ways:
        trial, worlds = hidden, []
        for aim in aims:
            found = screen(search, trial, attack.centre, target, aim)
            if found is None:
                break
            trial, world = found
            worlds.append(world)
        else:
            cost = search.cost[trial].sum()
            if best is None or cost < best[0]:
                best = cost, trial, worlds
    if best is None:
        return None
    for world in best[2]:
        attack.learn(world)
    return best[1]


def _screened(
    search: Search, hidden: np.ndarray, world: np.ndarray
) -> tuple[np.ndarray, list[np.ndarray]]:
    """Add secondary suppressions; return the solutions that prove safety."""
    worlds = [world]
    while True:
        attack = search.attack(hidden, worlds)
        found = search.findings(attack, hidden)
        unsafe = np.flatnonzero(~found.safe)
        worlds = attack.worlds
        if not len(unsafe):
            return hidden, worlds
        failed, before = [], hidden
        for place in unsafe:
            target = int(found.numbers[place])
            more = _secured(search, attack, hidden, target, _ways(search, found, place))
            failed += [target] if more is None else []
            hidden = hidden if more is None else more
        if failed:
            attack = search.attack(hidden, worlds)
            refuse_worked_out(search.findings(attack, hidden, thorough=True), failed)
        if hidden is before:
            return hidden, worlds


def _brought(attack: Attack, numbers: np.ndarray, level: np.ndarray, *, up: bool) -> bool:
    """Return whether each cell can be brought to its level, stopping at the first that cannot."""
    for place in np.flatnonzero(attack.short(numbers, level, up=up)):
        number, aim = numbers[[place]], level[[place]]
        if attack.short(number, aim, up=up)[0]:
            attacker.ask_one(attack, int(number[0]), float(aim[0]), up=up)
            if attack.short(number, aim, up=up)[0]:
                return False
    return True


def _pared(search: Search, hidden: np.ndarray, worlds: list[np.ndarray]) -> np.ndarray:
    """Return the hidden cells without those that every secret is safe without."""
    small, primary = search.profile.threshold - 1, np.flatnonzero(search.primary)
    worlds = _useful(worlds, np.flatnonzero(hidden))
    start = search.attack(hidden, worlds)
    floor = np.maximum(np.ceil(start.low[primary] - system.NEAR), 1.0)
    near = [block.members for block in start.blocks if len(block.members) <= PARED]
    may_show = np.isin(np.arange(len(hidden)), np.concatenate([[], *near]))
    secondary = np.flatnonzero(hidden & ~search.must_hide & may_show)
    for cell in secondary[np.argsort(-search.cost[secondary], kind="stable")]:
        without = hidden.copy()
        without[cell] = False
        seen = search.view(without)
        least, most = seen.lower[cell] - system.NEAR, seen.upper[cell] + system.NEAR
        attack = search.attack(without, [w for w in worlds if least <= w[cell] <= most])
        safe = (
            _brought(attack, primary, np.full(len(primary), float(small)), up=True)
            and _brought(attack, primary, floor, up=False)
            and search.findings(attack, without).safe.all()
        )
        if safe:
            hidden, worlds = without, _useful(attack.worlds, np.flatnonzero(without))
    return hidden


def _useful(worlds: list[np.ndarray], numbers: np.ndarray) -> list[np.ndarray]:
    """Return the worlds in which some cell is further up or down than in any other."""
    counts = np.array([world[numbers] for world in worlds])
    kept = {0, *counts.argmax(axis=0).tolist(), *counts.argmin(axis=0).tolist()}
    return [worlds[place] for place in sorted(kept)]


def _exchanged(search: Search, hidden: np.ndarray, world: np.ndarray) -> np.ndarray:
    """Return the hidden cells with the dearest exchanged for others where that costs less."""
    for cell in np.argsort(-search.cost, kind="stable"):
        if not hidden[cell] or search.must_hide[cell]:
            continue
        without, allowed = hidden.copy(), search.may_hide.copy()
        without[cell] = allowed[cell] = False
        try:
            found = _screened(replace(search, may_hide=allowed), without, world)
        except DisclosureError:
            continue
        other = _pared(search, *found)
        if search.cost[other].sum() < search.cost[hidden].sum():
            hidden = other
    return hidden


def _search(
    cells: Cells, counts: np.ndarray, shown: np.ndarray, profile: Profile, published: np.ndarray
) -> Search:
    primary = (counts > 0) & (counts < profile.threshold)
    equations = cells.equations()
    must_hide = np.isnan(shown) | primary
    may_hide = np.zeros(len(cells), dtype=bool)
    may_hide[: cells.published] = (counts > 0) & ~published
    seen = view(cells, np.where(must_hide | may_hide[: cells.published], np.nan, shown), profile)
    wide = system.blocks(equations, seen.lower, seen.upper)
    cost = np.nan_to_num(counts) + 1.0
    return Search(cells, profile, shown, cost, primary, must_hide, may_hide, equations, wide)


def _truth(search: Search, counts: np.ndarray) -> np.ndarray:
    """Return a world with the true counts, and possible ones where they are not known."""
    seen = search.view(search.must_hide)
    lower, upper = seen.lower.copy(), seen.upper.copy()
    known = np.flatnonzero(~np.isnan(counts))
    lower[known] = upper[known] = counts[known]
    return attacker.any_world(system.blocks(search.equations, lower, upper), lower)


def choose(
    cells: Cells, counts: np.ndarray, shown: np.ndarray, profile: Profile, *, published: np.ndarray
) -> np.ndarray:
    """
    Return which published cells to hide: the small ones, and those that screen them.

    Cells in `published` are out already: what is shown of them cannot be hidden any more.
    `counts` is missing where only an earlier table shows a cell, `shown` where it hides one.
    """
    search = _search(cells, counts, shown, profile, published)
    if not search.must_hide.any() and len(cells) == cells.published:
        return search.must_hide
    world = _truth(search, counts)
    # on small tables several starts are tried, and the one that loses least is kept
    powers = COST_POWERS if len(cells) <= SMALL else COST_POWERS[:1]
    found = []
    for power in powers:
        start = replace(search, cost=search.cost**power)
        found.append(_pared(search, *_screened(start, search.must_hide, world)))
    hidden = min(found, key=lambda hidden: search.cost[hidden].sum())
    return _exchanged(search, hidden, world) if len(powers) > 1 else hidden
