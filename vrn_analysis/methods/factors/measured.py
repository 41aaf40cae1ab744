"""The indicators of a run: values, profile, changes and the ranking of factors."""

from dataclasses import dataclass
from typing import Any

import pandas as pd

from vrn_analysis.count.assessment import Run, compared_places, indicator_table
from vrn_analysis.methods.factors.benchmarks import benchmark_problems, beside_neighbours, profile
from vrn_analysis.methods.factors.charts import (
    RANK_WORDS,
    change_rows,
    member_rows,
    placed,
    spine_rows,
)
from vrn_analysis.methods.factors.coverage import changes, level_by_life_stage
from vrn_analysis.methods.factors.priorities import criteria, priorities, sensitivity
from vrn_analysis.methods.factors.values import values
from vrn_analysis.read.sources import catalogue, judgement


@dataclass(frozen=True)
class Measured:
    """
    What the indicators of a run say of its area.

    `known` is the catalogue, `places` what is compared (`assessment.compared_places`); `values`,
    `profile`, `changes`, `criteria` and `priorities` are made by the functions of those names, with
    the `weights` of the priorities.
    """

    known: pd.DataFrame
    places: dict[str, Any]
    values: pd.DataFrame
    profile: pd.DataFrame
    changes: pd.DataFrame
    criteria: pd.DataFrame
    weights: dict
    priorities: pd.DataFrame

    @property
    def members(self) -> list[str]:
        """The codes of the areas in the benchmark."""
        return [*self.places["members"]["member_code"]]

    @property
    def covered(self) -> pd.DataFrame:
        """Which levels and life stages have a factor: see `level_by_life_stage`."""
        return level_by_life_stage(self.known, self.values)

    @property
    def drawn(self) -> pd.DataFrame:
        """The factors where a matrix shows them."""
        return placed(self.known, self.values)

    @property
    def implausible(self) -> pd.DataFrame:
        """Benchmarks that cannot be an average of their members."""
        about = {name: self.places[name] for name in ("members", "complete")}
        return benchmark_problems(self.values, **about)

    @property
    def spine(self) -> pd.DataFrame:
        """The profile and all members, as the spine chart takes them."""
        return spine_rows(self.profile, self.values, self.members)

    @property
    def by_member(self) -> pd.DataFrame:
        """The indicators of the profile in every member."""
        return member_rows(self.profile, self.values, self.members)

    @property
    def moved(self) -> pd.DataFrame:
        """The changes as a reader needs them."""
        return change_rows(self.changes, self.known)

    @property
    def ranked(self) -> pd.DataFrame:
        """The factors by rank, with the ranks that chance and other weights allow."""
        table = self.priorities[list(RANK_WORDS)]
        table.attrs["labels"] = RANK_WORDS
        return table

    @property
    def by_weights(self) -> pd.DataFrame:
        """How other weights change the ranks."""
        return sensitivity(self.criteria, self.weights)

    def beside(self, neighbours: pd.DataFrame) -> pd.DataFrame:
        """Return the profile beside the median of statistical neighbours."""
        area = self.places["area"]
        return beside_neighbours(self.values, area=area, neighbours=neighbours)


def measured(run: Run) -> Measured:
    """Return the indicators of the run's area, and how its factors rank."""
    known, places = catalogue.catalogue(), compared_places(run)
    found = values(indicator_table(run), known)
    compared = profile(found, **places)
    moved = changes(found[found["area_code"] == places["area"]], known)
    sides, weights = criteria(compared, moved, known), judgement.priority_weights()
    ranked = priorities(sides, weights)
    return Measured(known, places, found, compared, moved, sides, weights, ranked)
