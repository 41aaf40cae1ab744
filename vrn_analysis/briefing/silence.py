"""What a run cannot say, told once a chapter: each reason with the questions it leaves open."""

from dataclasses import dataclass, field
from html import escape

from bs4 import BeautifulSoup, Tag

QUESTION = "What can this run not say?"
LEFT_OPEN = "Not answered here:"
LEAD = "Not in this run."  # a chapter that failed half-way is no silent one
# sections that close a chapter, before which the reasons stand
CLOSING = ("How sure are we?", "What this cannot tell you")
SAYS = {"computed", "chart", "table"}


def _classes(element: Tag) -> set[str]:
    return {*element.get("class", [])}


@dataclass
class _Part:
    """A heading with what stands below it, up to the next heading of any level."""

    heading: Tag | None = None
    elements: list[Tag] = field(default_factory=list)

    @property
    def text(self) -> str:
        return self.heading.get_text() if self.heading else ""

    @property
    def speaks(self) -> bool:
        said = (_classes(e) for e in self.elements)
        return any(classes & SAYS and "absent" not in classes for classes in said)

    @property
    def reason(self) -> str:
        """Why it says nothing, as HTML; "" where it speaks, or is prose alone."""
        found = [e for e in self.elements if "absent" in _classes(e) and LEAD in e.get_text()]
        return found[0].decode_contents().strip() if found and not self.speaks else ""

    def leave(self, *, heading: bool) -> None:
        for element in [*self.elements, *([self.heading] if heading and self.heading else [])]:
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


def _open_questions(sections: list[list[_Part]]) -> dict[str, list[str]]:
    """Return the questions of silent parts by their reason, each once."""
    found: dict[str, list[str]] = {}
    for first, *rest in sections:
        whole = not any(part.speaks for part in (first, *rest))
        for part in (first, *rest):
            if part.reason:
                # a section that is silent as a whole is one question, however it is divided
                asked = first.text if whole else part.text
                listed = found.setdefault(part.reason, [])
                if asked and not any(asked in questions for questions in found.values()):
                    listed.append(asked)
    return found


def _take_out(sections: list[list[_Part]]) -> None:
    for first, *rest in sections:
        speaks = any(part.speaks for part in (first, *rest))
        for part in rest:
            if part.reason:
                part.leave(heading=True)
        if first.reason:
            first.leave(heading=not speaks)


def _told(questions: dict[str, list[str]]) -> str:
    # a reason is HTML that was sanitised before; a heading was read as text
    boxes = []
    for reason, asked in questions.items():
        listed = "".join(f"<li>{escape(text)}</li>" for text in asked)
        more = f"<p>{LEFT_OPEN}</p><ul>{listed}</ul>" if listed else ""
        boxes.append(f'<div class="computed absent">{reason}{more}</div>')
    return "".join(boxes)


def gather(soup: BeautifulSoup, *, told: bool) -> None:
    """
    Take out the sections that say nothing, and list their questions under the reason, in place.

    Parameters
    ----------
    soup
        The body of a chapter, its outputs and prose side by side.
    told
        Whether the chapter has a main finding. One that has none, and says nothing below, is its
        reasons and no more; in any other they stand before the sections that close it.
    """
    sections = _sections(soup)
    questions = _open_questions(sections)
    if not questions:
        return
    if not told and not any(part.speaks for section in sections for part in section):
        soup.clear()
        soup.append(BeautifulSoup(_told(questions), "html.parser"))
        return
    _take_out(sections)
    listed = BeautifulSoup(f"<h2>{QUESTION}</h2>{_told(questions)}", "html.parser")
    closing = soup.find(lambda tag: tag.name == "h2" and tag.get_text() in CLOSING)
    for element in list(listed.children):
        closing.insert_before(element) if closing else soup.append(element)
