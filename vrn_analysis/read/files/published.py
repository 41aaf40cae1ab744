"""Translate the headings of published files of areas into the contracts' names."""

import re
from collections.abc import Iterable

LEVELS = {
    "lsoa": "lsoa",
    "msoa": "msoa",
    "lad": "district",
    "ltla": "district",
    "localauthoritydistrict": "district",
}
PARTS = {"cd": "code", "code": "code", "nm": "name", "name": "name", "hclnm": "name"}
# LSOA21CD, lsoa11_code, LSOA 2021 Code, LSOA code (2011), ltla21_name, MSOA21HCLNM
_AREA = re.compile(
    r"(?P<level>[a-z]+?)(?P<year>(?:20)?\d{2})?(?P<part>hclnm|cd|code|nm|name)(?P<after>20\d{2})?"
)


def plain(heading: str) -> str:
    """Return a heading in lower case, with underscores for spaces."""
    return heading.strip().lstrip("\ufeff").lower().replace(" ", "_")


def area_heading(heading: str) -> tuple[str, str, str] | None:
    """
    Return the level, the vintage and the part that a heading of areas names.

    Returns
    -------
    named
        Such as `("lsoa", "2011", "code")` for LSOA11CD; the vintage is "" where the heading has
        none. None for any other heading, and for a level that the contracts do not know.
    """
    found = _AREA.fullmatch(re.sub(r"[^a-z0-9]", "", str(heading).lower()))
    if not found or found["level"] not in LEVELS:
        return None
    year = found["year"] or found["after"] or ""
    return LEVELS[found["level"]], year and f"20{year[-2:]}", PARTS[found["part"]]


def contract_names(headings: Iterable[str]) -> dict[str, str]:
    """
    Return the contract's names of published headings of areas, by heading: LSOA21CD is `lsoa_code`.

    A heading is left out where the table has the contract's name already, or has two headings of
    one meaning, such as LSOA11CD beside LSOA21CD: the settings have to say which is wanted.
    """
    headings = [str(heading) for heading in headings]
    named = {heading: area_heading(heading) for heading in headings}
    ours = {heading: f"{at[0]}_{at[2]}" for heading, at in named.items() if at}
    meant = list(ours.values())
    return {
        heading: name
        for heading, name in ours.items()
        if meant.count(name) == 1 and name not in headings
    }
