"""Victims and suspects of the SYNTHETIC offences."""

from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from numpy.random import Generator

from vrn_analysis.core.contracts import ETHNIC_GROUPS, PERSONS, RELATIONSHIPS, ROLES, SEXES
from vrn_analysis.sample.plan import columns
from vrn_analysis.sample.plan.assumptions import Assumed
from vrn_analysis.sample.plan.columns import Columns
from vrn_analysis.sample.plan.pattern import Pattern
from vrn_analysis.sample.plan.streams import draw
from vrn_analysis.sample.records.traits import (
    Regulars,
    age_weights,
    as_the_title_says,
    ethnicities,
    homes,
    kinds,
    sexes,
)

# at most this many more victims, or more suspects, of one crime
MORE = 4
SUSPECT = ROLES.index("suspect")


def take_part(
    rng: Generator,
    events: pd.DataFrame,
    pattern: Pattern,
    regulars: Regulars,
    *,
    offence_id: pa.Array,
    prefix: str,
) -> pa.Table:
    """
    Return the PERSONS contract for a block of events: every crime has a victim, some a suspect.

    Ethnicity is drawn alike for everyone: no difference by place, age, sex, role or offence.
    """
    parties = _parties(rng, events, pattern)
    offence = parties["offence"].to_numpy()
    of_event = events[["code", "context", "setting", "area", "sexual", "day", "historic_years"]]
    parties = parties.join(of_event.take(offence).reset_index(drop=True))
    parties = _who(rng, parties, pattern, regulars)
    return columns.table(
        PERSONS,
        {
            "offence_id": offence_id.take(pa.array(offence)),
            "person_number": pa.array(parties["number"].to_numpy()),
            "role": columns.text(parties["role"], ROLES),
            "person_ref": _refs(parties, prefix=prefix),
        }
        | _ages(rng, parties, pattern.assumed)
        | _described(rng, parties, pattern),
    )


def _parties(rng: Generator, events: pd.DataFrame, pattern: Pattern) -> pd.DataFrame:
    """Return one row a person: `offence` (row of the event), `role, number` within the role."""
    family = pattern.codes["family"].to_numpy()[events["code"]]
    robbed = np.char.startswith(family.astype(str), "robbery")
    more = pattern.assumed["victims_more"]
    victims = 1 + _further(rng, np.where(robbed, more["robbery"], more["usual"]))
    joined = np.where(events["setting"] == 1, pattern.assumed["suspects"]["more"], 0.02)
    suspects = (1 + _further(rng, joined)) * events["has_suspect"].to_numpy()
    count = np.column_stack([victims, suspects]).ravel()
    row = np.repeat(np.arange(len(count)), count)
    start = np.cumsum(count) - count
    return pd.DataFrame(
        {"offence": row // 2, "role": row % 2, "number": 1 + np.arange(len(row)) - start[row]}
    )


def _further(rng: Generator, chance: np.ndarray) -> np.ndarray:
    return np.minimum(rng.geometric(1 - chance) - 1, MORE)


def _who(
    rng: Generator, parties: pd.DataFrame, pattern: Pattern, regulars: Regulars
) -> pd.DataFrame:
    """Draw who each person is; some are among those who come up again, and bring their traits."""
    assumed, size = pattern.assumed, len(parties)
    kind = kinds(parties, pattern)
    named = pattern.codes["offence_code"].isin(assumed["named_victims"]).to_numpy()
    again = regulars.among(rng, parties, share=assumed["repeats"]["share"])
    again = np.where(named[parties["code"]], -1, again)
    known = again >= 0
    drawn = {
        "age": draw(rng, age_weights(pattern), kind),
        "sex": sexes(rng, parties, pattern),
        "ethnicity": ethnicities(rng, size, assumed=assumed),
        "home": homes(rng, parties["area"], parties["setting"], pattern),
    }
    today = pattern.calendar.to_numpy().astype("datetime64[D]")[parties["day"]]
    theirs = regulars.traits(again[known], today[known])
    for name, values in drawn.items():
        values[known] = theirs[name]
    return parties.assign(**as_the_title_says(rng, parties, pattern, drawn), again=again)


def _refs(parties: pd.DataFrame, *, prefix: str) -> pa.Array:
    """Return pseudonyms: a number of their own, or that of a person who comes up again."""
    again = parties["again"].to_numpy()
    fresh = columns.numbered(prefix.replace("SYN", "SYNP"), np.arange(len(parties)))
    known = columns.numbered("SYNP0000", np.maximum(again, 0))
    return pc.if_else(pa.array(again >= 0), known, fresh)


def _ages(rng: Generator, parties: pd.DataFrame, assumed: Assumed) -> Columns:
    """Write an age, or only a band, or neither."""
    size, age = len(parties), parties["age"].to_numpy()
    missing, banded = assumed["missing"], assumed["age_only_band"]
    lost = np.where(parties["role"] == SUSPECT, missing["suspect_age"], missing["victim_age"])
    chance = rng.random(size)
    is_lost = chance < lost
    straddling = chance > 1 - banded["straddling"]
    plain = ~straddling & (chance > 1 - banded["straddling"] - banded["plain"])
    words, number = _bands(age, assumed["age_bands"])
    band = np.where(straddling, number["straddling"], number["plain"])
    return {
        "age": pa.array(age, mask=is_lost | straddling | plain),
        "age_band": columns.text(band, words, missing=~(straddling | plain)),
    }


def _bands(
    age: np.ndarray, bands: dict[str, list[list[Any]]]
) -> tuple[list[str], dict[str, np.ndarray]]:
    words, number = [], {}
    for kind, table in bands.items():
        starts = np.array([start for _, start in table])
        number[kind] = len(words) + np.searchsorted(starts, age, side="right") - 1
        words += [word for word, _ in table]
    return words, number


def _described(rng: Generator, parties: pd.DataFrame, pattern: Pattern) -> Columns:
    """Write sex, ethnicity, relationship and home, each with its own gaps."""
    missing, size = pattern.assumed["missing"], len(parties)
    suspect = parties["role"].to_numpy() == SUSPECT
    ethnicity = parties["ethnicity"].to_numpy()
    agrees = rng.random(size) < pattern.assumed["ethnicity"]["observed_agrees"]
    observed = np.where(agrees, ethnicity, ethnicities(rng, size, assumed=pattern.assumed))
    given = pattern.assumed["relationship"]
    rows = [[given[name].get(word, 0.0) for word in RELATIONSHIPS] for name in pattern.contexts]
    context = parties["context"].to_numpy()
    lost = {name: rng.random(size) < share for name, share in missing.items()}
    return {
        "sex": columns.text(parties["sex"], SEXES, missing=lost["sex"]),
        "self_defined_ethnicity": columns.text(
            ethnicity, ETHNIC_GROUPS, missing=lost["self_defined_ethnicity"]
        ),
        "officer_observed_ethnicity": columns.text(
            observed, ETHNIC_GROUPS, missing=lost["officer_observed_ethnicity"] | ~suspect
        ),
        "relationship_to_victim": columns.text(
            draw(rng, np.array(rows), context),
            RELATIONSHIPS,
            missing=lost["relationship_to_victim"] | ~suspect,
        ),
        "home_lsoa_code": columns.text(
            parties["home"],
            pattern.small_areas["lsoa_code"].tolist(),
            missing=lost["home_lsoa_code"],
        ),
    }
