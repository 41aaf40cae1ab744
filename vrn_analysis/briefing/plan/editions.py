"""Editions: what each is, and the data, settings and notebooks it is made of."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from vrn_analysis.briefing.plan import notebooks
from vrn_analysis.briefing.plan.subject import Subject
from vrn_analysis.core.config import STATUSES
from vrn_analysis.core.errors import AssessmentError
from vrn_analysis.count.assessment.needs import about_file
from vrn_analysis.count.assessment.places import Places

WHOLE, BOARD, EASY, ALONE = "whole", "board", "easy", "alone"
EVERY_AREA = "all"
MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")
# a public edition of records that are not public already is rounded, whatever partners see
PUBLIC_PROFILE = "nhs_round5"


@dataclass(frozen=True)
class Edition:
    """
    One edition, before it is about anything.

    `parts` is what its folder holds: the whole briefing, the Board summary alone, the same facts
    in short words, or one chapter alone. `notebook` is the number of that chapter's notebook, in
    the folder `editions`.
    """

    name: str
    title: str
    purpose: str
    parts: str = WHOLE
    notebook: str = ""


FULL = Edition("full", "Full briefing", "Every chapter, for the people who work with it.")
BOARD_SUMMARY = Edition(
    "board", "Board summary", "Ten points on two pages for Board papers.", BOARD
)
EASY_READ = Edition("easy", "Easy read", "The main points in short words and large type.", EASY)
QUARTERLY = Edition(
    "quarterly",
    "Quarterly pack",
    "The latest quarter compared with a year earlier, and the latest year.",
    ALONE,
    "20",
)
AREA = Edition("area", "Area edition", "One place compared with the rest.", ALONE, "21")
PUBLIC = Edition(
    "public",
    "Public edition",
    "For everybody. Counts are rounded, and no small area is named or ranked.",
)
# in this order; the first that is asked for lies at the top of the folder
EDITIONS = {e.name: e for e in (FULL, BOARD_SUMMARY, EASY_READ, QUARTERLY, AREA, PUBLIC)}


@dataclass(frozen=True)
class Asked:
    """
    What a user asks of a briefing.

    Parameters
    ----------
    editions
        Names of editions; `all` means every edition but those of areas.
    areas
        Names of districts or custom areas, each for an edition of its own; `all` means each.
    to
        Last month of the quarterly pack, such as 2024-03; without it, the last of the data.
    status, marking
        What stands on every page; without them, what the settings say.
    only
        Numbers of the notebooks wanted in the full and the public edition; empty means all.
    pdf
        Whether to make a PDF of each edition, where there is a browser for it.
    charts
        Whether to write each chart as PNG and SVG, too.
    """

    editions: tuple[str, ...] = ("full",)
    areas: tuple[str, ...] = ()
    to: str = ""
    status: str = ""
    marking: str = ""
    only: tuple[str, ...] = ()
    pdf: bool = True
    charts: bool = False


@dataclass(frozen=True)
class Plan:
    """One edition to be made: of what data and notebooks, and where below the output folder."""

    edition: Edition
    subject: Subject
    files: list[Path] = field(default_factory=list)
    folder: str = ""
    charts: bool = False

    @property
    def partial(self) -> bool:
        """Whether it leaves out chapters that there are."""
        return self.edition.parts != ALONE and len(self.files) < len(
            notebooks.find(self.files[0].parent)
        )


def _names(asked: Asked) -> list[str]:
    wanted = {name.strip().lower() for name in asked.editions}
    if strange := sorted(wanted - set(EDITIONS) - {"all"}):
        raise AssessmentError(
            f"There is no edition {', '.join(map(repr, strange))}. Choose from "
            f"{', '.join(EDITIONS)} or all."
        )
    if "all" in wanted:
        wanted |= set(EDITIONS) - {AREA.name}
    if FULL.name in wanted:
        wanted -= {BOARD_SUMMARY.name}  # the full briefing holds it
    return [name for name in EDITIONS if name in wanted - {"all", AREA.name}]


def _refuse_idle(names: list[str], asked: Asked) -> None:
    """Reject options that no requested edition uses."""
    if asked.to and QUARTERLY.name not in names:
        raise AssessmentError("--to is the month of the quarterly pack: add --edition quarterly.")
    if asked.only and not any(not EDITIONS[name].notebook for name in names):
        raise AssessmentError(
            "--only chooses chapters of the full, Board, easy and public editions."
        )


def area_names(subject: Subject) -> list[str]:
    """Return the places that an area edition can be about: the districts, then custom areas."""
    places = Places(subject.folder, subject.settings)
    named = [places.lookup[f"{level}_name"].dropna() for level in places.levels]
    return list(dict.fromkeys(name for names in named for name in names))


def _areas(subject: Subject, asked: Asked) -> list[str]:
    """Return the areas asked for as the data write them; capitals and outer spaces are forgiven."""
    if not asked.areas:
        if AREA.name in asked.editions:
            raise AssessmentError("Which area? Name it with --area; --area all makes one of each.")
        return []
    known = {name.strip().casefold(): name for name in area_names(subject)}
    if EVERY_AREA in asked.areas:
        return list(known.values())
    strange = [name for name in asked.areas if name.strip().casefold() not in known]
    if strange:
        raise AssessmentError(
            f"There is no area {', '.join(map(repr, strange))}. Choose from "
            f"{'; '.join(known.values())}; or all."
        )
    return list(dict.fromkeys(known[name.strip().casefold()] for name in asked.areas))


def _said_on_pages(subject: Subject, asked: Asked) -> Subject:
    status = (asked.status or subject.settings.status).strip().upper()
    if status not in STATUSES:
        raise AssessmentError(
            f"The status {asked.status!r} is not known. Choose from {', '.join(STATUSES)}."
        )
    marking = " ".join((asked.marking or subject.settings.marking).split())
    # no notebook depends on these, so they are no change that its kernel must know of
    return replace(subject, settings=replace(subject.settings, status=status, marking=marking))


def _changes(edition: Edition, subject: Subject, asked: Asked) -> dict[str, Any]:
    """Return what an edition changes in the settings."""
    if edition is QUARTERLY and asked.to:
        if not MONTH.fullmatch(asked.to):
            raise AssessmentError(f"--to {asked.to} is not a month such as 2024-03.")
        return {"to": asked.to}
    if edition is not PUBLIC:
        return {}
    # open data are public record by record already
    profile = {} if subject.settings.kind == "open" else {"disclosure_profile": PUBLIC_PROFILE}
    return {"audience": "public"} | profile


def slug(name: str) -> str:
    """Return a name as that of a folder: plain small letters, at most 40."""
    return re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40].strip("-") or "area"


def _folders(names: Iterable[str]) -> list[str]:
    """Return a folder for each area; two whose names fold to the same get a number."""
    made: list[str] = []
    for name in names:
        own = slug(name)
        again = sum(1 for other in made if other == own or other.startswith(f"{own}-no-"))
        made.append(f"{own}-no-{again + 1}" if own in made else own)
    return [f"area_{name}" for name in made]


def plan(subject: Subject, asked: Asked, *, folder: Path) -> list[Plan]:
    """
    Return the editions to make, in order; the first lies at the top of the output folder.

    Parameters
    ----------
    subject
        The data, with the settings that their folder has.
    asked
        What the user asks for.
    folder
        Where the numbered notebooks are; those of one edition alone are in `editions` below it.

    Raises
    ------
    AssessmentError
        If an edition, an area, a month or a status is not known: the choices are listed.
    AgreementError
        If a source may not go into an edition for its audience.
    """
    subject = _said_on_pages(subject, asked)
    names, areas = _names(asked), _areas(subject, asked)
    _refuse_idle(names, asked)
    wanted = [(EDITIONS[name], _changes(EDITIONS[name], subject, asked), name) for name in names]
    at = next((i for i, one in enumerate(wanted) if one[0] is PUBLIC), len(wanted))
    places = [
        (AREA, {"area": name}, where) for name, where in zip(areas, _folders(areas), strict=True)
    ]
    plans = []
    for edition, changes, where in [*wanted[:at], *places, *wanted[at:]]:
        own = edition.notebook
        files = notebooks.find(
            folder / notebooks.EDITIONS if own else folder, only=[own] if own else asked.only
        )
        for file in files:
            about_file(file)  # one that does not say what it is stops here, before anything is run
        about = subject.varied(**changes) if changes else subject
        if edition is PUBLIC:
            about = replace(about, settings=replace(about.settings, marking=""))
        plans.append(Plan(edition, about, files, where if plans else "", asked.charts))
    return plans
