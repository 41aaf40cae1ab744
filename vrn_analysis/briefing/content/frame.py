"""What stands on every page of a briefing: stamp, style, sources, licences, how to reproduce it."""

import base64
import hashlib
import re
from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from bs4 import BeautifulSoup
from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from vrn_analysis import __version__
from vrn_analysis.briefing.content.chapters import TEMPLATE, Chapter
from vrn_analysis.briefing.plan.editions import FULL, WHOLE, Edition
from vrn_analysis.briefing.plan.subject import Subject
from vrn_analysis.core import definition
from vrn_analysis.count.assessment import about
from vrn_analysis.read.sources import coverage
from vrn_analysis.show.disclosure import PROFILES

SYNTHETIC = "SYNTHETIC SAMPLE: an invented county"
OUTSIDE = re.compile(r"https?://|mailto:|#|tables/[\w./-]+\.(csv|gpkg)$|manifest\.json$|map\.html$")
FILE = re.compile(r"tables/|manifest\.json$|map\.html$")
WHEN = (("published", "published "), ("accessed", "accessed "))
UNAPPROVED = "DRAFT: not approved"


@cache
def _environment(templates: Path) -> Environment:
    """Return an environment with the templates of the pages."""
    made = Environment(
        loader=FileSystemLoader(templates), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    template = made.get_template("opening.html.j2")
    made.globals["opening"] = lambda chapter: Markup(template.render(chapter=chapter))
    return made


def rendered(template: str, common: Mapping[str, Any], **more: Any) -> Markup:
    """Return a template filled with what pages have in common, and with more."""
    return Markup(_environment(TEMPLATE).get_template(template).render(common, **more))


def style(words: Mapping[str, str], *, more: str = "") -> tuple[Markup, str]:
    """
    Return the style sheet, and the hash by which the page allows it and no other.

    Parameters
    ----------
    words
        What the margins of a printed sheet say: `STAMP`, `STATUS`, `MARKING`.
    more
        What one page has beside the rest.
    """
    sheet = (TEMPLATE / "briefing.css").read_text(encoding="utf-8")
    for name, said in words.items():
        # inside a quoted string of the sheet
        sheet = sheet.replace(f"@{name}@", re.sub(r'[\\"<>\n]', " ", said))
    sheet += more
    digest = base64.b64encode(hashlib.sha256(sheet.encode()).digest()).decode()
    return Markup(sheet), f"sha256-{digest}"


def _sources(subject: Subject) -> list[dict[str, Any]]:
    seen = []
    for name, source in subject.settings.sources.items():
        held = coverage.covers(subject.folder, subject.settings, name)
        parts = [*filter(None, (source.get("producer"), about.dated(held)))]
        parts += [lead + about.dated(str(source[key])) for key, lead in WHEN if source.get(key)]
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


def _definition(subject: Subject, edition: Edition) -> str:
    if subject.settings.kind == "open":
        return (
            "No definition applies. Open data are shown as published, because their categories "
            "are too broad to identify serious violence."
        )
    where = "; chapter 2 describes it" if edition.parts == WHOLE else ""
    name = subject.settings.definition
    return f"{definition.load(name).title} ({name}), applied to every record{where}."


def _disclosure(name: str) -> str:
    """Return what is done to counts before anything is made of them, in words."""
    rule = PROFILES[name]
    rounded = f" and others are rounded to the nearest {rule.base}" if rule.base > 1 else ""
    return (
        f"Counts from 1 to {rule.threshold - 1} are hidden{rounded}, before any rate, chart or "
        "sentence is computed. Other counts are hidden if they would reveal a hidden count "
        f"(profile {name})."
    )


def short_stamp(subject: Subject) -> str:
    """Return in a few words what the run is about."""
    return SYNTHETIC if subject.settings.kind == "sample" else subject.settings.title


def _stamp(chapters: list[Chapter], subject: Subject) -> str:
    shown = next((chapter.stamp for chapter in chapters if chapter.stamp), "")
    about = escape(short_stamp(subject)), escape(subject.settings.area_name)
    return shown or "<p><b>{}.</b> {}.</p>".format(*about)


def margins(subject: Subject) -> dict[str, str]:
    """Return what the margins of a printed sheet say."""
    settings = subject.settings
    return {
        "STAMP": short_stamp(subject),
        "STATUS": UNAPPROVED if settings.status == "DRAFT" else settings.status,
        "MARKING": settings.marking,
    }


def _command(edition: Edition, subject: Subject) -> str:
    """Return the command that makes this edition again."""
    settings, words = subject.settings, ["vrn briefing"]
    words += [] if subject.is_sample else ["--data FOLDER"]
    if settings.area:
        words.append(f'--area "{settings.area}"')
    elif edition is not FULL:
        words.append(f"--edition {edition.name}")
    words += [f"--to {settings.to}"] if settings.to else []
    return " ".join(words)


def common(
    chapters: list[Chapter], subject: Subject, *, run: str, edition: Edition = FULL
) -> dict[str, Any]:
    """Return what stands on every page of an edition."""
    settings = subject.settings
    sheet, sheet_hash = style(margins(subject))
    return {
        "title": settings.title,
        "area": settings.area_name,
        "place": settings.area or settings.area_name,
        "edition": edition,
        "kind": settings.kind,
        "status": margins(subject)["STATUS"],
        "marking": settings.marking,
        "stamp": Markup(_stamp(chapters, subject)),
        "style": sheet,
        "style_hash": sheet_hash,
        "sources": _sources(subject),
        "licences": _licences(subject),
        "definition": _definition(subject, edition),
        "disclosure": _disclosure(settings.disclosure_profile),
        "audience": settings.audience,
        "version": __version__,
        "run": run,
        "fingerprint": subject.fingerprint,
        "command": _command(edition, subject),
        "since": subject.since,
    }


def linked(html: str, targets: Mapping[str, str], *, files: bool = True) -> str:
    """
    Return HTML whose links lead somewhere from where it now stands.

    Parameters
    ----------
    targets
        Where a link to another notebook leads, by its number. Links that lead nowhere from a page
        (a file of the repository, a script) become plain text. An item of a list that leads to a
        chapter that is not in the edition is left out.
    files
        Whether files of the briefing lie beside the page: its tables and its map.
    """
    if "<a" not in html:
        return html
    soup = BeautifulSoup(html, "html.parser")
    for link in soup.find_all("a"):
        href = link.get("href", "")
        notebook = re.fullmatch(r"(?:\./)?(\d\d)_\w+\.ipynb", href)
        if notebook and notebook[1] in targets:
            link["href"] = targets[notebook[1]]
        elif notebook and targets and link.find_parent("li"):
            link.find_parent("li").decompose()
        elif not OUTSIDE.match(href) or (FILE.match(href) and not files):
            link.unwrap()
    return str(soup)
