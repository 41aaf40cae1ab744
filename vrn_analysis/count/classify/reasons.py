"""Reasons why a record is not counted or cannot be decided, in the order of the waterfall."""

from typing import Literal, NamedTuple

from vrn_analysis.core.config import reference_rows

OUT, UNKNOWN, IN = "OUT", "UNKNOWN", "IN"


class Reason(NamedTuple):
    """One reason: its code, its effect on a record, and its label for readers."""

    code: str
    outcome: Literal["OUT", "UNKNOWN"]
    label: str


_ROWS = reference_rows("reasons.csv")
REASONS = tuple(
    Reason(row["code"], row["outcome"], row["label"]) for row in _ROWS if row["kind"] == "reason"
)
BY_CODE = {reason.code: reason for reason in REASONS}
# flags do not decide a record; some of them are contradictions
FLAGS = {row["code"]: row["label"] for row in _ROWS if row["kind"] == "flag"}
CONTRADICTIONS = tuple(row["code"] for row in _ROWS if row["contradiction"] == "yes")
