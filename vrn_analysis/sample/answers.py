"""Answer key of the SYNTHETIC sample: what was planted and what to expect."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from vrn_analysis.sample import planted
from vrn_analysis.sample.plan import rhythm
from vrn_analysis.sample.plan.blocks import expected_months
from vrn_analysis.sample.plan.pattern import Pattern, intervention_district
from vrn_analysis.sample.records.events import place_types, place_weights
from vrn_analysis.sample.records.offences import OUTSIDE, UNMAPPED, default_point

FILE = "truth.json"


def truth(folder: Path) -> dict[str, Any]:
    """Return the planted truths of a written sample."""
    return json.loads((folder / FILE).read_text(encoding="utf-8"))


def answer_key(pattern: Pattern, *, rows: int, seed: int) -> dict[str, Any]:
    """
    Return every planted truth: its parameters, and expected counts where they are exact.

    Expected counts are of drawn offences: before duplicates, missing values and the clear-cut
    records. "Public" is the setting an offence was drawn in (school time, night time, commercial
    and other public circumstances), never a column of the data: a kind of place comes close to it.
    """
    assumed, shown = pattern.assumed, pattern.assumed["answer_key"]
    drawn = rows - planted.count(rows)
    return {
        "about": "SYNTHETIC: an invented county. Nothing here is about a real place or person.",
        "rows": rows,
        "seed": seed,
        "drawn_rows": drawn,
        "hotspots": _hotspots(pattern),
        "rates": {name: assumed[name] for name in shown["rates"]}
        | {"outside_code": OUTSIDE, "unmapped_codes": list(UNMAPPED)}
        | {"default_point_at": default_point(pattern)},
        "planted": {name: assumed[name] for name in shown["planted"]}
        | {"intervention_district": intervention_district(pattern.small_areas, assumed=assumed)}
        | {"indicators_cause_violence": False},
        "expected": _expected(pattern, drawn),
        "planted_outcomes": planted.outcomes(rows),
        "planted_outcome_reasons": planted.reasons(rows),
    }


def _hotspots(pattern: Pattern) -> list[dict[str, Any]]:
    columns = ["kind", "financial_year", "lsoa_code", "rate_ratio"]
    return pattern.hotspots[columns].to_dict("records")


def _expected(pattern: Pattern, drawn: int) -> dict[str, Any]:
    share = pattern.cells / pattern.cells.sum()
    months = pattern.months.strftime("%Y-%m")
    names = pattern.codes["offence_code"]
    context = share.sum(axis=(0, 1))
    return {
        "by_month": dict(zip(months, _rounded(expected_months(pattern, rows=drawn)), strict=True)),
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


def _by_area(pattern: Pattern, drawn: int) -> list[dict[str, Any]]:
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
