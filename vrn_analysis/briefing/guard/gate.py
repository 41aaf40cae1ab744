"""The last look before a briefing is put in its place: what a page or a table must never hold."""

import csv
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from bs4 import BeautifulSoup, Tag

from vrn_analysis.briefing.content.markup import parsed
from vrn_analysis.briefing.guard import contents
from vrn_analysis.briefing.outputs import area_map, geopackages
from vrn_analysis.core.errors import AssessmentError, DisclosureError, listed
from vrn_analysis.count.tables.privacy import POINTING

FORBIDDEN = ("script", "iframe", "object", "embed", "applet", "base", "form", "video", "audio")
LOADING = ("src", "srcset", "poster", "data", "background", "xlink:href")
PLACEHOLDER = re.compile(r"no description|^(image|figure|chart|plot|untitled|png)\W*$", re.I)
SCRIPTED = re.compile(r"\s*(javascript|data|vbscript):", re.I)
SHORTEST_ALT = 20


def _short(element: Tag) -> str:
    return str(element)[:80].replace("\n", " ")


def _attribute_problem(tag: Tag, name: str, value: str) -> str:
    if name.startswith("on"):
        return f"{name}= runs a script: {_short(tag)}"
    if name == "style":
        return f"style= is not allowed: {_short(tag)}"
    if name in LOADING and not value.startswith("data:image/"):
        return f"{name}= loads {value[:60]!r}"
    if name == "href" and tag.name == "link" and not value.startswith("data:"):
        return f"<link> loads {value[:60]!r}"
    if name == "href" and tag.name != "link" and SCRIPTED.match(value):
        return f"a link runs a script: {_short(tag)}"
    if name == "http-equiv" and value.lower() == "refresh":
        return "the page sends its reader elsewhere: <meta refresh>"
    return ""


def _is_own_script(tag: Tag, own: str) -> bool:
    return bool(own) and tag.name == "script" and not tag.attrs and tag.string == own


def _policy_problems(soup: BeautifulSoup, own: str) -> list[str]:
    policy = soup.find("meta", attrs={"http-equiv": "Content-Security-Policy"})
    said = policy.get("content", "") if policy else ""
    found = []
    if "default-src 'none'" not in said:
        found.append("no content security policy that forbids everything not named")
    allowed = f"script-src '{area_map.script_hash()}'" if own else ""
    if "script-src" in said.replace(allowed, "") or (own and allowed not in said):
        found.append("the content security policy names a script that is not the project's")
    return found


def _loads(soup: BeautifulSoup, own: str) -> list[str]:
    """Nothing may run but the map's own script, once, and nothing may be fetched."""
    scripts = [tag for tag in soup.find_all(FORBIDDEN) if not _is_own_script(tag, own)]
    found = [f"<{tag.name}> is not allowed: {_short(tag)}" for tag in scripts]
    for tag in soup.find_all(True):
        for name, value in tag.attrs.items():
            value = value if isinstance(value, str) else " ".join(value)
            found.append(_attribute_problem(tag, name.lower(), value))
    styles = " ".join(style.get_text() for style in soup.find_all("style"))
    if re.search(r"@import|url\(", styles):
        found.append("the style sheet loads a file")
    found += _policy_problems(soup, own)
    return [problem for problem in found if problem]


def _pictures(soup: BeautifulSoup) -> list[str]:
    found = []
    for image in soup.find_all("img"):
        alt = " ".join(image.get("alt", "").split())
        if len(alt) < SHORTEST_ALT or PLACEHOLDER.search(alt):
            found.append(f"a chart has no description of what it shows (alt is {alt!r})")
        figure = image.find_parent("figure")
        caption = figure.find("figcaption") if figure else None
        if caption is None or len(caption.get_text(strip=True)) < SHORTEST_ALT:
            found.append(f"the chart {alt[:60]!r} has no caption")
    return found


def _tables(soup: BeautifulSoup) -> list[str]:
    found = []
    for table in soup.find_all("table"):
        caption = table.find("caption")
        words = caption.get_text(" ", strip=True) if caption else ""
        head = table.find_all("th")
        if not re.sub(r"^Table [\d.]+", "", words).strip():
            columns = ", ".join(h.get_text(strip=True) for h in head[:4])
            found.append(f"the table with columns {columns} has no caption: publish.show gives one")
        if not head or any(
            h.get("scope") not in ("col", "row", "colgroup", "rowgroup") for h in head
        ):
            found.append(f"the table {words!r} has a header without a scope")
        if any(not h.get_text(strip=True) for h in head):
            found.append(f"the table {words!r} has an empty header")
        holder = table.find_parent(attrs={"role": "region"})
        if holder is None or holder.get("tabindex") != "0" or not holder.get("aria-label"):
            found.append(f"the table {words!r} cannot be scrolled by keyboard")
    return found


def _headings(soup: BeautifulSoup) -> list[str]:
    levels = [int(heading.name[1]) for heading in soup.find_all(re.compile(r"^h[1-6]$"))]
    found = []
    if levels.count(1) != 1 or levels[:1] != [1]:
        found.append(f"the page has {levels.count(1)} headings of the first level; it needs one")
    steps = zip(levels, levels[1:], strict=False)
    return found + [f"a heading jumps from level {a} to {b}" for a, b in steps if b > a + 1]


