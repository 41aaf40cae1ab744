"""Names beside points, where none overlaps another."""

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patheffects import withStroke
from matplotlib.transforms import Bbox

from vrn_analysis.show.figures.parts import style


def place_name(
    axes: Axes, name: str, at: tuple[float, float], taken: list[Bbox], *, beside: bool = False
) -> None:
    """
    Put a name on a point, or as near as it fits, with a thin line to it.

    Parameters
    ----------
    at
        The point, in data units; the figure must have been laid out.
    taken
        The room that other names take; this one is added.
    beside
        Keep the point itself free.
    """
    text = style.write(
        axes, name, at, ha="center", fontweight="bold", zorder=6,
        path_effects=[withStroke(linewidth=2.6, foreground="white")],
        arrowprops={"arrowstyle": "-", "color": style.DARK, "linewidth": 0.7, "shrinkB": 0},
    )  # fmt: skip
    frame = axes.get_window_extent()
    home = text.get_window_extent().frozen()
    point = Bbox.from_extents(*axes.transData.transform(at), *axes.transData.transform(at))
    busy = [*taken, point.padded(6)] if beside else taken
    scale = axes.figure.dpi / 72
    for dx, dy in _offsets():
        box = home.translated(dx * scale, dy * scale).padded(2)
        across = frame.x0 <= box.x0 <= box.x1 <= frame.x1
        inside = across and frame.y0 <= box.y0 <= box.y1 <= frame.y1
        if inside and not any(box.overlaps(other) for other in busy):
            break
    else:
        dx = dy = 0
        box = home
    text.set_position((dx, dy))
    # a name that does not touch its point needs the line, or it might be another's
    gap = [max(abs(d) - size / 2 / scale, 0) for d, size in ((dx, home.width), (dy, home.height))]
    text.arrow_patch.set_visible(np.hypot(*gap) > 8)
    taken.append(box)


def _offsets() -> list[tuple[float, float]]:
    turns = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    rings = [(r * np.cos(t) * 1.8, r * np.sin(t)) for r in range(6, 150, 6) for t in turns]
    return [(0, 0), *rings]
