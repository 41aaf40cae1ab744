"""What the analysts make of it: a signed and dated page a chapter, marked as judgement."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from html import escape
from pathlib import Path

from bs4 import BeautifulSoup

from vrn_analysis.briefing.content.chapters import HEADINGS, told
from vrn_analysis.briefing.content.published import TYPED, Published
from vrn_analysis.briefing.plan import notebooks
from vrn_analysis.briefing.plan.editions import WHOLE, Plan
from vrn_analysis.core import facts
from vrn_analysis.core.errors import AssessmentError
from vrn_analysis.say import language

FOLDER = "commentary"
NAME = re.compile(r"\d\d\.md")
NEEDED = ("author", "date", "status")
STATUSES = ("draft", "approved", "example")  # an example, as `vrn new` writes it, is not shown
FENCE = "---"


@dataclass(frozen=True)
class Commentary:
    """
    What somebody makes of one chapter.

    `text` is Markdown; `first` is the line of the file on which it begins.
    """

    file: str
    author: str
    date: date
    status: str
    text: str
    first: int

    @property
    def number(self) -> str:
        """The number of the chapter."""
        return Path(self.file).stem

    @property
    def signed(self) -> str:
        """Who wrote it, when, and whether it is approved."""
        day = f"{self.date.day} {self.date:%B %Y}"
        return f"{self.author}, {day}. Status: {self.status}."


def _parts(lines: list[str]) -> tuple[dict[str, str], int]:
    """Return the front matter, and the number of lines that it takes; 0 where there is none."""
    ends = [at for at, line in enumerate(lines) if line.strip() == FENCE]
    if len(ends) < 2 or ends[0] != 0:
        return {}, 0
    pairs = (line.partition(":") for line in lines[1 : ends[1]])
    return {key.strip().lower(): value.strip() for key, _, value in pairs}, ends[1] + 1


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _faults(front: Mapping[str, str], text: str) -> list[str]:
    if missing := [name for name in NEEDED if not front.get(name)]:
        return [f"has no {', '.join(missing)} between the two lines {FENCE} at its top"]
    found = []
    if _day(front["date"]) is None:
        found.append(f"has the date {front['date']!r}; write it as 2024-06-30")
    if front["status"].lower() not in STATUSES:
        found.append(f"has the status {front['status']!r}; write {' or '.join(STATUSES)}")
    return found if text.strip() else [*found, "says nothing below its top"]


def _one(file: Path) -> tuple[Commentary | None, list[str]]:
    name = f"{FOLDER}/{file.name}"
    try:
        lines = file.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError:
        return None, [f"{name} is not UTF-8 text; save it again as UTF-8"]
    front, first = _parts(lines)
    text = "\n".join(lines[first:])
    if faults := _faults(front, text):
        return None, [f"{name} {fault}" for fault in faults]
    day, status = date.fromisoformat(front["date"]), front["status"].lower()
    return Commentary(name, front["author"], day, status, text, first + 1), []


def read(folder: Path, *, chapters: Collection[str]) -> dict[str, Commentary]:
    """
    Return the commentary of a data folder by the number of the chapter.

    Parameters
    ----------
    folder
        The data folder; its commentary is in `commentary/NN.md`.
    chapters
        The numbers of all chapters that there are.

    Raises
    ------
    AssessmentError
        If a file is of no chapter, or its top lacks author, date or status: all at once.
    """
    held, faults = {}, []
    for file in sorted((folder / FOLDER).glob("*.md")):
        if not NAME.fullmatch(file.name) or file.stem not in chapters:
            known = ", ".join(sorted(chapters))
            faults.append(f"{FOLDER}/{file.name} is of no chapter; name it NN.md, NN of {known}")
            continue
        one, found = _one(file)
        faults += found
        if one:
            held[one.number] = one
    if faults:
        raise AssessmentError(f"{len(faults)} faults of the commentary: {'; '.join(faults)}.")
    return held


def html(one: Commentary, known: Published) -> str:
    """
    Return commentary as HTML for its chapter: marked as judgement, signed and dated.

    Raw HTML in it is shown as the text it is; its headings do not enter the page's own.
    """
    filled = known.filled(one.text)
    soup = BeautifulSoup(told(str(filled), filled.spans), "html.parser")
    for heading in soup.find_all(HEADINGS):
        heading.name = "p"
        heading.attrs = {"class": "heading"}
    for image in soup.find_all("img"):
        image.replace_with(image.get("alt", ""))
    for table in soup.find_all("table"):
        table.replace_with(table.get_text(" ", strip=True))  # only published tables are tables
    return (
        '<div class="commentary"><p class="label">Commentary: the judgement of its author, not a '
        f'computed finding</p>{soup}<p class="signed">{escape(one.signed)}</p></div>'
    )


def _meant(number: str, chapter: str, known: Published) -> str:
    """Return how to name the source of a number."""
    found = known.like(number, chapter=chapter)
    likely = f"if it is {' or '.join(found)}, write " if found else "write "
    cell = found[0] if found else "table:row:column"
    return (
        f"{likely}{{{{{number} = {cell}}}}}; for an estimate of yours {{{{{number} = judgement}}}}"
    )


def of_plan(plan: Plan) -> dict[str, Commentary]:
    """
    Return the commentary that an edition shows, by the number of the chapter.

    An edition that stands alone, or is of the sample, has none; an approved one leaves drafts out.
    """
    if plan.edition.parts != WHOLE or plan.subject.is_sample:
        return {}
    chapters = {file.stem[:2] for file in notebooks.find(plan.files[0].parent)}
    held = read(plan.subject.folder, chapters=chapters)
    shown = {"approved"} if plan.subject.settings.status == "APPROVED" else {"approved", "draft"}
    return {number: one for number, one in held.items() if one.status in shown}


def warnings(voices: Mapping[str, Commentary], known: Published) -> list[str]:
    """
    Return what somebody should know before the commentary is approved.

    Each number that names no cell is told with cells of its chapter that it may mean; each word
    that an assessment does not use, with its line and what to write instead.

    Parameters
    ----------
    voices
        The commentary, by the number of the chapter.
    known
        The cells of the run: commentary may speak of another chapter.
    """
    return [text for one in voices.values() for text in _warnings(one, known)]


def _warnings(one: Commentary, known: Published) -> list[str]:
    found = []
    for line, text in enumerate(one.text.splitlines(), one.first):
        where = f"{one.file} line {line}"
        found += [
            f"{where}: {number[0]} names no source; {_meant(number[0], one.number, known)}"
            for number in facts.loose(TYPED.sub("", text), typed=True)
        ]
        found += [
            f"{where}: {left[0]} names no cell that contains its number"
            for left in TYPED.finditer(known.filled(text))
        ]
        found += [
            f"{where}: “{row.found}”. {row.reason} Write instead: {row.alternative}"
            for row in language.problems(text).itertuples()
        ]
    return found
