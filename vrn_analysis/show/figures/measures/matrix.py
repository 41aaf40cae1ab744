"""The matrix: what is known, or done, at each level and life stage, empty cells shown."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from vrn_analysis.core.facts import Fact, Label
from vrn_analysis.methods.factors import ages_in_words
from vrn_analysis.show.figures.parts import checks, style, words
from vrn_analysis.show.figures.parts.chart import Chart

LEVELS = ("individual", "relationship", "community", "societal")
KINDS = {
    "risk": ("▲", style.PURPLE),
    "protective": ("●", style.BLUE),
    "ambiguous": ("■", style.GREY),
}
EMPTY = "None found"


@style.styled
def plot_matrix(table: pd.DataFrame, *, title: str, rows: str = "level") -> Chart:
    """
    Draw a matrix of names: factors by level and life stage, or services by kind of prevention.

    Parameters
    ----------
    table
        One row a name: the column of rows, `life_stage`, `name` in words and, where known,
        `kind` (risk, protective, ambiguous), shown by a sign as well as a colour. Categories keep
        their order, and those without a row still have their cells. At most seven columns.
    title
        What the matrix shows.
    rows
        The column of rows.

    Returns
    -------
    chart
        Its data: row, column, name and kind.

    Raises
    ------
    DataError
        If columns are missing or there is more than can be read.
    """
    keys = [rows, "life_stage", "name"] + (["kind"] if "kind" in table else [])
    drawn = checks.drawable(table, keys=keys, values=[]).drop(columns="status")
    across, down = _order(table["life_stage"]), _order(table[rows], LEVELS)
    checks.refuse_too_many(len(across), most=7, what="columns", remedy="join some of them")
    checks.refuse_too_many(len(drawn), most=80, what="names", remedy="filter the table first")
    letters = int(104 / len(across)) - 4
    cells = {
        (r, c): drawn[(drawn[rows].astype(str) == r) & (drawn["life_stage"].astype(str) == c)]
        for r in down
        for c in across
    }
    lines = {key: _lines(part, letters) for key, part in cells.items()}
    heights = [max(1.4, max(len(lines[r, c]) for c in across) + 0.7) for r in down]
    figure, axes = style.canvas(title, height=1.1 + sum(heights) * style.LINE_INCHES * 1.04)
    tops = [sum(heights[:i]) for i in range(len(down))]
    for (r, c), said in lines.items():
        at = down.index(r)
        _cell(axes, (across.index(c), tops[at]), heights[at], said or [(EMPTY, "")])
    heads = {c: ages_in_words(c) for c in across}
    _name_axes(axes, [*heads.values()], down, list(zip(tops, heights, strict=True)))
    gaps = [f"{r} × {heads[c]}" for (r, c), said in lines.items() if not said]
    used = [k for k in KINDS if "kind" in drawn and (drawn["kind"] == k).any()]
    style.notes(
        figure, "; ".join(f"{KINDS[k][0]} {k}" for k in used) + ("." if used else ""),
        f"Empty cells (hatched): {len(gaps)} of {len(cells)}." if gaps else "",
    )  # fmt: skip
    filled = words.part(len(cells) - len(gaps), len(cells))
    fact = f"{Fact(len(drawn), 'names')} names in {filled} cells"
    fact += f"; empty: {Label(checks.listed(gaps))}" if gaps else ""
    kind = f"Matrix of {rows.replace('_', ' ')} by life stage"
    return Chart(figure, title, words.alt_text(kind, title, fact), drawn)


def _order(column: pd.Series, usual: tuple[str, ...] = ()) -> list[str]:
    if isinstance(column.dtype, pd.CategoricalDtype):
        return [str(value) for value in column.cat.categories]
    found = list(dict.fromkeys(column.astype(str)))
    return list(usual) if found and set(found) <= set(usual) else found


def _lines(part: pd.DataFrame, letters: int) -> list[tuple[str, str]]:
    """Return the lines of a cell, each with the kind whose sign stands before it."""
    lines = []
    for row in part.to_dict("records"):
        words_ = style.wrapped(row["name"], letters, lines=6).split("\n")
        kind = str(row.get("kind", ""))
        lines += [(words_[0], kind or "plain"), *((line, "") for line in words_[1:])]
    return lines


def _cell(axes: Axes, place: tuple[float, float], height: float, said: list) -> None:
    column, top = place
    gap = said[0][1] == ""
    indent = 0.13 if any(kind in KINDS for _, kind in said) else 0.03
    look = {"facecolor": "#F3F6FA", "edgecolor": style.PALE, "linewidth": 0.8}
    if gap:
        look |= {"facecolor": "white", "hatch": "///", "hatchcolor": "#E4E4E4"}
    axes.add_patch(Rectangle((column, top), 1, height, **look))
    for i, (line, kind) in enumerate(said):
        y = top + 0.8 + i
        if kind in KINDS:
            sign, colour = KINDS[kind]
            axes.text(column + 0.02, y, sign, color=colour, fontsize=style.SMALL, va="center")
        axes.text(
            column + indent, y, line, fontsize=style.SMALL, va="center",
            color=style.GREY if gap else style.DARK, fontstyle="italic" if gap else "normal",
        )  # fmt: skip


def _name_axes(axes: Axes, across: list[str], down: list[str], places: list) -> None:
    axes.set_xlim(0, len(across))
    axes.set_ylim(places[-1][0] + places[-1][1], 0)
    axes.set_xticks([i + 0.5 for i in range(len(across))], [_capital(c, 15) for c in across])
    axes.set_yticks([top + height / 2 for top, height in places], [_capital(r, 14) for r in down])
    axes.tick_params(length=0, labeltop=True, labelbottom=False)
    for label in (*axes.get_xticklabels(), *axes.get_yticklabels()):
        label.set_fontweight("bold")
    axes.spines[:].set_visible(False)


def _capital(text: str, letters: int) -> str:
    return style.wrapped(text[:1].upper() + text[1:], letters, lines=3)
