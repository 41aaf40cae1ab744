"""The charts and tables of a chapter: their order, numbers, captions and headers."""

import re

from bs4 import BeautifulSoup, Tag

NUMBER = re.compile(
    r"[-−+]?£?[\d,]*\.?\d+(e[-+]?\d+)?%?( to [-−]?£?[\d,]*\.?\d+%?)?|\[[a-z]\]|[-–—]|"
)
DATE = re.compile(r"\d{1,2} [A-Z][a-z]+ \d{4}")
WIDE = 6  # a table with more columns is set smaller on paper
AS_FILE = " as a spreadsheet file (CSV)"
LONGEST_OPEN = 15  # a table with more rows is folded wherever it stands


def _new(soup: BeautifulSoup, name: str, text: str = "", **attributes: str) -> Tag:
    element = soup.new_tag(name, attrs={k.rstrip("_"): v for k, v in attributes.items()})
    if text:
        element.string = text
    return element


def _is(element: object, kind: str) -> bool:
    return isinstance(element, Tag) and kind in element.get("class", [])


def _runs(soup: BeautifulSoup) -> list[list[Tag]]:
    """Return the runs of charts and tables that no prose parts, where a run has a chart."""
    runs: list[list[Tag]] = [[]]
    for element in soup.find_all(True, recursive=False):
        if _is(element, "chart") or _is(element, "table"):
            runs[-1].append(element)
        else:
            runs.append([])
    return [run for run in runs if any(_is(element, "chart") for element in run)]


def _fold(soup: BeautifulSoup, holder: Tag, words: str) -> None:
    folded = _new(soup, "details", class_="figures")
    holder.wrap(folded)
    folded.insert(0, _new(soup, "summary", words))


def _fold_tables(soup: BeautifulSoup) -> None:
    """Put a chart before the table it is drawn from, and fold the table, or any long one."""
    for run in _runs(soup):
        charts = [element for element in run if _is(element, "chart")]
        tables = [element for element in run if _is(element, "table")]
        mark = _new(soup, "div")
        run[0].insert_before(mark)
        for element in [*charts, *tables]:
            mark.insert_before(element.extract())
        mark.decompose()
        for table in tables:
            _fold(soup, table, "See the figures")
    for holder in soup.find_all("div", class_="table", recursive=False):
        rows = len(holder.select("tbody tr"))
        if rows > LONGEST_OPEN:
            _fold(soup, holder, f"See the figures ({rows} rows)")


def _columns(table: Tag) -> list[list[Tag]]:
    rows = [row.find_all(["td", "th"]) for row in table.select("tbody tr")]
    return [list(column) for column in zip(*rows, strict=False)]


def _are_numbers(column: list[Tag]) -> bool:
    """Trust the library where it says what a column holds; else look at what it holds."""
    said = {name for cell in column for name in cell.get("class", [])}
    if said & {"number", "words"}:
        return "words" not in said
    texts = [cell.get_text(strip=True) for cell in column]
    some = any(character.isdigit() for text in texts for character in text)
    return some and all(NUMBER.fullmatch(text) for text in texts)


def _mark_numbers(table: Tag) -> None:
    """Mark columns of numbers, headers too, the dates, and the rows that hold totals."""
    heads = table.select("thead tr:last-child > *")
    for position, column in enumerate(_columns(table)):
        if _are_numbers(column):
            for cell in [*column, *heads[position : position + 1]]:
                cell["class"] = ["number"]
    for cell in table.find_all("td", string=DATE.fullmatch):
        cell["class"] = [*cell.get("class", []), "date"]
    for row in table.select("tbody tr"):
        # the second cell names the row where the first is a role or a place
        named = [cell.get_text(strip=True) for cell in row.find_all(["th", "td"])[:2]]
        if {"All", "Total"} & set(named):
            row["class"] = ["total"]


def _scope(table: Tag) -> None:
    """Scope every header; an empty corner is no header."""
    for header in table.find_all("th"):
        if not header.get_text(strip=True):
            header.name = "td"
            header.attrs.pop("scope", None)
        elif not header.get("scope"):
            header["scope"] = "col" if header.find_parent("thead") else "row"


def _scrolling(soup: BeautifulSoup, label: str) -> Tag:
    """Return a holder that what is wider than the screen scrolls in, by hand or by key."""
    attributes = {"tabindex": "0", "role": "region", "aria-label": f"{label}, scrolls sideways"}
    return soup.new_tag("div", attrs={"class": "scroll"} | attributes)


def _finish_tables(soup: BeautifulSoup, *, number: str, anchor: str) -> None:
    """Number and caption the tables, and let a wide one scroll by hand and by key."""
    for position, holder in enumerate(soup.find_all("div", class_="table"), 1):
        table = holder.find("table")
        if table is None:
            holder.unwrap()
            continue
        _scope(table)
        _mark_numbers(table)
        if len(table.select("thead tr:last-child > *")) > WIDE:
            table["class"] = ["wide"]
        caption = table.find("caption")
        if caption is None and holder.get("data-caption"):
            caption = _new(soup, "caption", holder["data-caption"])
            table.insert(0, caption)
        label = f"Table {int(number)}.{position}"
        if caption is not None:
            caption.insert(0, " ")
            caption.insert(0, _new(soup, "b", label))
        table.wrap(_scrolling(soup, label))
        if csv := holder.get("data-csv"):
            line = _new(soup, "p", class_="csv")
            line.append(_new(soup, "a", label + AS_FILE, href=csv))
            holder.append(line)
        marks = {k: v for k, v in holder.attrs.items() if k in ("data-board", "data-first")}
        holder.attrs = {"class": "table", "id": f"{anchor}-table-{position}"} | marks


def _finish_charts(soup: BeautifulSoup, *, number: str, anchor: str) -> None:
    for position, figure in enumerate(soup.find_all("figure", class_="chart"), 1):
        figure["id"] = f"{anchor}-figure-{position}"
        label, caption = f"Figure {int(number)}.{position}", figure.find("figcaption")
        caption.insert(0, " ")
        caption.insert(0, _new(soup, "b", label))
        figure.find("img").wrap(_scrolling(soup, label))


def _drop_credit(soup: BeautifulSoup, credit: str) -> None:
    """Take out of captions what stands at the head of the page, and in the chart itself."""
    for caption in soup.find_all(["caption", "figcaption"]):
        caption.string = caption.get_text().removesuffix(f" {credit}.")
    for holder in soup.find_all(attrs={"data-caption": True}):
        holder["data-caption"] = holder["data-caption"].removesuffix(f" {credit}.")


def arrange(soup: BeautifulSoup, *, number: str, anchor: str, credit: str = "") -> None:
    """
    Put the charts and tables of a chapter in order, and number, caption and label them, in place.

    A chart comes before the tables beside it, which are folded below it; so is any long table.

    Parameters
    ----------
    number
        The chapter's number: its first chart is Figure 3.1 where it is 03.
    anchor
        What every id begins with.
    credit
        Place, period and source of the run, which captions need not repeat on a page.
    """
    if credit:
        _drop_credit(soup, credit)
    _fold_tables(soup)
    _finish_tables(soup, number=number, anchor=anchor)
    _finish_charts(soup, number=number, anchor=anchor)
