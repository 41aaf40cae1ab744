"""Answer key of the SYNTHETIC sample: what was planted."""

import json
from pathlib import Path
from typing import Any

from vrn_analysis.sample import planted
from vrn_analysis.sample.plan.pattern import Pattern, intervention_district
from vrn_analysis.sample.records.offences import OUTSIDE, UNMAPPED, default_point

FILE = "truth.json"
HOTSPOT = ["kind", "financial_year", "lsoa_code", "rate_ratio"]


def truth(folder: Path) -> dict[str, Any]:
    """Return the planted truths of a written sample."""
    return json.loads((folder / FILE).read_text(encoding="utf-8"))


def answer_key(pattern: Pattern, *, rows: int, seed: int) -> dict[str, Any]:
    """Return every planted truth with its parameters."""
    assumed, shown = pattern.assumed, pattern.assumed["answer_key"]
    return {
        "about": "SYNTHETIC: an invented county. Nothing here is about a real place or person.",
        "rows": rows,
        "seed": seed,
        "drawn_rows": rows - planted.count(rows),
        "hotspots": pattern.hotspots[HOTSPOT].to_dict("records"),
        "rates": {name: assumed[name] for name in shown["rates"]}
        | {"outside_code": OUTSIDE, "unmapped_codes": list(UNMAPPED)}
        | {"default_point_at": default_point(pattern)},
        "planted": {name: assumed[name] for name in shown["planted"]}
        | {"intervention_district": intervention_district(pattern.small_areas, assumed=assumed)}
        | {"indicators_cause_violence": False},
        "planted_outcomes": planted.outcomes(rows),
    }
