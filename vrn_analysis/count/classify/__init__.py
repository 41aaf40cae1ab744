"""Classify each record by a definition: IN, OUT or UNKNOWN, with every reason."""

from vrn_analysis.count.classify.apply import classify
from vrn_analysis.count.classify.codes import normalise_code, resolve
from vrn_analysis.count.classify.reasons import CONTRADICTIONS, FLAGS, REASONS
from vrn_analysis.count.classify.sensitivity import rank_biased_overlap, sensitivity, switches
from vrn_analysis.count.classify.waterfall import (
    bounds,
    contradictions,
    flagged,
    moved,
    unknown_places,
    unmapped,
    waterfall,
)
