"""The pages of an edition: one of everything, the Board summary, and one for each chapter."""

import re
from dataclasses import dataclass, field, replace
from typing import Any

from bs4 import BeautifulSoup
from markupsafe import Markup

from vrn_analysis.briefing.content import board, frame, silence
from vrn_analysis.briefing.content.chapters import Chapter
from vrn_analysis.briefing.content.frame import linked, rendered
from vrn_analysis.briefing.content.markup import demoted, in_full, lead, parts
from vrn_analysis.briefing.outputs import area_map
from vrn_analysis.briefing.place import INDEX
from vrn_analysis.briefing.plan.editions import ALONE, BOARD, BOARD_SUMMARY, EASY, FULL, Edition
from vrn_analysis.briefing.plan.subject import Subject
from vrn_analysis.count.assessment import needs
from vrn_analysis.count.assessment.supplied import ONLY_SAMPLE

BOARD_PAGE = "board.html"
MISSING_PAGE = "not_yet.html"
MISSING = "What this assessment cannot tell you yet"
APPENDIX = "Appendix for analysts"
FIGURE = re.compile(r' id="[^"]*"|(?<=aria-label=")(?=Figure)')
EDITIONS_PAGE = "editions.html"


@dataclass(frozen=True)
class Page:
    """What differs from page to page; see `template/page.html.j2`."""

    title: str
    main: Markup
    contents: list[dict[str, Any]]
    home: bool = False
    look: str = ""
    notices: list[str] = field(default_factory=list)
    around: list[dict[str, str]] = field(default_factory=list)
    script: Markup = Markup("")
    script_hash: str = ""


def _entry(chapter: Chapter, href: str, **more: Any) -> dict[str, Any]:
    return {"number": str(int(chapter.number)), "title": chapter.title, "href": href} | more


def _standing(
    chapter: Chapter, targets: dict[str, str], body: str, *, files: bool = True
) -> Chapter:
    """Return a chapter whose links lead somewhere from the page; `files` are as in `linked`."""
    return replace(
        chapter,
        body=linked(body, targets),
        question=linked(chapter.question, targets),
        finding=linked(chapter.finding, targets),
        board=[(at, linked(html, targets, files=files)) for at, html in chapter.board],
        first=[(at, linked(html, targets, files=files)) for at, html in chapter.first],
    )


def _missing(chapters: list[Chapter]) -> list[dict[str, Any]]:
    """Return what cannot be said, why, who has the data, and the command that asks for them."""
    found = silence.gathered((chapter.title, chapter.missing) for chapter in chapters)
    found.pop(ONLY_SAMPLE, None)  # nobody can be asked for what is known of real records
    return [{"reason": r, "questions": q} | needs.asked(r) for r, q in found.items()]


def _again(chart: str) -> str:
    """Return a chart of a chapter for a second place on the page: id and name are its own once."""
    return FIGURE.sub(lambda found: "" if found[0] else "Summary: ", chart)


def _index(chapters: list[Chapter], common: dict[str, Any]) -> Page:
    targets = {chapter.number: f"#{chapter.anchor}" for chapter in chapters}
    shown = [_standing(chapter, targets, demoted(parts(chapter.body)[0])) for chapter in chapters]
    points = board.points(shown)
    top = board.first(shown, points)
    top = replace(top, charts=[_again(chart) for chart in top.charts])
    whole = [(chapter, *lead(chapter.body)) for chapter in shown]
    main = rendered("cover.html.j2", common, chapters=whole, points=points, first=top)
    first = [{"title": "Main findings", "href": "#main-findings"}] if points else []
    entries = [_entry(chapter, f"#{chapter.anchor}") for chapter in chapters]
    return Page(common["title"], main, first + entries)


