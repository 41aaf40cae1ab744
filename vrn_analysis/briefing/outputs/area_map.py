"""The interactive map of a briefing: one page with its own small script, and nothing fetched."""

import base64
import hashlib
import json
from typing import Any

from bs4 import BeautifulSoup
from markupsafe import Markup

from vrn_analysis.briefing.content import frame
from vrn_analysis.briefing.content.chapters import TEMPLATE
from vrn_analysis.briefing.run.runner import Result

FILE = "map.html"
FOLDER = "map"  # below the output of a notebook: what `publish.save_areas` left there
TITLE = "Interactive map"
MARGIN = 250  # units around the drawing
LENGTHS = (500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)  # metres a scale bar can have


def script() -> str:
    """Return the one script that a briefing may hold."""
    return (TEMPLATE / "map.js").read_text(encoding="utf-8")


def script_hash() -> str:
    """Return the hash by which the page allows the script and no other."""
    digest = hashlib.sha256(script().encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def style() -> str:
    """Return what the style sheet of the page has more than that of the others."""
    return (TEMPLATE / "map.css").read_text(encoding="utf-8")


def gathered(results: list[Result]) -> dict[str, Any]:
    """
    Return what notebooks left for the map: `map`, and `hotspots` and `assets` where there are any.

    It is empty where no notebook left areas.
    """
    found: dict[str, Any] = {}
    for result in results:
        for file in sorted((result.output / FOLDER).glob("*.json")):
            content = json.loads(file.read_text(encoding="utf-8"))
            kinds = {"layers": "map", "assets": "assets", "path": "hotspots"}
            found |= {kind: content for key, kind in kinds.items() if key in content}
    return found if "map" in found else {}


def unlinked(html: str) -> str:
    """Return a page without what it says of a map that the briefing does not have."""
    if FILE not in html:
        return html
    soup = BeautifulSoup(html, "html.parser")
    while link := soup.find("a", href=FILE):
        (link.find_parent("div", class_="computed") or link.find_parent("p") or link).decompose()
    return str(soup)


def _bar(height: int, metres_a_unit: float) -> dict[str, Any]:
    longest = 2_200 * metres_a_unit
    metres = max((length for length in LENGTHS if length <= longest), default=LENGTHS[0])
    said = f"{metres / 1_000:g} km" if metres >= 1_000 else f"{metres} m"
    length = round(metres / metres_a_unit)
    return {"x": 0, "y": height + 400, "length": length, "words": said}


def _fill(look: str) -> Markup:
    # a pattern cannot be named in the style sheet: its address would count as a file
    fills = {"suppressed": ' fill="url(#hatch)"', "absent": ' fill="#fff"'}
    return Markup(fills.get(look, ""))


def main(content: dict[str, Any], *, area: str) -> Markup:
    """
    Return the main part of the page.

    Parameters
    ----------
    content
        As `gathered` returns it.
    area
        The name of the area.
    """
    drawing = content["map"]
    hotspots = content.get("hotspots")
    width, height = 10_000, drawing["height"]
    box = f"{-MARGIN} {-MARGIN} {width + 2 * MARGIN} {height + 3 * MARGIN}"
    return frame.rendered(
        "map.html.j2",
        {},
        map=drawing,
        hotspots=hotspots if hotspots and hotspots["path"] else None,
        strong=content.get("assets"),
        all_named=all(layer["named"] for layer in drawing["layers"]),
        box=box,
        bar=_bar(height, drawing["metres_a_unit"]),
        fill=_fill,
        area=area,
    )
