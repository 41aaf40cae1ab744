"""What a run cannot say: taken out of the chapters, and listed once for the whole briefing."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from bs4 import BeautifulSoup, Tag

SAYS = {"computed", "chart", "table"}


@dataclass
class _Part:
    """A heading with what is below it, up to the next heading of any level."""

    heading: Tag | None = None
    elements: list[Tag] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.heading.get_text() if self.heading else ""

    @property
    def speaks(self) -> bool:
        # where a notebook failed, the page says so: that is not silence
        said = [element for element in self.elements if not element.get("data-missing")]
        return any(SAYS & {*element.get("class", [])} for element in said)

    @property
    def missing(self) -> list[Tag]:
        return [element for element in self.elements if element.get("data-missing")]

    def take_out(self, *, heading: bool) -> None:
        """Remove the reasons why it says nothing, and all of it where it has nothing else."""
        elements = self.missing if self.speaks else self.elements
        headings = [self.heading] if heading and self.heading and not self.speaks else []
        for element in [*elements, *headings]:
            element.decompose()


def _sections(soup: BeautifulSoup) -> list[list[_Part]]:
    """Return the sections of a chapter, each with its parts; the first has no heading."""
    sections = [[_Part()]]
    for element in soup.find_all(True, recursive=False):
        if element.name == "h2":
            sections.append([_Part(element)])
        elif element.name in ("h3", "h4", "h5", "h6"):
            sections[-1].append(_Part(element))
        else:
            sections[-1][-1].elements.append(element)
    return sections


def take_out(soup: BeautifulSoup, *, told: bool) -> dict[str, list[str]]:
    """
    Take out the sections that say nothing, in place; return their headings by the reason.

    Parameters
    ----------
    soup
        The body of a chapter, its outputs and prose side by side.
    told
        Whether the chapter has a main finding. Nothing is left of one that has none and says
        nothing below.
    """
    sections, found = _sections(soup), {}
    speaks = told or any(part.speaks for section in sections for part in section)
    for first, *rest in sections:
        whole = not any(part.speaks for part in (first, *rest))
        for part in (first, *rest):
            # a section that is silent as a whole is one question, however it is divided
            asked = first.text if whole else part.text or first.text
            for reason in part.missing:
                listed = found.setdefault(reason["data-missing"], [])
                if asked and not any(asked in questions for questions in found.values()):
                    listed.append(asked)
            if part.missing:
                part.take_out(heading=part is not first or whole)
    if found and not speaks:
        soup.clear()
    return found


def gathered(
    chapters: Iterable[tuple[str, dict[str, list[str]]]],
) -> dict[str, dict[str, list[str]]]:
    """Return what each reason leaves open, by chapter, from pairs of title and what is missing."""
    found: dict[str, dict[str, list[str]]] = {}
    for title, missing in chapters:
        for reason, questions in missing.items():
            found.setdefault(reason, {})[title] = questions
    return found
