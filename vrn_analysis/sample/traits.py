"""What victims and suspects of the SYNTHETIC sample are like: age, sex, ethnicity, home."""

import numpy as np
import pandas as pd
from numpy.random import Generator

from vrn_analysis.contracts import ETHNIC_GROUPS, ROLES, SEXES
from vrn_analysis.sample.assumptions import Assumed
from vrn_analysis.sample.pattern import Pattern
from vrn_analysis.sample.people import single_years
from vrn_analysis.sample.streams import draw, draw_one


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
    """Return ages and sexes in which a victim is who the offence's title says they are."""
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