def _addresses(soup: BeautifulSoup) -> list[str]:
    ids = Counter(tag["id"] for tag in soup.find_all(id=True))
    found = [f"the id {name!r} is used {n} times" for name, n in ids.items() if n > 1]
    links = [link["href"] for link in soup.find_all("a", href=re.compile(r"^#"))]
    return found + [f"a link leads nowhere: {href}" for href in links if href[1:] not in ids]


def _structure(soup: BeautifulSoup) -> list[str]:
    found = []
    if soup.html is None or soup.html.get("lang") != "en-GB":
        found.append("the page's language is not en-GB")
    if not (soup.title and soup.title.get_text(strip=True)):
        found.append("the page has no title")
    landmarks = ("header", "main", "footer", "nav")
    found += [f"the page has no <{name}>" for name in landmarks if soup.find(name) is None]
    regions = soup.find_all("nav") + soup.find_all(attrs={"role": "region"})
    labels = Counter(tag.get("aria-label", "") for tag in regions)
    found += [f"{n} regions are called {name!r}" for name, n in labels.items() if n > 1 or not name]
    first = soup.find("a")
    if first is None or first.get("href") != "#main":
        found.append("the first link does not skip to the content")
    return found + _headings(soup) + _addresses(soup)


def _identifier(header: str) -> str:
    name = re.sub(r"\W+", "_", header.strip().lower()).strip("_")
    return name if name in POINTING else ""


def page_problems(html: str, *, script: str = "") -> list[str]:
    """
    Return what keeps a page from being published, but for what it discloses.

    Parameters
    ----------
    script
        The one script the page may hold, word for word: that of the interactive map.
    """
    soup = parsed(html)
    return [*_loads(soup, script), *_structure(soup), *_pictures(soup), *_tables(soup)]


def page_disclosures(html: str) -> list[str]:
    """Return the headers of a page's tables that point at one crime or one person."""
    soup = parsed(html)
    headers = [cell.get_text(" ", strip=True) for cell in soup.find_all("th")]
    rows = [table.find("tr") for table in soup.find_all("table")]
    headers += [
        cell.get_text(" ", strip=True) for row in rows if row for cell in row.find_all("td")
    ]
    return sorted({f"a table has the column {h!r}" for h in headers if _identifier(h)})


def csv_disclosures(file: Path) -> list[str]:
    """Return the columns of a CSV file that point at one crime or one person."""
    with file.open(encoding="utf-8-sig", newline="") as content:
        header = next(csv.reader(content), [])
    return [f"has the column {name!r}" for name in header if _identifier(name)]


def _missing_files(html: str, folder: Path) -> list[str]:
    soup = parsed(html)
    hrefs = {a["href"] for a in soup.find_all("a", href=True)}
    local = {h.split("#")[0] for h in hrefs if not re.match(r"https?://|mailto:|#", h)}
    missing = sorted(h for h in local if not (folder / h).exists())
    return [f"a link leads to {href}, which the briefing does not hold" for href in missing]


def _single_disclosures(folder: Path, pages: Mapping[Path, str]) -> list[str]:
    """Return the tables of a briefing that are about single people or crimes."""
    found = [f"{file.name}: {p}" for file, html in pages.items() for p in page_disclosures(html)]
    for file in sorted(folder.rglob("*.csv")):
        found += [f"{file.relative_to(folder).as_posix()} {p}" for p in csv_disclosures(file)]
    for file in sorted(folder.rglob("*.gpkg")):
        problems = geopackages.disclosures(file, identifiers=POINTING)
        found += [f"{file.relative_to(folder).as_posix()} {problem}" for problem in problems]
    return found


def check(folder: Path) -> None:
    """
    Look at every page and table of a briefing before it is put in its place.

    Raises
    ------
    DisclosureError
        If a table on a page or in a file is about single people or crimes, or anything in the
        briefing gives away a count that its profiles hide.
    AssessmentError
        If a page runs or loads anything, or cannot be read by everybody: all problems at once.
    """
    pages = {file: file.read_text(encoding="utf-8") for file in sorted(folder.glob("*.html"))}
    if not pages:
        raise AssessmentError(f"{folder} has no page.")
    if single := _single_disclosures(folder, pages):
        raise DisclosureError(
            f"The briefing was refused: {len(single)} tables are about single people or crimes. "
            f"{listed(single)}. Count first, with tables.count."
        )
    if given := contents.disclosures(folder, pages):
        raise DisclosureError(
            f"The briefing was refused: {len(given)} places give away counts that the disclosure "
            f"profile hides. {listed(given)}. Whatever a reader meets goes through publish."
        )
    problems = [
        f"{file.name}: {problem}"
        for file, html in pages.items()
        for problem in [
            *page_problems(html, script=area_map.script() if file.name == area_map.FILE else ""),
            *_missing_files(html, folder),
        ]
    ]
    if problems:
        raise AssessmentError(
            f"The briefing was refused: {len(problems)} problems in its pages. {listed(problems)}."
        )
