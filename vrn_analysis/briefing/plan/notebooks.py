"""Notebooks as files: find, read, normalise and write them."""

import re
from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from vrn_analysis.core.errors import AssessmentError
from vrn_analysis.core.fingerprints import content_hash
from vrn_analysis.count.assessment.needs import KEY

NAME = re.compile(r"(\d\d)_[a-z0-9_]+\.ipynb")
REMOVE = "remove-cell"
FINDING = "finding"
EDITIONS = "editions"  # the folder of those that are an edition by themselves


def number(file: Path) -> str:
    """Return the two digits a notebook's name begins with."""
    return file.name[:2]


def find(folder: Path, *, only: Iterable[str] = ()) -> list[Path]:
    """
    Return the numbered notebooks of a folder, in order.

    Parameters
    ----------
    folder
        Where `NN_words.ipynb` lie.
    only
        Numbers of the notebooks wanted, such as "03" or "3"; empty means all.

    Raises
    ------
    AssessmentError
        If there is none, or a wanted one does not exist.
    """
    files = sorted(file for file in folder.glob("*.ipynb") if NAME.fullmatch(file.name))
    if not files:
        raise AssessmentError(f"{folder} has no notebook named NN_words.ipynb.")
    wanted = [name.zfill(2) for name in only]
    known = {number(file) for file in files}
    if strange := [name for name in wanted if name not in known]:
        raise AssessmentError(
            f"There is no notebook {', '.join(strange)} in {folder}. "
            f"Choose from {', '.join(sorted(known))}."
        )
    return [file for file in files if not wanted or number(file) in wanted]


def find_all(folder: Path, *, only: Iterable[str] = ()) -> list[Path]:
    """Return the numbered notebooks, and after them those of one edition alone: see `find`."""
    own = sorted((folder / EDITIONS).glob("*.ipynb")) if (folder / EDITIONS).is_dir() else []
    wanted = {name.zfill(2) for name in only}
    apart = [file for file in own if number(file) in wanted or not wanted]
    rest = wanted - {number(file) for file in own}
    return [*(find(folder, only=rest) if rest or not wanted else []), *apart]


def read(file: Path) -> NotebookNode:
    """
    Read a notebook.

    Raises
    ------
    AssessmentError
        If it is not a notebook.
    """
    try:
        return nbformat.read(file, as_version=4)
    except (ValueError, UnicodeDecodeError, nbformat.ValidationError):
        raise AssessmentError(
            f"{file} is not a readable notebook. Restore it from git or save it again in Jupyter."
        ) from None


def source_hash(notebook: NotebookNode) -> str:
    """Return the SHA-256 of what a notebook says, leaving out what running it left behind."""
    cells = [
        [cell.cell_type, cell.source, sorted(cell.metadata.get("tags", []))]
        for cell in notebook.cells
    ]
    about = notebook.metadata.get(KEY, {})
    return content_hash([cells, about])


def normalised(notebook: NotebookNode, *, number: str, stamp: dict[str, str]) -> NotebookNode:
    """
    Return the notebook with nothing in it that differs from run to run or machine to machine.

    Cell ids become `NN-cell-MM`, cell metadata keep their tags only, and the notebook's metadata
    are the kernel's name, the language, the stamp of the data it was run on, and what it says of
    itself as a chapter.

    Parameters
    ----------
    number
        The notebook's number, for its cell ids.
    stamp
        `kind` and `fingerprint` of the data.
    """
    cells = []
    for position, cell in enumerate(notebook.cells, 1):
        tags = sorted(cell.metadata.get("tags", []))
        cells.append(
            NotebookNode(
                cell, id=f"{number}-cell-{position:02d}", metadata={"tags": tags} if tags else {}
            )
        )
    metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
        "language_info": {"name": "python"},
        "vrn": stamp,
    }
    if KEY in notebook.metadata:
        metadata[KEY] = notebook.metadata[KEY]
    return nbformat.from_dict(
        {"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}
    )


def clear(notebook: NotebookNode) -> None:
    """Remove the outputs of a notebook."""
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs, cell.execution_count = [], None


def text(notebook: NotebookNode) -> str:
    """Return a notebook as the text of its file."""
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def title(notebook: NotebookNode, *, default: str = "") -> str:
    """Return the text of a notebook's first heading."""
    for cell in notebook.cells:
        if cell.cell_type == "markdown" and (found := re.search(r"^# +(.+)$", cell.source, re.M)):
            return found[1].strip()
    return default
