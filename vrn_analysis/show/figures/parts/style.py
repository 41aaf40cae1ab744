"""One visual language: colours, type, and the few ways every chart places its words."""

import functools
import math
import textwrap
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import matplotlib
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Annotation, Text
from matplotlib.ticker import MaxNLocator, StrMethodFormatter
from numpy.typing import ArrayLike

from vrn_analysis.core.errors import DataError
from vrn_analysis.core.facts import Said

# The Analysis Function's colours for charts, in its order.
BLUE, TEAL, PURPLE, ORANGE = "#12436D", "#28A197", "#801650", "#F46A25"
DARK = "#3D3D3D"
COLOURS = (BLUE, TEAL, PURPLE, ORANGE)
MARKERS = ("o", "s", "^", "D")
LINES = ("-", "--", "-.", (0, (3, 1, 1, 1, 1, 1)))
# five steps of one hue, light to dark, for maps and heat maps
SEQUENCE = ("#E3ECF5", "#AFCBE3", "#6FA2CB", "#33719F", "#12436D")
GREY, PALE, SHADE = "#595959", "#B0B0B0", "#EDEDED"
OWN = (*COLOURS, *SEQUENCE, DARK, GREY, PALE, SHADE, "#FFFFFF")  # kept exactly in a picture

WIDTH = 8.0  # inches: small type is then over 11 pixels high where a phone shows the chart
DOTS_PER_INCH = 150
MAP_DOTS = 100  # a map has few letters and many edges: about as wide as a page, in half the bytes
SMALL, BODY, LARGE = 9, 10, 13
TITLE_LETTERS, NOTE_LETTERS, AXIS_LETTERS = 70, 110, 44
LINE_INCHES, TITLE_INCHES = 0.165, 0.24  # height of a line of small type, and of the title
SUBTITLE = "subtitle"  # what its artist is called in a figure

_KINDS = ("axes", "font", "figure", "grid", "hatch", "legend", "lines", "patch", "path", "savefig")
_KINDS += ("svg", "text", "xaxis", "xtick", "yaxis", "ytick", "date", "image", "markers", "scatter")
# a reader's own matplotlib settings must not change a chart, so every setting is given
RC: dict[str, Any] = {
    key: value
    for key, value in dict(matplotlib.rcParamsDefault).items()
    if key.split(".")[0] in _KINDS and key != "figure.hooks"
}
RC |= {
    "axes.axisbelow": True,
    "axes.edgecolor": GREY,
    "axes.labelcolor": DARK,
    "axes.labelsize": BODY,
    "axes.spines.right": False,
    "axes.spines.top": False,
    "font.family": ["DejaVu Sans"],
    "font.size": BODY,
    "grid.color": "#DDDDDD",
    "grid.linewidth": 0.7,
    "hatch.color": GREY,
    "hatch.linewidth": 0.6,
    "legend.fontsize": SMALL,
    "legend.frameon": False,
    "svg.fonttype": "none",
    "svg.hashsalt": "vrn",
    "text.color": DARK,
    "text.parse_math": False,
    "xtick.color": GREY,
    "xtick.labelcolor": DARK,
    "xtick.labelsize": SMALL,
    "ytick.color": GREY,
    "ytick.labelcolor": DARK,
    "ytick.labelsize": SMALL,
}


def styled(plot: Callable) -> Callable:
    """Draw with this style, whatever the settings outside, and leave those as they were."""

    @functools.wraps(plot)
    def drawn(*args: Any, **kwargs: Any) -> Any:
        with matplotlib.rc_context(RC):
            return plot(*args, **kwargs)

    return drawn


def wrapped(text: str, letters: int, *, lines: int = 0) -> str:
    """Break a text into lines; beyond `lines` of them (0: no limit) it ends in an ellipsis."""
    short = textwrap.wrap(
        " ".join(str(text).split()), letters, max_lines=lines or None, placeholder=" …"
    )
    return "\n".join(short)