def _board(chapters: list[Chapter], common: dict[str, Any], *, alone: bool) -> Page:
    """Return the Board summary, as a page of a whole briefing or as one that stands alone."""
    targets = {} if alone else {chapter.number: f"{chapter.name}.html" for chapter in chapters}
    shown = [_standing(chapter, targets, "", files=not alone) for chapter in chapters]
    points = board.points(shown)
    words = {"edition_title": BOARD_SUMMARY.title, "first": board.first(shown, points)}
    main = rendered("board.html.j2", common, points=points, alone=alone, **words)
    contents = [
        {"number": str(at), "title": point.question, "href": f"#point-{point.number}"}
        for at, point in enumerate(points, 1)
    ]
    title = common["title"] if alone else BOARD_SUMMARY.title
    return Page(title, main, contents, home=not alone, look="board")


def _easy(chapters: list[Chapter], common: dict[str, Any]) -> Page:
    """Return the facts of the Board summary in short words."""
    shown = [_standing(chapter, {}, "", files=False) for chapter in chapters]
    told = board.easy(shown) | {"recommended": board.first(shown, []).recommended}
    main = rendered("easy.html.j2", common, **told)
    headings = BeautifulSoup(main, "html.parser").find_all("h2")
    contents = [{"title": one.get_text(), "href": f"#{one['id']}"} for one in headings]
    return Page(common["title"], main, contents, look="easy")


def _around(chapters: list[Chapter], position: int) -> list[dict[str, str]]:
    wanted = ((position - 1, "before", "Before"), (position + 1, "next", "Next"))
    return [
        {"side": side, "label": label}
        | {"href": f"{chapters[at].name}.html", "title": chapters[at].title}
        for at, side, label in wanted
        if 0 <= at < len(chapters)
    ]


def _sections(chapter: Chapter, body: str) -> list[tuple[str, str]]:
    return [(f"#{at}", text) for at, text in chapter.sections if f'id="{at}"' in body]


def _one(
    chapters: list[Chapter],
    position: int,
    common: dict[str, Any],
    *,
    appendix: bool = False,
) -> Page:
    """Return the page of a chapter, or of its appendix."""
    chapter = chapters[position]
    targets = {other.number: f"{other.name}.html" for other in chapters}
    main_part, rest = parts(chapter.body)
    body = rest if appendix else main_part
    shown = _standing(chapter, targets, body)
    beside = {"appendix": appendix, "more": [] if appendix else _sections(chapter, rest)}
    main = rendered("chapter.html.j2", common, chapter=shown, **beside)
    contents = [
        _entry(
            other,
            f"{other.name}.html",
            here=other is chapter,
            sections=_sections(chapter, body) if other is chapter else [],
        )
        for other in chapters
    ]
    around = _around(chapters, position)
    title = f"{chapter.title}: {APPENDIX.lower()}" if appendix else chapter.title
    return Page(title, main, contents, home=True, around=around)


def _alone(chapter: Chapter, common: dict[str, Any]) -> Page:
    """Return a chapter that is an edition by itself."""
    shown = _standing(chapter, {}, chapter.body)
    main = rendered("chapter.html.j2", common, chapter=shown, alone=True)
    sections = _sections(chapter, chapter.body)
    contents = [{"title": text, "href": href} for href, text in sections]
    return Page(chapter.title, main, contents)


def _whole(
    chapters: list[Chapter], drawing: dict[str, Any] | None, common: dict[str, Any]
) -> dict[str, Page]:
    pages = {INDEX: _index(chapters, common)}
    pages[BOARD_PAGE] = _board(chapters, common, alone=False)
    for position, chapter in enumerate(chapters):
        pages[f"{chapter.name}.html"] = _one(chapters, position, common)
        if parts(chapter.body)[1]:
            pages[f"{chapter.name}_appendix.html"] = _one(chapters, position, common, appendix=True)
    beside = [(BOARD_SUMMARY.title, BOARD_PAGE)]
    entries = [_entry(chapter, f"{chapter.name}.html") for chapter in chapters]
    if common["missing"]:
        main = rendered("not_yet.html.j2", common, alone=True)
        pages[MISSING_PAGE] = Page(MISSING, main, [*entries], home=True)
        beside.append((MISSING, MISSING_PAGE))
    if drawing:
        pages[area_map.FILE] = Page(
            area_map.TITLE, area_map.main(drawing, area=common["area"]), [*entries], home=True,
            script=Markup(area_map.script()), script_hash=area_map.script_hash(),
        )  # fmt: skip
        beside.append((area_map.TITLE, area_map.FILE))
    if common["edition"] is FULL:
        beside.append(("All editions", EDITIONS_PAGE))
    for name, page in pages.items():
        page.contents.extend(
            {"title": title, "href": href, "here": href == name} for title, href in beside
        )
    return pages


