"""What the labels of an extract mean: those understood, and those that only the analyst knows."""

from collections.abc import Mapping as Lookup
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from vrn_analysis.core.contracts import OFFENCES, PERSONS
from vrn_analysis.core.definition import location_types
from vrn_analysis.drafting.evidence import grades
from vrn_analysis.drafting.origins import Question, knives
from vrn_analysis.read.extracts.meanings import explain, meaning
from vrn_analysis.read.extracts.vocabulary import WORDED, plain

# what decides whether a record counts is asked of; the rest is listed
ASKED = ("location_type", "status", "relationship_to_victim", "domestic_flag")


@dataclass(frozen=True)
class Labels:
    """The labels of each column and how many of the rows looked at have them."""

    counts: dict[str, dict[str, int]]
    graded: frozenset[str] = frozenset()

    def meant(self, label: str, column: str) -> str | None:
        """Return what a label means; a grade of the risk of domestic abuse says that it was."""
        graded = column == "domestic_flag" and label in self.graded
        return "yes" if graded else meaning(label, column)

    def understood(self, column: str) -> dict[str, str]:
        """Return what the labels of a column mean, where they are not the contract's own words."""
        told = {label: self.meant(label, column) for label in self.counts.get(column, {})}
        return {
            label: word for label, word in told.items()
            if word is not None and plain(label) != plain(word)
        }  # fmt: skip

    def odd(self, column: str, answers: Lookup[str, str] | None = None) -> dict[str, int]:
        """Return the labels that are not understood, most records first."""
        found = {
            label: number for label, number in self.counts.get(column, {}).items()
            if self.meant(label, column) is None
            and f"label:{column}:{label}" not in (answers or {})
        }  # fmt: skip
        return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))

    def questions(self) -> list[Question]:
        """Return a question for each label that is not understood and affects what is counted."""
        return [
            Question(
                f"label:{column}:{label}",
                f"What does {label!r} mean ({column}, {number:,} records)? "
                f"Not recognised: {explain(label, column)}",
                number, words_for(column), "",
            )
            for column in ASKED
            for label, number in self.odd(column).items()
        ]  # fmt: skip


def words_for(column: str) -> tuple[str, ...]:
    """Return the words that a label of a column can mean."""
    if column == "location_type":
        return tuple(row["location_type"] for row in location_types())
    allowed = {one.name: one.allowed for one in (*OFFENCES, *PERSONS)}
    return allowed[column] or ("yes", "no")


def labels_of(groups: Sequence[Any]) -> Labels:
    """Return the labels of every column that has words, from the groups of a draft."""
    counts: dict[str, dict[str, int]] = {}
    graded: set[str] = set()
    for group in groups:
        for one in group.found:
            if one.field in WORDED and not (one.field == "weapon" and knives(one.column)):
                graded.update(grades(one.column) if one.field == "domestic_flag" else ())
                mine = counts.setdefault(one.field, {})
                for label, number in one.column.said.items():
                    mine[label] = mine.get(label, 0) + number
    return Labels(counts, frozenset(graded))
