"""Age, sex, ethnicity and home of SYNTHETIC people, and those who appear again and again."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.random import Generator

from vrn_analysis.core.contracts import ETHNIC_GROUPS, ROLES, SEXES
from vrn_analysis.sample.plan import rhythm
from vrn_analysis.sample.plan.assumptions import Assumed
from vrn_analysis.sample.plan.pattern import Pattern
from vrn_analysis.sample.plan.streams import draw, draw_one, stream
from vrn_analysis.sample.records.people import single_years


def kinds(parties: pd.DataFrame, pattern: Pattern) -> np.ndarray:
    """Return the row of `age_weights` for each person."""
    historic = parties["historic_years"].to_numpy() > 0
    context = np.where(historic, len(pattern.contexts), parties["context"])
    return context * len(ROLES) + parties["role"].to_numpy()


def age_weights(pattern: Pattern) -> np.ndarray:
    """Return weights by context (then historic) and role, and single year of age 0 to 90."""
    given = pattern.assumed["age_profile"]
    return np.array(
        [
            single_years(list(zip(given["from"], given[name][role], strict=True)))
            for name in [*pattern.contexts, "historic"]
            for role in ROLES
        ]
    )


def male_shares(pattern: Pattern) -> np.ndarray:
    """Return the share of males by context (then sexual offences) and role."""
    given = pattern.assumed["male_share"]
    return np.array([given[name][role] for name in [*pattern.contexts, "sexual"] for role in ROLES])


def sexes(rng: Generator, parties: pd.DataFrame, pattern: Pattern) -> np.ndarray:
    """Draw each person's sex, as its number in `contracts.SEXES`."""
    size = len(parties)
    context = np.where(parties["sexual"], len(pattern.contexts), parties["context"])
    share = male_shares(pattern)[context * len(ROLES) + parties["role"].to_numpy()]
    male = rng.random(size) < share
    other = rng.random(size) < pattern.assumed["male_share"]["other_sex"]
    numbers = {sex: number for number, sex in enumerate(SEXES)}
    sex = np.where(male, numbers["male"], numbers["female"])
    return np.where(other, numbers["other"], sex)


def as_the_title_says(
    rng: Generator, parties: pd.DataFrame, pattern: Pattern, drawn: dict[str, np.ndarray]
) -> dict[str, np.ndarray]:
    """Return ages and sexes consistent with the offence title."""
    given = pattern.assumed["named_victims"]
    named = [given.get(code, {}) for code in pattern.codes["offence_code"]]
    code = parties["code"].to_numpy()
    victim = parties["role"].to_numpy() == ROLES.index("victim")
    low = np.array([entry.get("youngest", 0) for entry in named])[code]
    high = np.array([entry.get("oldest", 120) for entry in named])[code]
    sex = np.array([SEXES.index(entry["sex"]) if "sex" in entry else -1 for entry in named])[code]
    age = drawn["age"]
    again = low + np.floor(rng.random(len(parties)) * (high - low + 1)).astype(np.int64)
    outside = victim & ((age < low) | (age > high))
    return drawn | {
        "age": np.where(outside, again, age),
        "sex": np.where(victim & (sex >= 0), sex, drawn["sex"]),
    }


def ethnicities(rng: Generator, size: int, *, assumed: Assumed) -> np.ndarray:
    """Draw ethnic groups, by the same shares for everyone."""
    return draw_one(rng, [[assumed["ethnicity"][group] for group in ETHNIC_GROUPS]], size)


def homes(rng: Generator, area: pd.Series, setting: pd.Series, pattern: Pattern) -> np.ndarray:
    """Draw the small area each person lives in: where it happened, that district, or anywhere."""
    given, size = pattern.assumed["home_area"], len(area)
    residents = pattern.small_areas["residents"].to_numpy()
    district = pd.factorize(pattern.small_areas["district_code"])[0]
    here = area.to_numpy()
    by_district = residents * (district == np.arange(district.max() + 1)[:, None])
    near = draw(rng, by_district, district[here])
    far = draw_one(rng, residents, size)
    public = setting.to_numpy() == 1
    same = np.where(public, given["public_same"], given["private_same"])
    close = same + np.where(public, given["public_district"], 0)
    chance = rng.random(size)
    return np.select([chance < same, chance < close], [here, near], far)


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
