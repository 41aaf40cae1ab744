"""Small notebooks for the tests of the briefing: the shape of ours, the standard library only."""

import json
import re
import struct
import zlib
from base64 import b64encode
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from vrn_analysis.core import config
from vrn_analysis.count.assessment.needs import KEY

ALT = "Bar chart. One district is above the county rate; the others lie below it."
ATTACK = "<script>alert(1)</script>"
STAMP = """
from IPython.display import Markdown, display

class Run:
    def stamp(self):
        return Markdown("**SYNTHETIC SAMPLE: an invented county.** Counted: serious violence.")

run = Run()
run.stamp()
"""


def _png() -> str:
    def chunk(kind: bytes, body: bytes) -> bytes:
        sum_ = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + sum_

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    body = chunk(b"IDAT", zlib.compress(b"\0\0"))
    return b64encode(b"\x89PNG\r\n\x1a\n" + head + body + chunk(b"IEND", b"")).decode()


def code(source: str, *tags: str) -> nbformat.NotebookNode:
    return new_code_cell(source.strip(), metadata={"tags": list(tags)} if tags else {})


def words(source: str) -> nbformat.NotebookNode:
    return new_markdown_cell(source)


def shows(data: dict, metadata: dict) -> nbformat.NotebookNode:
    return code(f"display({data!r}, metadata={metadata!r}, raw=True)")


def chart(alt: str = ALT, caption: str = "Rate per 100,000 residents, 2023, by district.") -> dict:
    about = {"alt": alt, "caption": caption, "title": "One district is above"}
    return shows({"image/png": _png(), "text/plain": "chart"}, {"image/png": about})


TABLE = (
    '<table><caption>Offences by district, 2023</caption><thead><tr><th scope="col">Area</th>'
    '<th scope="col">Count</th></tr></thead><tbody><tr><th scope="row">Ashby</th><td>1,205</td>'
    '</tr><tr><th scope="row">All</th><td>[c]</td></tr></tbody></table>'
)


def table(html: str = TABLE, *, caption: str = "", csv: str = "") -> dict:
    return shows({"text/html": html}, {"text/html": {"caption": caption, "csv": csv}})


def saves(
    name: str, text: str = "area,count,status\nAshby,1205,shown\nAll,,suppressed\n"
) -> nbformat.NotebookNode:
    """Save a table and a row count as the library does."""
    return code(f"""
import json, os
from pathlib import Path
output = Path(os.environ["VRN_OUTPUT"])
(output / "tables").mkdir(exist_ok=True)
(output / "rows").mkdir(exist_ok=True)
_ = (output / "tables" / "{name}.csv").write_text({text!r})
_ = (output / "rows" / "offences.json").write_text(json.dumps({{"rows": 7}}))
""")


def finding(text: str = "Violence fell by **4%** a year (2% to 6%).") -> nbformat.NotebookNode:
    """Say a finding as the library does: with the facts that it is made of."""
    return code(f"Markdown({text!r}, metadata={{'facts': {facts_of(text)!r}}})", "finding")


def facts_of(text: str) -> list[dict]:
    """Return every number of a text as a fact of it."""
    return [
        {"start": found.start(), "end": found.end(), "name": f"figure {at}", "keys": {}}
        | {"value": float(found[0].replace(",", "")), "scale": 1}
        for at, found in enumerate(re.finditer(r"\d[\d,]*", text))
    ]


def about(name: str = "") -> dict:
    """Return what a notebook says of its chapter: as ours of the same number does, or nothing."""
    ours = [*config.resource("notebooks").glob(f"{name[:2]}_*.ipynb")] if name else []
    if ours:
        return json.loads(ours[0].read_text(encoding="utf-8"))["metadata"][KEY]
    none = {"point": 0, "place": 0, "question": "", "ecological": False, "summary": False}
    return {"needs": [], **none}


def notebook(*cells: nbformat.NotebookNode, title: str = "Scale and trend", name: str = "") -> dict:
    opening = words(f"# {title}\n\nIs it *changing*?")
    return new_notebook(cells=[opening, code(STAMP), *cells], metadata={KEY: about(name)})


def write(folder: Path, name: str, *cells: nbformat.NotebookNode, title: str = "Scale") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / f"{name}.ipynb"
    nbformat.write(notebook(*cells, title=title, name=name), file)
    return file


def data_folder(folder: Path, *, kind: str = "sample") -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "offences.csv").write_text("offence_id\n1\n")
    (folder / "assessment.toml").write_text(
        f'title = "Serious violence in Wendmarch"\nkind = "{kind}"\narea_name = "Wendmarch"\n'
        '[sources.offences]\npath = "offences.csv"\ntitle = "Police-recorded offences"\n'
        'producer = "Wendmarch Police"\nlicence = "Open Government Licence v3.0"\n'
        'covers = "April 2019 to March 2024"\npublished = "2024-06-01"\n'
    )
    return folder


def manifest_of(briefing: Path) -> dict:
    return json.loads((briefing / "manifest.json").read_text(encoding="utf-8"))
