"""What the records of a written sample should hold: counts and shares its answer key implies."""

from functools import lru_cache

import numpy as np
import pandas as pd

from vrn_analysis import sample
from vrn_analysis.sample.plan import assumptions, county, rhythm
from vrn_analysis.sample.plan import pattern as patterns
from vrn_analysis.sample.plan.pattern import Pattern
from vrn_analysis.sample.records import people
from vrn_analysis.sample.records.events import place_types, place_weights
from vrn_analysis.sample.records.health import age_shares
from vrn_analysis.sample.records.injuries import injuries


@lru_cache
def _pattern(seed: int) -> Pattern:
    assumed = assumptions.read()
    areas = people.settle(county.areas(assumed, seed=seed), assumed=assumed, seed=seed)
    return patterns.pattern(areas, assumed=assumed, seed=seed)


def expected(folder) -> dict:
    """
    Return the expected counts and shares of the drawn offences of a sample.

    They are before duplicates, missing values and the clear-cut records. "Public" is the setting
    an offence was drawn in (school time, night time, commercial and other public circumstances),
    never a column of the data: a kind of place comes close to it.
    """
    key = sample.truth(folder)
    return _expected(_pattern(key["seed"]), key["drawn_rows"])


def health(folder) -> dict:
    """Return the expected counts and shares of the health sources of a sample."""
    key = sample.truth(folder)
    pattern = _pattern(key["seed"])
    hurt, months = injuries(pattern, rows=key["drawn_rows"]), pattern.months.strftime("%Y-%m")
    attended = hurt.by_month * pattern.assumed["attendances"]["share"]
    people = pd.read_csv(folder / "population.csv")
    young = people["population"].groupby(people["age"] < 25).sum()
    years, given = len(months) / 12, pattern.assumed["admissions"]
    bands = (("under 25", "under_25", True), ("25+", "25_and_over", False))
    return {
        "attendances_by_month": pd.Series(attended, index=months),
        "under_25": float(age_shares(hurt)[:25].sum()),
        "ambulance": float(hurt.by_month.sum() * pattern.assumed["ambulance"]["share"]),
        "admissions": {
            (cause, band): years * given[cause][name] / 100_000 * young[is_young]
            for cause in ("sharp_object", "other_assault")
            for band, name, is_young in bands
        },
    }


def _expected(pattern: Pattern, drawn: int) -> dict:
    share = pattern.cells / pattern.cells.sum()
    months = pattern.months.strftime("%Y-%m")
    names = pattern.codes["offence_code"]
    context = share.sum(axis=(0, 1))
    return {
        "by_month": dict(zip(months, _rounded(drawn * share.sum(axis=(1, 2))), strict=True)),
        "by_code": dict(zip(names, _rounded(drawn * share.sum(axis=(0, 2))), strict=True)),
        "by_context_share": dict(zip(pattern.contexts, _rounded(context, 5), strict=True)),
        "domestic_share_of_violence": round(_domestic_of_violence(pattern, share), 5),
        "by_small_area": _by_area(pattern, drawn),
        "rate_ratio_of_outer_deprivation_fifths": round(_outer_fifths(pattern), 4),
        "weekday_by_hour_share": _clock(pattern, share),
        "wider_violence": _wider(pattern, share),
        "knife_share": _knives(pattern, share),
    }


def _rounded(values: np.ndarray, digits: int = 3) -> list:
    return np.round(values, digits).tolist()


def _domestic_of_violence(pattern: Pattern, share: np.ndarray) -> float:
    families = pattern.codes["family"]
    violence = ~(families.str.startswith("robbery") | pattern.codes["sexual"]).to_numpy()
    context = share[:, violence].sum(axis=(0, 1))
    return context[pattern.contexts.index("domestic")] / context.sum()


def _by_area(pattern: Pattern, drawn: int) -> list[dict]:
    """Return expected offences by small area and setting, over the whole period."""
    setting = rhythm.settings(pattern.assumed)
    expected = np.zeros((len(rhythm.SETTINGS), len(pattern.small_areas)))
    by_month = pattern.cells.sum(axis=1) / pattern.cells.sum() * drawn
    for number in range(len(rhythm.SETTINGS)):
        weights = pattern.area_weights[:, number]
        weights = weights / weights.sum(axis=1, keepdims=True)
        expected[number] = by_month[:, setting == number].sum(axis=1) @ weights
    table = pd.DataFrame(np.round(expected.T, 3), columns=list(rhythm.SETTINGS))
    columns = ["lsoa_code", "residents", "deprivation_rank"]
    areas = pd.DataFrame(pattern.small_areas[columns]).round(5).reset_index(drop=True)
    return areas.join(table).to_dict("records")


def _outer_fifths(pattern: Pattern) -> float:
    """Return the planted gradient's rate ratio of the most to the least deprived fifth."""
    index = np.log(pattern.assumed["deprivation_gradient"]["relative_index"])
    ends = (np.linspace(low, low + 0.2, 1001) for low in (0.8, 0.0))
    most, least = (np.exp(index * end).mean() for end in ends)
    return float(most / least)


def _clock(pattern: Pattern, share: np.ndarray) -> dict[str, list[list[float]]]:
    """Return the expected share of each weekday (Monday first) and hour, all and public."""
    # a weekday without any weight (no school on Sunday) stays without
    total = pattern.hour_weights.sum(axis=2, keepdims=True)
    hours = pattern.hour_weights / np.where(total > 0, total, 1)
    weekday = pattern.calendar.day_of_week.to_numpy()
    by_day = np.stack([pattern.day_weights[:, weekday == d].sum(axis=1) for d in range(7)], axis=1)
    by_day = by_day / by_day.sum(axis=1, keepdims=True)
    context = share.sum(axis=(0, 1))[:, None, None] * by_day[:, :, None] * hours
    public = context[rhythm.settings(pattern.assumed) == 1].sum(axis=0)
    return {"all": _rounded(context.sum(axis=0), 7), "public": _rounded(public / public.sum(), 7)}


def _wider(pattern: Pattern, share: np.ndarray) -> dict[str, float]:
    """Return the expected place shares of wider violence, of records with a kind of place."""
    wider = (
        pattern.codes["sexual"] | pattern.codes["offence_code"].isin(pattern.assumed["listed"])
    ).to_numpy()
    context = share[:, wider].sum(axis=(0, 1))
    shares = context / context.sum() @ place_weights(pattern)
    expected = pd.Series(shares, index=place_types(pattern))
    groups = pattern.assumed["answer_key"]["places"]
    return {name: round(float(expected[words].sum()), 5) for name, words in groups.items()}


def _knives(pattern: Pattern, share: np.ndarray) -> dict[str, float]:
    """Return the expected share with a knife, of records with a known weapon, by family."""
    given = pattern.assumed["weapon"]
    shares = {name: weights[1] / sum(weights) for name, weights in given.items()}
    listed = pattern.codes["offence_code"].isin(pattern.assumed["listed"]).to_numpy()
    weight = share[:, listed].sum(axis=(0, 2))
    each = pattern.codes["family"][listed].map(shares)
    shares["listed codes"] = float((each * weight).sum() / weight.sum())
    return {name: round(value, 5) for name, value in shares.items()}