def _pages(
    chapters: list[Chapter], drawing: dict[str, Any] | None, common: dict[str, Any]
) -> dict[str, Page]:
    wanted = common["edition"].parts
    if wanted == ALONE:
        return {INDEX: _alone(chapters[0], common)}
    if wanted == BOARD:
        return {INDEX: _board(chapters, common, alone=True)}
    if wanted == EASY:
        return {INDEX: _easy(chapters, common)}
    return _whole(chapters, drawing, common)


def render(
    chapters: list[Chapter],
    subject: Subject,
    *,
    run: str,
    partial: bool = False,
    drawing: dict[str, Any] | None = None,
    edition: Edition = FULL,
) -> dict[str, str]:
    """
    Return the pages of an edition: file names and their HTML.

    `index.html` has the whole briefing, `board.html` the Board summary, `NN_name.html` one chapter,
    `NN_name_appendix.html` its sections for analysts, and `not_yet.html` what cannot be said. Each
    page has its style inside it, loads nothing from the network and runs no script.
    `map.html`, where there is a map, holds one script of its own, which the page names by its hash.

    Parameters
    ----------
    chapters
        In any order.
    subject
        What the run is about.
    run
        Hash of the run, printed on every page.
    partial
        Whether chapters are missing, which every page then says.
    drawing
        What `area_map.gathered` found for the interactive map.
    edition
        The edition: it may be one page only.
    """
    chapters = sorted(chapters, key=lambda chapter: chapter.number)
    common = frame.common(chapters, subject, run=run, edition=edition)
    notices = _notices(chapters, partial=partial)
    common["missing"] = _missing(chapters)
    spoken = [chapter for chapter in chapters if not chapter.is_silent]
    made = {}
    for name, page in _pages(spoken or chapters, drawing, common).items():
        looks = dict(common)
        if page.script:
            more = area_map.style()
            looks["style"], looks["style_hash"] = frame.style(frame.margins(subject), more=more)
        about = f"About this {'page' if page.home else 'briefing'}"
        page.contents.append({"title": about, "href": "#about"})
        main = Markup(in_full(page.main))
        page = replace(page, main=main, notices=notices)
        made[name] = str(rendered("page.html.j2", looks, page=page))
    return made


def _notices(chapters: list[Chapter], *, partial: bool) -> list[str]:
    """Return what every page says of chapters that are not there, or not whole."""
    # each number with its word: `facts` refuses a number that nothing names
    stopped = sorted(f"chapter {chapter.number}" for chapter in chapters if chapter.stopped)
    there = sorted(f"chapter {chapter.number}" for chapter in chapters)
    said = []
    if partial:
        said.append(f"This is a part of the briefing only: {', '.join(there)}.")
    if stopped:
        said.append(f"Not complete: the notebook of {', '.join(stopped)} failed.")
    return said


def render_editions(listed: list[dict[str, str]], subject: Subject, *, run: str) -> str:
    """
    Return the page that leads to every edition made together.

    Parameters
    ----------
    listed
        One entry an edition: `title, purpose, audience, profile, status, href, pdf` (or "").
    """
    common = frame.common([], subject, run=run)
    main = rendered("editions.html.j2", common, listed=listed)
    contents = [{"title": one["title"], "href": one["href"]} for one in listed]
    page = Page("Editions", main, contents, home=True)
    return str(rendered("page.html.j2", common, page=page))
