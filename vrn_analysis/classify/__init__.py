"""Apply a definition record by record: IN, OUT or UNKNOWN, with every reason."""

from vrn_analysis.classify.apply import classify
from vrn_analysis.classify.codes import normalise_code, normalise_title, resolve
from vrn_analysis.classify.reasons import CONTRADICTIONS, FLAGS, REASONS, Reason
from vrn_analysis.classify.sensitivity import rank_biased_overlap, sensitivity, switches
from vrn_analysis.classify.waterfall import (
    bounds,
    contradictions,
    flagged,
    moved,
    unknown_places,
    unmapped,
    waterfall,
)

__all__ = [
    "CONTRADICTIONS",
    "FLAGS",
    "REASONS",
    "Reason",
    "bounds",
    "classify",
    "contradictions",
    "flagged",
    "moved",
    "normalise_code",
    "normalise_title",
    "rank_biased_overlap",
    "resolve",
    "sensitivity",
    "switches",
    "unknown_places",
    "unmapped",
    "waterfall",
]
