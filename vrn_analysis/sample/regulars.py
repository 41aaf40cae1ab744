"""The people of the SYNTHETIC sample who are victims or suspects again and again."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from vrn_analysis.contracts import ROLES
from vrn_analysis.sample import rhythm
from vrn_analysis.sample.pattern import Pattern
from vrn_analysis.sample.streams import draw, stream
from vrn_analysis.sample.traits import age_weights, ethnicities, homes, kinds, sexes


@dataclass(frozen=True)
class Regulars:
    """
    People who come up again, by context, role and small area of the offences they are part of.

    `slots` people stand ready for each context and role in every small area; `first` is where
    each context and role begins.
    """

    slots: np.ndarray
    first: np.ndarray
    born: np.ndarray
    sex: np.ndarray
    ethnicity: np.ndarray
    home: np.ndarray

    def among(self, rng: Generator, parties: pd.DataFrame, *, share: float) -> np.ndarray:
        """
        Return the number of the regular that each person is, or -1.

        Never in sexual offences, and only the first of several victims or suspects of a crime.
        """
        kind = parties["context"].to_numpy() * len(ROLES) + parties["role"].to_numpy()
        chosen = (rng.random(len(parties)) < share) & ~parties["sexual"].to_numpy()
        chosen &= parties["number"].to_numpy() == 1
        slot = (rng.random(len(parties)) * self.slots[kind]).astype(np.int64)
        number = self.first[kind] + parties["area"].to_numpy() * self.slots[kind] + slot
        return np.where(chosen, number, -1)

    def traits(self, number: np.ndarray, today: np.ndarray) -> dict[str, np.ndarray]:
        """Return age on the day, sex, ethnicity and home of regulars."""
        age = np.floor((today - self.born[number]).astype(np.int64) / 365.2425)
        return {
            "age": age.astype(np.int64),
            "sex": self.sex[number],
            "ethnicity": self.ethnicity[number],
            "home": self.home[number],
        }


def regulars(pattern: Pattern, *, rows: int, seed: int) -> Regulars:
    """Return the people who come up again in a sample of so many offences."""
    rng = stream("regulars", seed=seed)
    given, areas = pattern.assumed["repeats"], len(pattern.small_areas)
    share = pattern.cells.sum(axis=(0, 1)) / pattern.cells.sum()
    # about one victim a crime and half a suspect
    persons = rows * np.outer(share, [1.05, 0.5]).ravel() * given["share"]
    slots = np.maximum(1, np.round(persons / given["crimes_each"] / areas)).astype(np.int64)
    kind = np.repeat(np.arange(len(slots)), slots * areas)
    first = np.cumsum(slots * areas) - slots * areas
    area = (np.arange(len(kind)) - first[kind]) // slots[kind]
    people = pd.DataFrame(
        {
            "context": kind // len(ROLES),
            "role": kind % len(ROLES),
            "area": area,
            "setting": rhythm.settings(pattern.assumed)[kind // len(ROLES)],
            "sexual": False,
            "historic_years": 0,
        }
    )
    age = draw(rng, age_weights(pattern), kinds(people, pattern)) + rng.random(len(people))
    first_day = np.datetime64(pattern.calendar[0], "D")
    middle = np.datetime64(pattern.calendar[len(pattern.calendar) // 2], "D")
    return Regulars(
        slots=slots,
        first=first,
        # nobody is born after the first day, or a child could be a victim before birth
        born=np.minimum(first_day, middle - (age * 365.2425).astype("timedelta64[D]")),
        sex=sexes(rng, people, pattern),
        ethnicity=ethnicities(rng, len(people), assumed=pattern.assumed),
        home=homes(rng, people["area"], people["setting"], pattern),
    )
