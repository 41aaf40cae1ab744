"""The pages of a briefing: one of everything, and one for each chapter."""

import base64
import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from html import escape
from typing import Any

from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from vrn_analysis import __version__
from vrn_analysis.briefing import area_map
from vrn_analysis.briefing.chapters import TEMPLATE, Chapter, demoted
from vrn_analysis.briefing.subject import Subject

SUMMARY = "12"  # the chapter a reader meets first
SYNTHETIC = "SYNTHETIC SAMPLE: an invented county"
OUTSIDE = re.compile(r"https?://|mailto:|#|tables/[\w./-]+\.(csv|gpkg)$|manifest\.json$|map\.html$")
WHEN = (("covers", ""), ("published", "published "), ("accessed", "accessed "))


@dataclass(frozen=True)
class Page:
    """What differs from page to page; see `template/page.html.j2`."""

    title: str
    main: Markup
    contents: list[dict[str, Any]]
    home: bool = False
    partial: str = ""
    around: list[dict[str, str]] = field(default_factory=list)
    script: Markup = Markup("")
    script_hash: str = ""


def _environment() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(TEMPLATE), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    template = environment.get_template("opening.html.j2")
    environment.globals["opening"] = lambda chapter: Markup(template.render(chapter=chapter))
    return environment


def _style(stamp: str, *, more: str = "") -> tuple[Markup, str]:
    """Return the style sheet, and the hash by which the page allows it and no other."""
    plain = re.sub(r'[\\"<>\n]', " ", stamp)
    style = (TEMPLATE / "briefing.css").read_text(encoding="utf-8").replace("@STAMP@", plain)
    style += more
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    return Markup(style), f"sha256-{digest}"


def _sources(subject: Subject) -> list[dict[str, Any]]:
    seen = []
    for name, source in subject.settings.sources.items():
        parts = [source["producer"]] if source.get("producer") else []
        parts += [lead + str(source[key]) for key, lead in WHEN if source.get(key)]
        entry = {"title": source.get("title", name), "parts": parts}
        if entry not in seen:
            seen.append(entry)
    return seen


def _licences(subject: Subject) -> list[str]:
    """Return every licence once; one that a longer attribution begins with is not repeated."""
    said = {source.get("licence", "") for source in subject.settings.sources.values()} - {""}
    return sorted(
        licence
        for licence in said
        if not any(other.startswith(licence) for other in said - {licence})
    )


def _definition(subject: Subject) -> str:
    if subject.settings.kind == "open":
        return (
            "None. Open data are shown as published; they cannot carry a serious violence "
            "definition."
        )
    return f"{subject.settings.definition}, applied to every record; chapter 2 describes it."


def _stamp(chapters: list[Chapter], subject: Subject) -> tuple[str, str]:
    """Return the stamp as HTML and, short, as text."""
    short = SYNTHETIC if subject.settings.kind == "sample" else subject.settings.title
    shown = next((chapter.stamp for chapter in chapters if chapter.stamp), "")
    return shown or f"<p><b>{escape(short)}.</b> {escape(subject.settings.area_name)}.</p>", short


def _common(chapters: list[Chapter], subject: Subject, run: str) -> dict[str, Any]:
    """Return what stands on every page."""
    stamp, short = _stamp(chapters, subject)
    style, style_hash = _style(short)
    return {
        "title": subject.settings.title,
        "area": subject.settings.area_name,
        "kind": subject.settings.kind,
        "stamp": Markup(stamp),
        "style": style,
        "style_hash": style_hash,
        "sources": _sources(subject),
        "licences": _licences(subject),
        "definition": _definition(subject),
        "profile": subject.settings.disclosure_profile,
        "audience": subject.settings.audience,
        "version": __version__,
        "run": run,
        "fingerprint": subject.fingerprint,
        "command": "vrn briefing" if subject.is_sample else "vrn briefing --data FOLDER",
    }


def linked(html: str, targets: Mapping[str, str]) -> str:
    """
    Return HTML whose links lead somewhere from where it now stands.

    Parameters
    ----------
    targets
        Where a link to another notebook leads, by its number. Links that lead nowhere from a page
        (a file of the repository, a script) become plain text.
    """
    soup = BeautifulSoup(html, "html.parser")
    for link in soup.find_all("a"):
        href = link.get("href", "")
        notebook = re.fullmatch(r"(?:\./)?(\d\d)_\w+\.ipynb", href)
        if notebook and notebook[1] in targets:
            link["href"] = targets[notebook[1]]
        elif not OUTSIDE.match(href):
            link.unwrap()
    return str(soup)


def reading_order(chapters: list[Chapter]) -> list[Chapter]:
    """Return the chapters with the summary first, then by number."""
    return sorted(chapters, key=lambda chapter: (chapter.number != SUMMARY, chapter.number))


