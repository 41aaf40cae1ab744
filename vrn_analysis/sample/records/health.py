"""SYNTHETIC health data: attendances, ambulance counts, admissions and a linkage."""

from collections import Counter
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vrn_analysis.sample import papers
from vrn_analysis.sample.plan import rhythm
from vrn_analysis.sample.plan.assumptions import Assumed
from vrn_analysis.sample.plan.pattern import Pattern
from vrn_analysis.sample.plan.streams import stream
from vrn_analysis.sample.records.events import Ground
from vrn_analysis.sample.records.injuries import (
    attendances,
    injuries,
    linkage,
    silent_months,
)
from vrn_analysis.sample.records.traits import age_weights, male_shares

ADULT = 25
# bands of age as admissions name them, and as the assumptions do
BANDS = {"under 25": "under_25", "25+": "25_and_over"}
SEXES = ("female", "male")


def write(
    folder: Path, pattern: Pattern, places: Ground, *, residents: pd.DataFrame, rows: int, seed: int
) -> dict[str, Any]:
    """
    Write what the health services send, month by month, and return what was true.

    Parameters
    ----------
    folder
        Where to write `attendances.csv, ambulance.csv, admissions.csv, linkage.csv`.
    pattern, places
        The sample's.
    residents
        The population that is written.
    rows
        Offences drawn: the records of injury are the known part of the injuries.
    """
    hurt = injuries(pattern, rows=rows)
    reported, missed = _write_attendances(folder / "attendances.csv", hurt, places, seed=seed)
    called = ambulance(hurt, seed=seed)
    admitted = admissions(residents, pattern, seed=seed)
    last = pattern.months[-pattern.assumed["linkage"]["months"] :].strftime("%Y-%m")
    linked, truth = linkage(hurt, sum(reported[month] for month in last), seed=seed)
    for name, table in (("ambulance", called), ("admissions", admitted), ("linkage", linked)):
        table.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n")
    return _truth(pattern.assumed, reported, missed) | {"linkage": truth}


def _write_attendances(
    file: Path, hurt: Pattern, places: Ground, *, seed: int
) -> tuple[Counter, Counter]:
    """Write the reported attendances; count them by month, and those of silent sites."""
    reported, missed = Counter(), Counter()
    headings = papers.attendances(hurt.assumed)["columns"]
    pd.DataFrame(columns=list(headings.values())).to_csv(file, index=False, lineterminator="\n")
    with file.open("a", encoding="utf-8", newline="") as text:
        for part in attendances(hurt, places, seed=seed):
            month = part["reporting_from"].iloc[0][:7]
            sent = part[part["reported"]]
            reported[month] += len(sent)
            missed.update((site, month) for site in part.loc[~part["reported"], "site_code"])
            sent[list(headings)].to_csv(text, index=False, header=False, lineterminator="\n")
    return reported, missed


def _truth(assumed: Assumed, reported: Counter, missed: Counter) -> dict[str, Any]:
    return {
        "unknown_to_police": round(1 - assumed["hidden_injuries"]["known_to_police"], 4),
        "codes": assumed["hidden_injuries"]["codes"],
        "reported_attendances": sum(reported.values()),
        "silent": [
            {"site_code": site, "month": month, "attendances": missed[site, month]}
            for site, month in sorted(silent_months(assumed))
        ],
    }


def _mix(hurt: Pattern) -> np.ndarray:
    """Return the share of each context among the injuries."""
    return hurt.by_context.sum(axis=0) / hurt.by_context.sum()


def age_shares(hurt: Pattern) -> np.ndarray:
    """Return the share of each single year of age among those hurt."""
    victims = age_weights(hurt)[: 2 * len(hurt.contexts) : 2]
    return _mix(hurt) @ (victims / victims.sum(axis=1, keepdims=True))


def _by_district(hurt: Pattern) -> tuple[np.ndarray, np.ndarray]:
    """Return the districts, and the expected injuries by month and district."""
    pattern = hurt
    codes, number = np.unique(pattern.small_areas["district_code"], return_inverse=True)
    setting = rhythm.settings(pattern.assumed)
    expected = np.zeros((len(pattern.months), len(codes)))
    for one in range(len(rhythm.SETTINGS)):
        weights = pattern.area_weights[:, one] / pattern.area_weights[:, one].sum(
            axis=1, keepdims=True
        )
        inside = np.stack([weights[:, number == d].sum(axis=1) for d in range(len(codes))], axis=1)
        expected += hurt.by_context[:, setting == one].sum(axis=1, keepdims=True) * inside
    return codes, expected


def ambulance(hurt: Pattern, *, seed: int) -> pd.DataFrame:
    """
    Return the call-outs, already counted.

    Returns
    -------
    ambulance
        `month` (2019-04), `area_code, age_band` (blank: not known), `sex, count`; zeros included.
    """
    given, rng = hurt.assumed["ambulance"], stream("ambulance", seed=seed)
    codes, expected = _by_district(hurt)
    starts = [first for _, first in given["age_bands"]]
    ages = np.add.reduceat(age_shares(hurt), starts)
    missing = given["age_missing"]
    bands = [name for name, _ in given["age_bands"]] + [""]
    age = np.append(ages / ages.sum() * (1 - missing), missing)
    male = float(_mix(hurt) @ male_shares(hurt)[: 2 * len(hurt.contexts) : 2])
    mean = given["share"] * np.einsum("md,a,s->mdas", expected, age, np.array([1 - male, male]))
    months = hurt.months.strftime("%Y-%m")
    table = pd.DataFrame(
        product(months, codes, bands, SEXES), columns=["month", "area_code", "age_band", "sex"]
    )
    return table.assign(count=rng.poisson(mean.ravel()))


def _residents_by_band(residents: pd.DataFrame, pattern: Pattern) -> pd.DataFrame:
    places = pattern.small_areas.set_index("lsoa_code")["district_code"]
    band = np.where(residents["age"] < ADULT, "under 25", "25+")
    named = residents.assign(area_code=residents["lsoa_code"].map(places), age_band=band)
    return named.groupby(["area_code", "age_band"], as_index=False)["population"].sum()


def admissions(residents: pd.DataFrame, pattern: Pattern, *, seed: int) -> pd.DataFrame:
    """
    Return emergency admissions of residents for an assault, already counted.

    Returns
    -------
    admissions
        `month` (2019-04), `cause, area_code` (of residence), `age_band, sex, count`.
    """
    given, rng = pattern.assumed["admissions"], stream("admissions", seed=seed)
    people = _residents_by_band(residents, pattern)
    frames = [
        people.assign(
            cause=cause,
            sex=sex,
            mean=people["population"]
            * people["age_band"].map(
                {band: given[cause][name] / 100_000 for band, name in BANDS.items()}
            )
            * (given["male_share"] if sex == "male" else 1 - given["male_share"])
            / 12,
        )
        for cause, sex in product(("sharp_object", "other_assault"), SEXES)
    ]
    cells = pd.concat(frames, ignore_index=True)
    months = pd.DataFrame({"month": pattern.months.strftime("%Y-%m")})
    table = months.merge(cells, how="cross")
    counted = table.assign(count=rng.poisson(table["mean"]))
    return counted[["month", "cause", "area_code", "age_band", "sex", "count"]]
