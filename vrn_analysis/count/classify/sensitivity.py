"""Measure how much each rule of a definition matters, one rule at a time."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import ibis
import numpy as np
import pandas as pd

from vrn_analysis.core.definition import Definition
from vrn_analysis.count.classify.facts import gather
from vrn_analysis.count.classify.labels import any_of, least_age_limit
from vrn_analysis.count.classify.rules import check_period, conditions, dated

PERSISTENCE = 0.9
DEPTH = 50

_PLACE_TYPES = (
    ("Schools and colleges left out", "place_except", ("school", "college")),
    ("Warehouses and workplaces left out", "place_except", ("warehouse", "workplace")),
    ("Care homes counted", "place_also", ("care_home",)),
    ("Prisons, custody and secure wards counted", "place_also",
     ("prison", "custody_suite", "psychiatric_unit")),
    ("Shared areas of flats counted", "place_also",
     ("communal_area_secure", "communal_area_unknown")),
    ("Gardens and drives counted", "place_also", ("garden",)),
)  # fmt: skip


def _toggled(definition: Definition, attribute: str, words: tuple[str, str]) -> tuple[str, dict]:
    """Return the switch of a rule that is either `exclude` or `include`."""
    counted = getattr(definition, attribute) == "exclude"
    return words[not counted], {attribute: "include" if counted else "exclude"}


def _place_switches(definition: Definition) -> list[tuple[str, dict]]:
    classes = definition.place_classes
    switches = [("Public places only", {"place_classes": ("public",)})]
    if "private" not in classes:
        switches.append(("Private places counted", {"place_classes": (*classes, "private")}))
    if "unknown" not in classes:
        # a place not known might be a home: to count it, homes as a setting must not matter
        counted = {"place_classes": (*classes, "unknown"), "domestic_setting": "include"}
        switches.append(("Places not known counted", counted))
    for words, attribute, places in _PLACE_TYPES:
        given = getattr(definition, attribute)
        switches.append((words, {attribute: tuple(dict.fromkeys((*given, *places)))}))
    return switches


def switches(definition: Definition) -> list[tuple[str, Definition]]:
    """
    Return the definition with one rule changed, for every rule, each with what was changed.

    A switch may have no effect on some data; it is listed all the same.
    """
    abuse = _toggled(
        definition, "domestic_abuse", ("Domestic abuse counted", "Domestic abuse left out")
    )
    setting = _toggled(
        definition, "domestic_setting", ("Homes as a setting counted", "Homes left out")
    )
    sexual = _toggled(
        definition, "sexual_violence", ("Sexual violence counted", "Sexual violence left out")
    )
    homes = {"domestic_setting": "include"} | {
        "place_classes": tuple(dict.fromkeys((*definition.place_classes, "private")))
    }
    found = [abuse, setting, ("Homes and other private places counted", homes), sexual]
    found += _place_switches(definition)
    robbery = tuple(c for c in definition.classes if not c.startswith("34"))
    constable = tuple(dict.fromkeys((*definition.classes, "8S")))
    under = definition.focus_boundary == "under"
    found += [
        ("Family matters under the statutory age left out", {"both_parties_aged": 0}),
        ("A blank domestic flag means no", {"blanks_mean_no": ("domestic_flag",)}),
        ("Assaults with injury on a constable counted", {"classes": constable}),
        ("Robbery left out", {"classes": robbery}),
        ("Only significant or fatal injury", {"injury_rule": "injury_field"}),
        ("Only with a knife or sharp object",
         {"weapon_rule": "listed", "weapons": ("knife_or_sharp",)}),
        (f"Focus on {definition.focus_age} or under" if under
         else f"Focus on under {definition.focus_age}",
         {"focus_boundary": "or_under" if under else "under"}),
    ]  # fmt: skip
    variants = [(words, replace(definition, **change)) for words, change in found]
    return [(words, variant) for words, variant in variants if variant.classes]


def rank_biased_overlap(
    a: Sequence, b: Sequence, *, persistence: float = PERSISTENCE, depth: int = DEPTH
) -> float:
    """
    Return how far two rankings agree, from 0 to 1, the top counting most.

    The extrapolated form, for rankings read to the same depth: the agreement at the last depth is
    taken to go on. A persistence of 0.9 puts about 86% of the weight on the first ten ranks.

    Source: Webber, Moffat and Zobel (2010), A similarity measure for indefinite rankings,
    equation 32.
    """
    length = min(depth, max(len(a), len(b)))
    if not length:
        return 1.0
    shared = np.array([len(set(a[:k]) & set(b[:k])) for k in range(1, length + 1)])
    ranks = np.arange(1, length + 1)
    agreement = shared / ranks
    weight = persistence**ranks
    summed = (1 - persistence) / persistence * (agreement * weight).sum()
    return float(agreement[-1] * weight[-1] + summed)


def _counts(facts: ibis.Table, variants: Sequence[Definition], rules: dict) -> pd.DataFrame:
    """Count by area and month under every variant at once, so that records are read once."""
    sums = {}
    for number, variant in enumerate(variants):
        counts = ~any_of(conditions(facts, variant, **rules).values())
        inside = least_age_limit(facts) < variant.focus_below
        sums[f"count_{number}"] = counts.sum().fill_null(0)
        sums[f"focus_{number}"] = (counts & inside).sum().fill_null(0)
    return facts.group_by("lsoa_code", "_month").agg(**sums).to_pandas()


def _last_two_years(months: pd.Series) -> tuple[pd.Timestamp, pd.Timestamp, pd.Timestamp] | None:
    months = pd.to_datetime(months.dropna())
    if months.empty:
        return None
    end = months.max() + pd.DateOffset(months=1)
    middle, start = end - pd.DateOffset(months=12), end - pd.DateOffset(months=24)
    return (start, middle, end) if months.min() <= start else None


def _trend(counts: pd.DataFrame, years: tuple | None) -> float:
    if years is None:
        return np.nan
    month = pd.to_datetime(counts["_month"])
    before = counts.loc[(month >= years[0]) & (month < years[1]), "count"].sum()
    after = counts.loc[(month >= years[1]) & (month < years[2]), "count"].sum()
    return 100 * (after - before) / before if before else np.nan


def _ranked(counts: pd.DataFrame) -> list[str]:
    totals = counts.dropna(subset=["lsoa_code"]).groupby("lsoa_code", as_index=False)["count"].sum()
    return totals.sort_values(["count", "lsoa_code"], ascending=[False, True])["lsoa_code"].tolist()


def _row(words: str, counts: pd.DataFrame, base: dict | None, years: tuple | None) -> dict:
    row = {
        "switch": words,
        "count": int(counts["count"].sum()),
        "focus_count": int(counts["focus"].sum()),
        "trend": _trend(counts, years),
        "areas": _ranked(counts),
    }
    base = base or row
    row["count_change"] = row["count"] - base["count"]
    row["focus_change"] = row["focus_count"] - base["focus_count"]
    row["trend_change"] = row["trend"] - base["trend"]
    row["area_overlap"] = rank_biased_overlap(base["areas"], row["areas"])
    same = not row["count_change"] and not row["focus_change"] and row["area_overlap"] > 1 - 1e-9
    row["effect"] = "no effect" if same else "changes the result"
    return row | ({"effect": "as defined"} if base is row else {})


_COLUMNS = (
    "switch", "count", "count_change", "focus_count", "focus_change", "trend", "trend_change",
    "area_overlap", "effect",
)  # fmt: skip


def sensitivity(
    offences: ibis.Table,
    persons: ibis.Table | None,
    *,
    definition: Definition,
    period: Sequence[str | date] | None = None,
    area_codes: Sequence[str] | None = None,
    blank_means_no: Sequence[str] = (),
) -> pd.DataFrame:
    """
    Return what changes when one rule of a definition at a time is changed.

    Parameters
    ----------
    offences, persons, definition, period, area_codes, blank_means_no
        As for `classify`.

    Returns
    -------
    sensitivity
        One row for the definition as it is and one for each switch: `switch`, `count` (IN),
        `count_change`, `focus_count` (IN and certainly in the age focus), `focus_change`, `trend`
        (percentage change of the last twelve months of the records on the twelve before; missing
        where there are no two years), `trend_change` (percentage points), `area_overlap`
        (rank-biased overlap of the areas ranked by count; 1 is the same ranking) and `effect`
        ("as defined", "no effect", "changes the result").
    """
    rules = {
        "period": check_period(period),
        "area_codes": area_codes,
        "blank_means_no": blank_means_no,
    }
    changed = [("As defined", definition), *switches(definition)]
    facts = gather(offences, persons, definitions=[variant for words, variant in changed])
    facts = facts.mutate(_month=dated(facts, definition).truncate("M"))
    counts = _counts(facts, [variant for words, variant in changed], rules)
    years = _last_two_years(counts["_month"])
    rows: list[dict] = []
    for number, (words, _variant) in enumerate(changed):
        named = {f"count_{number}": "count", f"focus_{number}": "focus"}
        one = counts[["lsoa_code", "_month", *named]].rename(columns=named)
        rows.append(_row(words, one[one["count"] > 0], rows[0] if rows else None, years))
    table = pd.DataFrame(rows, columns=list(_COLUMNS))
    whole = ["count", "count_change", "focus_count", "focus_change"]
    return table.astype(dict.fromkeys(whole, "Int64") | {"switch": "str", "effect": "str"})