def _entry(chapter: Chapter, href: str, **more: Any) -> dict[str, Any]:
    return {"number": str(int(chapter.number)), "title": chapter.title, "href": href} | more


def _index(chapters: list[Chapter], common: dict[str, Any], environment: Environment) -> Page:
    targets = {chapter.number: f"#{chapter.anchor}" for chapter in chapters}
    shown = [
        Chapter(
            **vars(chapter)
            | {"body": linked(demoted(chapter.body), targets)}
            | {"question": linked(chapter.question, targets)}
        )
        for chapter in chapters
    ]
    findings = [chapter for chapter in chapters if chapter.finding]
    cover = environment.get_template("cover.html.j2")
    main = cover.render(common, chapters=shown, findings=findings)
    first = [{"title": "Main findings", "href": "#main-findings"}] if findings else []
    last = [{"title": "About this briefing", "href": "#about"}]
    entries = [_entry(chapter, f"#{chapter.anchor}") for chapter in chapters]
    return Page(common["title"], Markup(main), first + entries + last)


def _around(chapters: list[Chapter], position: int) -> list[dict[str, str]]:
    wanted = ((position - 1, "before", "Before"), (position + 1, "next", "Next"))
    return [
        {"side": side, "label": label}
        | {"href": f"{chapters[at].name}.html", "title": chapters[at].title}
        for at, side, label in wanted
        if 0 <= at < len(chapters)
    ]


def _alone(
    chapters: list[Chapter], position: int, common: dict[str, Any], environment: Environment
) -> Page:
    chapter = chapters[position]
    targets = {other.number: f"{other.name}.html" for other in chapters}
    body, question = linked(chapter.body, targets), linked(chapter.question, targets)
    shown = Chapter(**vars(chapter) | {"body": body, "question": question})
    main = environment.get_template("chapter.html.j2").render(common, chapter=shown)
    contents = [
        _entry(
            other,
            f"{other.name}.html",
            here=other is chapter,
            sections=[(f"#{i}", text) for i, text in other.sections] if other is chapter else [],
        )
        for other in chapters
    ]
    return Page(
        chapter.title, Markup(main), contents, home=True, around=_around(chapters, position)
    )


def _map_page(chapters: list[Chapter], drawing: dict[str, Any], common: dict[str, Any]) -> Page:
    main = area_map.main(drawing, _environment(), area=common["area"])
    entries = [_entry(chapter, f"{chapter.name}.html") for chapter in chapters]
    here = {"title": area_map.TITLE, "href": area_map.FILE, "here": True}
    return Page(
        area_map.TITLE, main, [*entries, here], home=True,
        script=Markup(area_map.script()), script_hash=area_map.script_hash(),
    )  # fmt: skip


def _pages(
    chapters: list[Chapter], drawing: dict[str, Any] | None, common: dict[str, Any]
) -> dict[str, Page]:
    environment = _environment()
    pages = {"index.html": _index(chapters, common, environment)}
    for position, chapter in enumerate(chapters):
        pages[f"{chapter.name}.html"] = _alone(chapters, position, common, environment)
    if drawing:
        for page in pages.values():
            page.contents.append({"title": area_map.TITLE, "href": area_map.FILE})
        pages[area_map.FILE] = _map_page(chapters, drawing, common)
    return pages


def render(
    chapters: list[Chapter],
    subject: Subject,
    *,
    run: str,
    partial: bool = False,
    drawing: dict[str, Any] | None = None,
) -> dict[str, str]:
    """
    Return the pages of a briefing: file names and their HTML.

    `index.html` holds everything; `NN_name.html` holds one chapter. Every page stands alone: its
    style is inside it, it asks nothing of the network and runs no script. `map.html`, where there
    is a map, holds one script of its own, which the page names by its hash.

    Parameters
    ----------
    chapters
        In any order.
    subject
        What the run is about.
    run
        Hash of the run, printed on every page.
    partial
        Whether chapters are missing, which the first page then says.
    drawing
        What `area_map.gathered` found for the interactive map.
    """
    environment = _environment()
    chapters = reading_order(chapters)
    common = _common(chapters, subject, run)
    template = environment.get_template("page.html.j2")
    words = (
        "chapter " + ", ".join(sorted(chapter.number for chapter in chapters)) if partial else ""
    )
    rendered = {}
    for name, page in _pages(chapters, drawing, common).items():
        looks = dict(common)
        if page.script:
            short = _stamp(chapters, subject)[1]
            looks["style"], looks["style_hash"] = _style(short, more=area_map.style())
        rendered[name] = template.render(looks, page=replace(page, partial=words))
    return rendered
