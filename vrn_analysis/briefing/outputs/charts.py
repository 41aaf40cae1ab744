"""The charts of an edition as files, for a report or slides of somebody's own: PNG, SVG, a list."""

import base64
import io
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from bs4 import BeautifulSoup
from nbformat import NotebookNode
from PIL import Image

from vrn_analysis.briefing.content.chapters import Chapter
from vrn_analysis.briefing.run.runner import Result
from vrn_analysis.show.publish import door, pictures

LIST = "charts.csv"


PNG = "data:image/png;base64,"


def outputs(notebook: NotebookNode) -> dict[str, NotebookNode]:
    """Return the outputs of a notebook that are charts, by the picture as a page holds it."""
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    drawn = [output for output in outputs if "image/png" in output.get("data", {})]
    return {PNG + output.data["image/png"].replace("\n", ""): output for output in drawn}


def _shown(chapter: Chapter, *, board: bool) -> Iterator[tuple[str, str]]:
    """Yield the number and the picture of each chart that the edition shows of a chapter."""
    html = (
        "".join(exhibit for _, exhibit in [*chapter.first, *chapter.board])
        if board
        else chapter.body
    )
    for figure in BeautifulSoup(html, "html.parser").select("figure.chart[id]"):
        yield figure["id"].rpartition("-")[2], figure.find("img")["src"]


def _told(output: NotebookNode) -> dict[str, str]:
    about = output.get("metadata", {}).get("image/png", {})
    said = {"title": "title", "alt_text": "alt", "caption": "caption"}
    return {column: about.get(name, "") for column, name in said.items()}


def _written(folder: Path, chapter: Chapter, result: Result, *, board: bool) -> list[dict]:
    """Write the charts of one chapter; return a row of the list for each."""
    drawn_here, rows = outputs(result.notebook), []
    for number, picture in _shown(chapter, board=board):
        output, name = drawn_here[picture], f"{chapter.number}_figure_{number}"
        folder.mkdir(exist_ok=True)
        (folder / f"{name}.png").write_bytes(base64.b64decode(picture.removeprefix(PNG)))
        drawn = pictures.file(result.output, output.data.get("text/plain", ""))
        if drawn.exists():
            (folder / f"{name}.svg").write_bytes(drawn.read_bytes())
        row: dict[str, Any] = {"png": f"{name}.png", "svg": f"{name}.svg" * drawn.exists()}
        row |= {"figure": f"{int(chapter.number)}.{number}", "chapter": chapter.title}
        rows.append(row | _told(output))
    return rows


def write(
    folder: Path,
    chapters: Iterable[Chapter],
    results: Iterable[Result],
    *,
    stamp: str,
    board: bool = False,
) -> Path | None:
    """
    Write every chart that an edition shows as PNG and SVG, and a list of them with their words.

    A chart's number is that of its figure on the pages, and its PNG is the page's own picture. A
    chart that did not go through `publish.chart` has no SVG.

    Parameters
    ----------
    folder
        The folder of the edition.
    chapters, results
        The notebooks after their run.
    stamp
        What the run is about.
    board
        Whether the edition shows only what is marked for the Board summary.

    Returns
    -------
    file
        The list; None where the edition shows no chart.
    """
    by_name = {result.name: result for result in results}
    below = folder / pictures.FOLDER
    rows = [
        row
        for chapter in chapters
        for row in _written(below, chapter, by_name[chapter.name], board=board)
    ]
    if not rows:
        return None
    listed = door.safe_cells(pd.DataFrame(rows).assign(stamp=stamp))
    listed.to_csv(below / LIST, index=False, lineterminator="\n")
    return below / LIST


IN_PAGE = re.compile(r"data:image/png;base64,([A-Za-z0-9+/=]+)")


@lru_cache(maxsize=256)  # the index holds each chapter's pictures again
def _as_webp(coded: str) -> str:
    content = io.BytesIO()
    with Image.open(io.BytesIO(base64.b64decode(coded))) as picture:
        mode = "RGBA" if picture.has_transparency_data else "RGB"
        picture.convert(mode).save(content, "webp", lossless=True, quality=80, method=4)
    return f"data:image/webp;base64,{base64.b64encode(content.getvalue()).decode()}"


def lightened(html: str) -> str:
    """
    Return a page whose IN_PAGE pictures are lossless WebP, about a fifth smaller.

    Notebooks and slides keep IN_PAGE; a page holds its pictures itself, so their size is its size.
    """
    return IN_PAGE.sub(lambda found: _as_webp(found[1]), html)
