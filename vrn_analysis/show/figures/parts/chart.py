"""A finished chart: a closed figure, its words, and the data that it draws."""

import base64
import hashlib
import io
import pickle
import re
from dataclasses import dataclass, replace

import matplotlib
import numpy as np
import pandas as pd
from matplotlib.figure import Figure
from PIL import Image

from vrn_analysis.core.facts import Said
from vrn_analysis.show.figures.parts import style

# the same letters where the first is not installed, and nearly as wide
FONTS = b"'DejaVu Sans', Verdana, sans-serif"
OUTLINE, FINER = re.compile(rb' d="[^"]*"'), re.compile(rb"(?<=\.\d\d)\d+")
WORDS = ("title", "alt", "caption")
COLOURS = 64
LIMITS = ("lower_95_ci", "upper_95_ci")


def native(
    drawn: pd.DataFrame, kind: str, *, by: str, value: str, measure: str, split: str = ""
) -> dict:
    """
    Return what a program for slides needs to draw a simple chart itself.

    Parameters
    ----------
    drawn
        The rows that the picture draws, with their status.
    kind
        "line", "bar" or "column".
    by, value
        The columns of names, or months, and of numbers.
    measure
        What is drawn and its unit.
    split
        The column that tells several series apart; they are drawn without intervals.
    """
    marked = drawn["status"].where(drawn["status"].eq("suppressed"), "")
    names = drawn[by].dt.strftime("%b %Y") if kind == "line" else drawn[by].astype("str")
    names = names if split else names + marked.replace("suppressed", " (suppressed)")
    columns = {measure: value} | {n: n for n in LIMITS if n in drawn and not split}
    table = drawn.assign(_name=names).set_index("_name")
    series = (
        {str(one): part[value] for one, part in table.groupby(split, sort=False)}
        if split
        else {said: table[column] for said, column in columns.items()}
    )
    order = list(dict.fromkeys(names))
    digits = {
        said: [None if pd.isna(v) else float(f"{v:.6g}") for v in numbers.reindex(order)]
        for said, numbers in series.items()
    }
    return {"kind": kind, "measure": measure, "names": order, "series": digits}


def _with_few_colours(drawn: Image.Image) -> Image.Image:
    """Return a picture in a palette: the colours of charts, and those that are used most."""
    packed = np.asarray(drawn, dtype=int) @ [65536, 256, 1]
    colours, places, sizes = np.unique(packed, return_inverse=True, return_counts=True)
    own = np.isin(colours, [int(colour[1:], 16) for colour in style.OWN])
    parts = np.column_stack([colours >> 16, colours >> 8 & 255, colours & 255])
    palette = parts[np.lexsort((-sizes, ~own))[:COLOURS]]
    nearest = ((parts[:, None] - palette) ** 2).sum(axis=2).argmin(axis=1)
    made = Image.fromarray(nearest[places].reshape(packed.shape).astype("uint8"))
    made.putpalette(palette.astype("uint8").tobytes())
    return made


def _copy(figure: Figure) -> Figure:
    return pickle.loads(pickle.dumps(figure))  # matplotlib's own way to copy a figure


@dataclass(frozen=True, eq=False, repr=False)
class Chart:
    """
    A chart as a reader meets it.

    Parameters
    ----------
    figure
        The drawing; it belongs to no window and no pyplot state.
    title
        What the chart shows, in one sentence.
    alt
        The same for a reader who does not see it: kind of chart, finding, range.
    data
        The rows that are drawn. A suppressed row holds no number.
    caption
        Measure, place, period and source.
    stamp
        What the run is about; printed small below the figure's title.
    native
        As `native` returns it, where slides can draw the chart themselves.
    """

    figure: Figure
    title: str
    alt: str
    data: pd.DataFrame
    caption: str = ""
    stamp: str = ""
    native: dict | None = None

    def __post_init__(self) -> None:
        """Take the marks of facts out of the words, and keep what they say."""
        for name in WORDS:
            object.__setattr__(self, name, Said(getattr(self, name)))

    def with_caption(self, caption: str, stamp: str = "") -> "Chart":
        """
        Return a copy whose figure has the caption, with the stamp, below its title.

        Parameters
        ----------
        caption
            Measure, place, period and source.
        stamp
            What the run is about; replaces an earlier stamp.
        """
        figure, said = _copy(self.figure), str(Said(caption))
        words = said if stamp in said else f"{said} {stamp}"
        with matplotlib.rc_context(style.RC):
            style.write_subtitle(figure, style.wrapped(words, style.NOTE_LETTERS))
        return replace(self, figure=figure, caption=caption, stamp=stamp)

    def png(self) -> bytes:
        """
        Return the picture at 150 dots an inch: the same bytes for the same chart.

        Charts have few colours: a palette of 64 makes the file about a quarter of the size. It
        holds those that charts are made of, so that a rare class is as its legend shows it.
        """
        drawn = Image.open(io.BytesIO(self._saved("png", {"Software": None}))).convert("RGB")
        buffer = io.BytesIO()
        _with_few_colours(drawn).save(
            buffer, format="png", optimize=True, dpi=(self.figure.dpi, self.figure.dpi)
        )
        return buffer.getvalue()

    def svg(self) -> bytes:
        """
        Return the picture as SVG: the same bytes for the same chart, its words as text.

        A hundredth of a point is kept of a place: half the bytes, and all that is seen.
        """
        about = {"Date": None, "Creator": None, "Title": self.title, "Description": self.alt}
        drawn = self._saved("svg", about).replace(b"'DejaVu Sans'", FONTS)
        return OUTLINE.sub(lambda found: FINER.sub(b"", found[0]), drawn)

    def _saved(self, kind: str, metadata: dict) -> bytes:
        buffer = io.BytesIO()
        with matplotlib.rc_context(style.RC):
            # drawing moves a figure's layout a little each time, so only a copy is ever drawn
            _copy(self.figure).savefig(buffer, format=kind, metadata=metadata, dpi="figure")
        return buffer.getvalue()

    @property
    def fingerprint(self) -> str:
        """Twelve letters that change when the drawn data change (six significant digits)."""
        text = self.data.to_csv(index=False, float_format="%.6g", lineterminator="\n")
        return hashlib.sha256(text.encode()).hexdigest()[:12]

    def __repr__(self) -> str:
        """Return the chart in words, with the fingerprint of its data."""
        rows = f"{len(self.data)} row{'' if len(self.data) == 1 else 's'}"
        lines = ["Chart: " + self.title, self.alt, self.caption]
        return "\n".join([*filter(None, lines), f"Drawn from {rows} ({self.fingerprint})"])

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple:
        picture = base64.b64encode(self.png()).decode("ascii")
        about: dict = {name: str(getattr(self, name)) for name in WORDS}
        about["facts"] = {name: getattr(self, name).spans for name in WORDS}
        return {"image/png": picture, "text/plain": repr(self)}, {"image/png": about}
