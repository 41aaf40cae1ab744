"""What the sources of a run allow it to report, and the reason for each section that is missing."""

from dataclasses import dataclass

import pandas as pd

from vrn_analysis.core.config import Settings, reference_rows
from vrn_analysis.core.errors import AssessmentError


@dataclass(frozen=True)
class Need:
    """
    What a section may need: a row of `data/reference/needs.csv`.

    Parameters
    ----------
    sources
        Names of the sources that give it; all are needed.
    section
        What the reader calls the part of the assessment.
    reason
        What to show without them.
    holder, template
        Who has the data, and the template that asks them for it, or "".
    also
        Words of other reasons that the same data would answer.
    """

    sources: tuple[str, ...]
    section: str
    reason: str
    holder: str
    template: str
    also: tuple[str, ...]


NEEDS = {
    row["need"]: Need(
        tuple(row["sources"].split()),
        row["section"],
        row["reason"],
        row["holder"],
        row["template"],
        tuple(filter(None, row["also"].split(";"))),
    )
    for row in reference_rows("needs.csv")
}


class NotInThisRun(AssessmentError):
    """A section needs sources that the run does not have."""

    def _render_traceback_(self) -> list[str]:
        """Show one plain line in a notebook, not a traceback: nothing has gone wrong."""
        return [f"Not available from the data supplied: {self}"]


def missing(settings: Settings, what: str) -> str:
    """Return why a run with these settings cannot say something, or "" where it can."""
    need = NEEDS[what]
    return "" if all(source in settings.sources for source in need.sources) else need.reason


def asked(reason: str) -> dict[str, str]:
    """Return who has the data that a reason names, and the command that asks for them."""
    of = (n for n in NEEDS.values() if n.reason == reason or any(s in reason for s in n.also))
    need = next(of, None)
    command = f"vrn template {need.template}" if need and need.template else ""
    return {"holder": need.holder if need else "", "command": command}


def abilities(settings: Settings) -> pd.DataFrame:
    """Return what a run can say: one row an ability, and why not where it cannot."""
    return pd.DataFrame(
        {
            "section": NEEDS[what].section,
            "in this run": "no" if missing(settings, what) else "yes",
            "why not": missing(settings, what),
        }
        for what in NEEDS
    )
