"""Work out what a reader knows, what follows from it, and whether that is too much."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from vrn_analysis.core.errors import DataError, DisclosureError
from vrn_analysis.show.disclosure import attacker
from vrn_analysis.show.disclosure import equations as system
from vrn_analysis.show.disclosure.attacker import Attack
from vrn_analysis.show.disclosure.cells import Cells, Tables, counts_of
from vrn_analysis.show.disclosure.inputs import EXAMPLES
from vrn_analysis.show.disclosure.profiles import Profile, shown_bounds


@dataclass
class View:
    """The least and greatest possible count of each cell as printed, and whether it is secret."""

    lower: np.ndarray
    upper: np.ndarray
    secret: np.ndarray


def view(cells: Cells, shown: np.ndarray, profile: Profile) -> View:
    """
    Return what a reader knows before using any sum.

    `shown` holds the shown count of each published cell, and missing for a hidden one. Because
    true zeros are shown, a hidden count is at least 1; a part that no table shows may be 0.
    """
    lower, upper = np.zeros(len(cells)), np.full(len(cells), np.inf)
    secret = np.ones(len(cells), dtype=bool)
    lower[: cells.published], upper[: cells.published] = shown_bounds(shown, profile)
    secret[: cells.published] = np.isnan(shown)
    return View(lower, upper, secret)


def views(cells: Cells, tables: Tables, rules: Mapping[str, Profile]) -> View:
    """
    Return what a reader knows who has every table, each with its rule.

    A count is secret if no table shows it.

    Raises
    ------
    DataError
        If tables show different counts of one cell.
    """
    seen = View(np.zeros(len(cells)), np.full(len(cells), np.inf), np.ones(len(cells), dtype=bool))
    apart: dict[str, str] = {}
    for name, table in tables.items():
        counts = cells.counts({name: table})
        one, numbers = view(cells, counts, rules[name]), np.unique(cells.rows[name])
        seen.lower[numbers] = np.maximum(seen.lower, one.lower)[numbers]
        seen.upper[numbers] = np.minimum(seen.upper, one.upper)[numbers]
        seen.secret[numbers] &= one.secret[numbers]
        wrong = numbers[seen.lower[numbers] > seen.upper[numbers]]
        if len(wrong):
            apart[name] = cells.words(int(wrong[0])) or "everything"
    if apart:
        raise DataError(
            f"{len(apart)} of {len(tables)} tables show another count than a table before them of "
            "what seems the same: "
            + "; ".join(f"{name} ({cell})" for name, cell in list(apart.items())[:EXAMPLES])
        )
    # a part of a total of zero is zero
    seen.upper[cells.parts_of(np.flatnonzero(seen.upper[: cells.published] == 0))] = 0
    return seen


def small_shown(
    cells: Cells, tables: Tables, rules: Mapping[str, Profile]
) -> tuple[np.ndarray, np.ndarray]:
    """Return the cells that a table shows though its rule hides them, and what it shows."""
    found: dict[int, float] = {}
    for name, table in tables.items():
        counts = counts_of(table)
        small = (counts > 0) & (counts < rules[name].threshold)
        found |= dict(zip(cells.rows[name][small].tolist(), counts[small].tolist(), strict=True))
    return np.array([*found], dtype=int), np.array([*found.values()], dtype=float)


@dataclass
class Findings:
    """
    The interval that a reader can work out for each secret cell, and whether it is safe.

    `floor` is the least count that the cell could have if only zeros were shown.
    """

    numbers: np.ndarray
    lower: np.ndarray
    upper: np.ndarray
    floor: np.ndarray
    safe: np.ndarray


def floors(equations: sparse.csr_matrix, attack: Attack, numbers: np.ndarray) -> np.ndarray:
    """
    Return the least count each cell can have when only zeros are shown.

    A hidden total of three hidden parts is at least 3, whatever else is hidden: that much the
    zeros of the profile give away.
    """
    zero = attack.upper == 0
    lower = np.where(zero, 0.0, np.minimum(attack.lower, 1.0))
    open_attack = Attack(equations, lower, np.where(zero, 0.0, np.inf), [attack.worlds[0]])
    one = np.ones(len(numbers))
    attacker.explore(open_attack, numbers, one, up=False, thorough=True)
    return np.maximum(np.ceil(open_attack.low[numbers] - system.NEAR), 1.0)


def findings(
    attack: Attack,
    secret: np.ndarray,
    profile: Profile,
    *,
    primary: np.ndarray | None = None,
    thorough: bool = True,
    exact: bool = False,
) -> Findings:
    """
    Return what a reader can work out about each secret cell.

    Safe is a cell that

    - can be every count from 1 to the threshold - 1 (from its floor on, if that is higher);
    - or cannot be small, or is known to be zero because nothing is left of its whole;
    - or, unless it is known to be `primary`, may be small or not, within an interval at least as
      wide as that range: a reader cannot tell that it is small.

    An interval is followed to its end only where that decides, or if `exact`; unless `thorough`
    only cells near each other are moved in large blocks, and safe cells may be called unsafe.
    """
    numbers = np.flatnonzero(secret & (attack.upper > attack.lower))
    is_small = np.zeros(len(attack.lower), dtype=bool)
    if primary is not None:
        is_small[: len(primary)] = primary
    judge = _Judge(attack, numbers, profile.threshold - 1, is_small[numbers], exact)
    if not exact:
        # with the primary cells known, others are followed only until they are safe
        judge.explore(judge.all() if primary is None else ~judge.findings().safe, thorough=False)
    judge.raise_floors()
    if not exact:
        judge.blur(thorough=False)
        found = judge.findings()
        # more worlds make no cell unsafe, so only cells not yet shown safe need them
        doubt = ~found.safe
        if not thorough:
            doubt &= ~judge.is_small & (found.lower > judge.small)
        judge.explore(doubt, thorough=True)
        judge.blur(thorough=thorough)
    return judge.findings()


def refuse_worked_out(found: Findings, targets: Collection[int]) -> None:
    """
    Raise a DisclosureError if one of the targets is unsafe when it is followed to its end.

    A part of a whole that is shown to be 0 is known to be 0, which gives nobody away; a quick look
    cannot always tell it from a small count.
    """
    if lost := set(found.numbers[~found.safe].tolist()) & set(targets):
        raise DisclosureError(
            f"{len(lost)} small counts can be worked out from published tables, even if everything "
            "else is hidden."
        )


class _Judge:
    """Secret cells, the least each could be, and what the worlds found so far prove."""

    def __init__(
        self, attack: Attack, numbers: np.ndarray, small: int, is_small: np.ndarray, exact: bool
    ) -> None:
        self.attack, self.numbers, self.small = attack, numbers, small
        self.is_small = is_small
        least, most = system.outer_bounds(attack.equations, attack.lower, attack.upper)
        self.large = np.ceil(least[numbers] - system.NEAR) > small
        self.nought = np.floor(most[numbers] + system.NEAR) == 0
        self.floor = np.ones(len(numbers))
        self.limits = _ends(attack, numbers, exact=True) if exact else None
        # whether the interval is known to be no wider
        self.proven = np.full(len(numbers), exact)

    def all(self) -> np.ndarray:
        return ~self.large

    def ends(self) -> tuple[np.ndarray, np.ndarray]:
        return self.limits or _ends(self.attack, self.numbers, exact=False)

    def findings(self) -> Findings:
        lower, upper = self.ends()
        whole = (lower <= self.floor) & (upper >= self.small)
        apart = self.large | self.nought | self.proven & ((lower > self.small) | (upper == 0))
        wide = (upper > self.small) & (upper - lower >= self.small - 1)
        return Findings(
            self.numbers, lower, upper, self.floor, whole | apart | (wide & ~self.is_small)
        )

    def explore(self, wanted: np.ndarray, *, thorough: bool) -> None:
        for up, level in (
            (True, np.full(len(self.numbers), float(self.small))),
            (False, self.floor),
        ):
            aim = np.where(wanted, level, np.nan)
            attacker.explore(self.attack, self.numbers, aim, up=up, thorough=thorough)
        if thorough:
            self.proven = self.proven | wanted

    def raise_floors(self) -> None:
        lower, _ = self.ends()
        doubtful = (lower > 1) & (lower <= self.small)
        if doubtful.any():
            found = floors(self.attack.equations, self.attack, self.numbers[doubtful])
            self.floor = self.floor.copy()
            self.floor[doubtful] = found

    def blur(self, *, thorough: bool) -> None:
        found = self.findings()
        wanted = ~found.safe & ~self.is_small & (found.upper >= self.small)
        level = np.maximum(self.small + 1, found.lower + self.small - 1)
        aim = np.where(wanted, level, np.nan)
        attacker.explore(self.attack, self.numbers, aim, up=True, thorough=thorough)


def _ends(attack: Attack, numbers: np.ndarray, *, exact: bool) -> tuple[np.ndarray, np.ndarray]:
    if exact:
        return (
            attacker.limits(attack, numbers, up=False),
            attacker.limits(attack, numbers, up=True),
        )
    joined = np.zeros(len(attack.lower), dtype=bool)
    for block in attack.blocks:
        joined[block.members] = True
    lower = np.where(joined, attack.low, attack.lower)[numbers]
    upper = np.where(joined, attack.high, attack.upper)[numbers]
    return np.ceil(lower - system.NEAR), np.floor(upper + system.NEAR)