def balanced(text: str, letters: int) -> str:
    """Break a text into as few lines as fit, all about as long, so that no word stands alone."""
    words = wrapped(text, letters)
    lines = words.count("\n") + 1
    if lines > 1:
        fits = (wrapped(text, n) for n in range(letters // 2, letters + 1))
        words = next(w for w in fits if w.count("\n") + 1 == lines)
    return words


def canvas(
    title: str,
    *,
    height: float,
    rows: int = 1,
    columns: int = 1,
    dots: int = DOTS_PER_INCH,
    **options: Any,
) -> tuple[Figure, Any]:
    """Return a figure of the page's width with its title, and its axes."""
    words = balanced(title, TITLE_LETTERS)
    if not words:
        raise DataError("title is empty: say in one sentence what the chart shows.")
    extra = TITLE_INCHES * words.count("\n")
    figure = Figure(figsize=(WIDTH, height + extra), dpi=dots, layout="constrained")
    figure.get_layout_engine().set(w_pad=0.08, h_pad=0.07)
    _write_title(figure, words)
    return figure, figure.subplots(rows, columns, **options)


def _write_title(figure: Figure, words: str) -> Text:
    return figure.suptitle(words, x=0.012, ha="left", fontsize=LARGE, fontweight="bold")


def write_subtitle(figure: Figure, words: str) -> None:
    """Write measure, place and period below the title of a chart, which keeps its size."""
    title = figure.get_suptitle()
    text, before = title.rstrip("\n"), len(title) - len(title.rstrip("\n"))
    lines = words.count("\n") + 1
    figure.set_figheight(figure.get_figheight() + (lines - before) * TITLE_INCHES)
    head = _write_title(figure, text + "\n" * lines)  # empty lines keep the room
    for old in figure.findobj(lambda artist: artist.get_gid() == SUBTITLE):
        old.remove()
    below = Annotation(
        words, (0, 0), xycoords=head, va="bottom", fontsize=SMALL, color=GREY, gid=SUBTITLE
    )
    below.set_in_layout(False)
    figure.add_artist(below)


def notes(figure: Figure, *sentences: str) -> None:
    """Write the sentences that are not empty under the chart, which keeps its size."""
    if text := wrapped(Said(" ".join(filter(None, sentences))), NOTE_LETTERS):
        lines = text.count("\n") + 1
        figure.set_figheight(figure.get_figheight() + lines * LINE_INCHES)
        figure.supxlabel(text, x=0.012, ha="left", fontsize=SMALL, color=GREY)


def number(value: float, decimals: int | None = None) -> str:
    """Write a number with thousands separators, one decimal from 10, two below, none if whole."""
    if decimals is None:
        decimals = 0 if float(value).is_integer() else (1 if abs(value) >= 10 else 2)
    return f"{value:,.{decimals}f}".replace("-", "−")


def decimals_for(values: Iterable[float]) -> int:
    """Return the decimals that a column of numbers is written with."""
    known = np.asarray([v for v in values if not math.isnan(v)])
    if not known.size or np.all(known == np.round(known)):
        return 0
    return 1 if np.abs(known).max() >= 10 else 2


def number_axis(axes: Axes, which: str, values: ArrayLike, *, whole: bool = False) -> None:
    """Start an axis at zero, end it above the greatest value and write its numbers in full."""
    top = float(np.nanmax(np.asarray(values, dtype=float), initial=0)) or 1.0
    getattr(axes, f"set_{which}lim")(0, top * 1.06)
    show_ticks(axes, which, ticks_up_to(top * 1.06, whole=whole))


def ticks_up_to(top: float, *, whole: bool = False) -> list[float]:
    """Return round numbers from zero to at most the top."""
    locator = MaxNLocator(nbins=6, integer=whole, steps=[1, 2, 2.5, 5, 10])
    return [tick for tick in locator.tick_values(0, top) if 0 <= tick <= top]


def show_ticks(axes: Axes, which: str, ticks: Iterable[float]) -> None:
    """Set ticks that share their decimals, with thin lines across the chart."""
    ticks = [round(float(tick), 10) + 0.0 for tick in ticks]
    places = max((len(f"{t:.4f}".rstrip("0").split(".")[1]) for t in ticks), default=0)
    axis = getattr(axes, f"{which}axis")
    axis.set_ticks(ticks)
    axis.set_major_formatter(StrMethodFormatter(f"{{x:,.{places}f}}"))
    axis.grid(visible=True)
    axis.set_tick_params(length=0)


def axis_label(axes: Axes, which: str, words: str) -> None:
    """Write what an axis measures, over two lines where it is long."""
    letters = AXIS_LETTERS if which == "y" else 80
    getattr(axes, f"set_{which}label")(wrapped(words, letters, lines=3))


def spread(places: Sequence[float], gap: float) -> np.ndarray:
    """Move places apart until neighbours are `gap` away, each as little as may be."""
    from scipy.optimize import isotonic_regression

    order, steps = np.argsort(places, kind="stable"), gap * np.arange(len(places))
    moved = np.empty(len(places))
    # least squares in this order, once the gaps are taken out
    moved[order] = isotonic_regression(np.asarray(places, dtype=float)[order] - steps).x + steps
    return moved


def write(
    axes: Axes, words: str, at: tuple, *, off: tuple[float, float] = (0, 0), **look: Any
) -> Annotation:
    """Write small words beside a point, `off` from it in points; they may leave the axes."""
    look = {"va": "center", "fontsize": SMALL, "annotation_clip": False} | look
    return axes.annotate(words, at, xytext=off, textcoords="offset points", **look)


def write_right(axes: Axes, row: float, words: str, *, off: float, **look: Any) -> None:
    """Write small words at the right of the axes, beside a row."""
    write(axes, words, (1, row), off=(off, 0), xycoords=axes.get_yaxis_transform(), **look)


def end_labels(
    axes: Axes, ends: list[tuple[float, float, str]], colours: Sequence[str] = ()
) -> None:
    """Name lines at their right end, in dark type, without overlap, tied by a line of colour."""
    axes.figure.draw_without_rendering()
    pixels = [axes.transData.transform((axes.convert_xunits(x), y))[1] for x, y, _ in ends]
    tall = max((words.count("\n") + 1 for *_, words in ends), default=1)
    gap = tall * 1.3 * SMALL * axes.figure.dpi / 72
    ties = [*colours, *(["none"] * (len(ends) - len(colours)))]
    places = zip(ends, pixels, spread(pixels, gap), ties, strict=True)
    for (x, y, words), pixel, moved, tie in places:
        up = (moved - pixel) * 72 / axes.figure.dpi
        tied = {"color": tie, "arrowstyle": "-", "linewidth": 1.5, "relpos": (0, 0.5)}
        arrow = tied | {"shrinkA": 1, "shrinkB": 2} if colours else None
        write(axes, words, (x, y), off=(22 if colours else 7, up), arrowprops=arrow)


def say_nothing_to_draw(axes: Axes, words: str) -> None:
    """Write in the middle of empty axes why they are empty."""
    axes.text(0.5, 0.5, wrapped(words, 60), transform=axes.transAxes, ha="center", va="center")
