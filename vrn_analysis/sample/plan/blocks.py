"""Blocks in which a sample of any size is drawn, each with its own random streams."""

from collections.abc import Iterator
from dataclasses import dataclass

from vrn_analysis.sample.plan.pattern import Pattern
from vrn_analysis.sample.plan.streams import stream

# offences drawn at once: limits memory for a sample of any size
SIZE = 100_000


@dataclass(frozen=True)
class Block:
    """Part of one month: `size` offences, numbered from `first`."""

    month: int
    part: int
    first: int
    size: int
    prefix: str

    @property
    def name(self) -> str:
        """The name that its streams go by."""
        return f"{self.prefix}/{self.part}"

    @property
    def person_prefix(self) -> str:
        """The beginning of the pseudonyms of persons seen only once."""
        return f"{self.prefix}{self.part:02d}"


def blocks(pattern: Pattern, *, rows: int, seed: int) -> Iterator[Block]:
    """Yield the blocks of a sample: months drawn by their expected weight, cut to size."""
    weight = pattern.cells.sum(axis=(1, 2))
    counts = stream("months/counts", seed=seed).multinomial(rows, weight / weight.sum())
    for month, count in enumerate(counts):
        prefix = f"SYN{pattern.months[month]:%y%m}"
        for part, first in enumerate(range(0, count, SIZE)):
            size = int(min(SIZE, count - first))
            yield Block(month, part, first, size, prefix)
