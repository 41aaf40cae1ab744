"""A finished chart: a closed figure, its words, and the data that it draws."""

import base64
import hashlib
import io
import pickle
import re
from dataclasses import dataclass, replace

import matplotlib
import pandas as pd
from matplotlib.figure import Figure
from PIL import Image

from vrn_analysis.core.facts import Said
from vrn_analysis.show.figures.parts import style

# the same letters where the first is not installed, and nearly as wide
FONTS = b"'DejaVu Sans', Verdana, sans-serif"
OUTLINE, FINER = re.compile(rb' d="[^"]*"'), re.compile(rb"(?<=\.\d\d)\d+")
WORDS = ("title", "alt", "caption")


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
        What the run is about; printed small in the figure's lower corner.
    """

    figure: Figure
    title: str
    alt: str
    data: pd.DataFrame
    caption: str = ""
    stamp: str = ""

    def __post_init__(self) -> None:
        """Take the marks of facts out of the words, and keep what they say."""
        for name in WORDS:
            object.__setattr__(self, name, Said(getattr(self, name)))

    def with_caption(self, caption: str, stamp: str = "") -> "Chart":
        """
        Return a copy with a caption, whose figure carries the stamp in its lower corner.

        Parameters
        ----------
        caption
            Measure, place, period and source.
        stamp
            What the run is about; replaces an earlier stamp.
        """
        figure = _copy(self.figure)
        old = style.wrapped(self.stamp, style.NOTE_LETTERS)
        note = figure.get_supxlabel().removesuffix(old).rstrip("\n")
        with matplotlib.rc_context(style.RC):
            style.write_note(figure, note, style.wrapped(stamp, style.NOTE_LETTERS))
        return replace(self, figure=figure, caption=caption, stamp=stamp)

    def png(self) -> bytes:
        """
        Return the picture at 150 dots an inch: the same bytes for the same chart.

        Charts have few colours: a palette of 64 makes the file about a quarter of the size. A map
        has fewer, and 32 take a tenth off it.
        """
        drawn = Image.open(io.BytesIO(self._saved("png", {"Software": None}))).convert("RGB")
        buffer = io.BytesIO()
        colours = 32 if self.figure.dpi == style.MAP_DOTS else 64
        drawn.quantize(colours, dither=Image.Dither.NONE).save(
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
