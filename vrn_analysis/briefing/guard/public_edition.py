"""What a public edition must not hold of homicide: a rate, a place, a cost, or who it was."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from vrn_analysis.briefing.content.markup import parsed
from vrn_analysis.core.errors import DisclosureError

# homicide by itself; "Homicide or violence with injury" is a group of many more
ALONE = re.compile(r"^(non-domestic )?(homicides?|murder|manslaughter)\b(?!.* or )", re.I)
NAMED = re.compile(r"\bhomicides?\b(?! or )", re.I)
# columns that say where, who or how much of it for how many people
PLACES = re.compile(r"^(area|lsoa|msoa|district|place|home)(_|$)|^residence$", re.I)
PEOPLE = re.compile(r"^(sex|role|age|age_group|relationship|self_defined_ethnicity)$", re.I)
COSTS = re.compile(r"cost|pounds|£", re.I)
MAP = re.compile(r"^map\b", re.I)


def _rate(row: dict[str, str]) -> bool:
    return "rate" in row.get("statistic", "").lower()


def _row_problem(row: dict[str, str]) -> str:
    """Return what a row of homicide says that a public edition must not, or ""."""
    said = [name for name, value in row.items() if value and name]
    if _rate(row):
        return "a rate of homicide"
    if found := [name for name in said if COSTS.search(name)]:
        return f"a cost of homicide ({found[0]})"
    if found := [name for name in said if PLACES.search(name) and row[name] != "All"]:
        return f"homicide by place ({found[0]})"
    if found := [name for name in said if PEOPLE.search(name) and row[name] != "All"]:
        return f"homicide by {found[0]}"
    return ""


def table_problems(file: Path) -> list[str]:
    """Return what a CSV file says of homicide that a public edition must not."""
    with file.open(encoding="utf-8-sig", newline="") as content:
        rows = [
            row
            for row in csv.DictReader(content)
            if any(ALONE.match(value or "") for name, value in row.items() if name != "stamp")
        ]
    return sorted({problem for row in rows if (problem := _row_problem(row))})


def page_problems(html: str) -> list[str]:
    """Return the maps of a page that are of homicide."""
    soup = parsed(html)
    alts = [" ".join(image.get("alt", "").split()) for image in soup.find_all("img")]
    return [
        f"a map of homicide: {alt[:80]!r}" for alt in alts if MAP.match(alt) and NAMED.search(alt)
    ]


def _problems(folder: Path) -> Iterator[str]:
    for file in sorted((folder / "tables").glob("*.csv")):
        yield from (f"{file.name} contains {problem}" for problem in table_problems(file))
    for file in sorted(folder.glob("*.html")):
        html = file.read_text(encoding="utf-8")
        yield from (f"{file.name} contains {problem}" for problem in page_problems(html))


def check(folder: Path) -> None:
    """
    Check that a public edition says of homicide only how many there were.

    Raises
    ------
    DisclosureError
        If a table gives it a rate, a cost, a place or a group of people, or a map is of it: all
        at once, without any number.
    """
    if found := list(_problems(folder)):
        raise DisclosureError(
            f"This edition is public, and homicide is in it only as a count of three years or more:"
            f" {len(found)} places say more. {'; '.join(found)}. Count it together with violence "
            "with injury, as tables.folded does."
        )
