"""What the chapters protect, without a kernel, a page or a chart."""

import os
from pathlib import Path

import nbformat

from vrn_analysis.core.errors import NotEnoughError
from vrn_analysis.count.assessment import NotInThisRun

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
SHOWN_ONLY = ("publish.show(", "publish.save(", "publish.chart(", "findings.", "page.")
ABSENT = (NotInThisRun, NotEnoughError, NameError)


def _counting_cells(notebook):
    """Yield the number and source of the cells up to the last that protects, by section."""
    cells = nbformat.read(notebook, as_version=4).cells
    last = max((n for n, cell in enumerate(cells) if "publish.protect" in cell.source), default=-1)
    for cell in cells[: last + 1]:
        lines = cell.source.splitlines() or [""]
        if cell.cell_type == "code" and not lines[0].startswith(SHOWN_ONLY):
            yield cell.source
        elif lines[0].startswith("#"):
            yield ""


def leave(folder, data, chapters):
    """
    Run what the chapters count and protect, and return the sections that are left out.

    Each leaves the sets that it protected below the folder, as `briefing.guard.audit` reads them.
    """
    before = dict(os.environ)
    absent = []
    for chapter in chapters:
        notebook = next(NOTEBOOKS.rglob(f"{chapter}_*.ipynb"))
        output = folder / notebook.stem
        output.mkdir(parents=True)
        os.environ |= {"VRN_DATA": str(data), "VRN_OUTPUT": str(output)}
        names, is_absent = {}, False
        try:
            for source in _counting_cells(notebook):
                is_absent &= bool(source)
                if is_absent:
                    continue
                try:
                    exec(compile(source, notebook.name, "exec"), names)
                except ABSENT as why:
                    is_absent = True
                    absent.append((chapter, str(why)))
        finally:
            os.environ.clear()
            os.environ |= before
    return absent
