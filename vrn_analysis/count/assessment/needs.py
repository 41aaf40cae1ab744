"""What a section of an assessment needs, and what a notebook says of its chapter."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

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


KEY = "vrn_chapter"
TRUTH = (bool, "true or false")
KINDS = {  # in JSON, and in words
    "needs": (list, "a list"),
    "question": (str, "text"),
    "point": (int, "a whole number"),
    "place": (int, "a whole number"),
    "ecological": TRUTH,
    "summary": TRUTH,
}


@dataclass(frozen=True)
class About:
    """
    What a chapter is, as the metadata of its notebook say.

    Parameters
    ----------
    needs
        Keys of `NEEDS` without which it has nothing to say.
    question
        What the Board asks that its main finding answers; "" where no question is the Board's.
    point
        The number of that question among those of the Board; 0 where there is none.
    place
        Where the finding comes among those that answer the same question.
    ecological
        Whether it compares areas, so that its words may not claim a cause.
    summary
        Whether it sums up what other chapters found.
    """

    needs: tuple[str, ...]
    question: str
    point: int
    place: int
    ecological: bool
    summary: bool


def about(metadata: Mapping[str, Any], *, name: str) -> About:
    """
    Return what the metadata of a notebook say of its chapter.

    Raises
    ------
    AssessmentError
        If they say nothing, too little, what is not known, or a value of another kind.
    """
    said = metadata.get(KEY, {})
    said = said if isinstance(said, Mapping) else {}
    wrong = [f"lacks {each}" for each in sorted(set(KINDS) - set(said))]
    wrong += [f"has {each!r}, which is not known" for each in sorted(set(said) - set(KINDS))]
    for key, (kind, words) in KINDS.items():
        if key in said and type(said[key]) is not kind:
            wrong.append(f"has {key} = {said[key]!r}, which must be {words}")
    needs = said.get("needs") if isinstance(said.get("needs"), list) else []
    strange = [need for need in needs if need not in list(NEEDS)]
    wrong += [f"needs {need!r}, which is not one of {', '.join(NEEDS)}" for need in strange]
    if wrong:
        raise AssessmentError(
            f"The notebook {name} does not say what chapter it is: {KEY} in its metadata "
            f"{'; '.join(wrong)}. Copy {KEY} from another notebook (in Jupyter: Property "
            "Inspector, Advanced Tools, Notebook Metadata), and change it."
        )
    return About(**dict(said) | {"needs": tuple(said["needs"])})


def about_file(file: Path) -> About:
    """Return what the metadata of a notebook's file say of its chapter: see `about`."""
    try:
        metadata = json.loads(file.read_text(encoding="utf-8"))["metadata"]
    except (ValueError, KeyError, TypeError):
        raise AssessmentError(
            f"{file} is not a readable notebook. Restore it from git or save it again in Jupyter."
        ) from None
    return about(metadata, name=file.stem)
