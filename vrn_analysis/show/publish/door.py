"""Show and save: what is unprotected, or about one person, is refused."""

from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

import pandas as pd

from vrn_analysis.core import session
from vrn_analysis.core.errors import DataError, DisclosureError
from vrn_analysis.core.facts import Label, Said
from vrn_analysis.count.assessment import Run
from vrn_analysis.count.tables import person_columns
from vrn_analysis.show import figures
from vrn_analysis.show.disclosure import PROFILES, Profile
from vrn_analysis.show.figures import Chart
from vrn_analysis.show.publish import content, pictures, reading
from vrn_analysis.show.publish.protection import profile_of

CHARTS = {
    name.removeprefix("plot_"): function
    for name, function in vars(figures).items()
    if name.startswith("plot_")
}
MOST_ROWS_SHOWN = 60  # a longer table is saved whole and shown in part


# columns that may name a small area, and what they hold of it
SMALL_AREAS = {"area_code": "code", "lsoa_code": "code", "area_name": "name", "lsoa_name": "name"}


@dataclass(frozen=True)
class Shown:
    """A table as a reader meets it: HTML with caption and scoped headers, and plain text."""

    html: str
    text: str
    caption: Said
    csv: str

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple:
        told = {"caption": str(self.caption), "csv": self.csv, "facts": self.caption.spans}
        about = {"text/html": told}
        return {"text/html": self.html, "text/plain": self.text}, about


def refuse(table: pd.DataFrame) -> None:
    """Raise a DisclosureError for a table about single people or crimes, or not protected."""
    if found := person_columns(table.columns):
        raise DisclosureError(
            f"A table with {', '.join(found)} is about single people or crimes: {len(table)} rows "
            "refused. Count it first, with tables.count."
        )
    if "count" in table and "status" not in table:
        raise DisclosureError(
            f"A table of counts with {len(table)} rows has not been protected. Put "
            ".pipe(publish.protect, run, dimensions=[…]) straight after the count."
        )


def _refuse_small_areas(table: pd.DataFrame, run: Run) -> None:
    """A public edition names and ranks no small area."""
    # without a lookup there is no small area to name
    if run.settings.audience != "public" or not run.can("places"):
        return
    named = 0
    for column, key in SMALL_AREAS.items():
        if column in table:
            wider = run.lookup[[f"{level}_{key}" for level in ("msoa", "district")]]
            small = set(run.lookup[f"lsoa_{key}"]) - set(wider.to_numpy().ravel())
            named = max(named, int(table[column].isin(small).sum()))
    if named:
        raise DisclosureError(
            f"This edition is public and names no small area; {named} of {len(table)} rows of the "
            "table do. Show middle areas, or set audience to partners in the settings."
        )


def safe_cells(table: pd.DataFrame) -> pd.DataFrame:
    """Return a table of which a spreadsheet takes no text cell for a formula."""
    text = table.select_dtypes(include=["str", "object"]).columns
    risky = {column: table[column].astype("str").str.match(r"[=+\-@\t\r]") for column in text}
    return table.assign(
        **{
            c: table[c].where(~at.fillna(False), "'" + table[c].astype("str"))
            for c, at in risky.items()
        }
    )


def rules_of(run: Run) -> list[Profile]:
    """Return the profiles in use: that of the run, and those that its sources ask for."""
    names = {profile_of(run), *(profile_of(run, source=name) for name in run.settings.sources)}
    return [PROFILES[name] for name in sorted(names)]


def _refuse_content(table: pd.DataFrame, run: Run, name: str) -> None:
    """A table shows no count that the profile hides, and nothing made of one."""
    if problems := content.table_problems(table, rules_of(run)):
        raise DisclosureError(
            f"{name} was refused: {'; '.join(problems)}. If its source has published "
            "these counts already, name it in as_published."
        )


def _credit(run: Run, as_published: str) -> str:
    return run.credit_of(as_published) if as_published else run.credit


def save(table: pd.DataFrame, run: Run, *, name: str, as_published: str = "") -> str:
    """
    Save a protected table as a tidy CSV in the run's output folder, if it has one.

    Parameters
    ----------
    name
        `NN_what_by_what`, where NN is the number of the notebook.
    as_published
        The source in the settings that has published these figures, for everybody to see; else
        they are made of the run's records.

    Returns
    -------
    csv
        The file's name below the output folder; nothing is written where there is none.

    Raises
    ------
    DisclosureError
        If the table has not been protected, or is about single people or crimes.
    """
    if as_published:
        table = table.assign(status=content.AS_PUBLISHED)
    refuse(table)
    _refuse_small_areas(table, run)
    _refuse_content(table, run, f"The table {name}")
    output = session.current().output
    if not output:
        return f"tables/{name}.csv"
    folder = Path(output, "tables")
    folder.mkdir(parents=True, exist_ok=True)
    stamped = safe_cells(table).assign(stamp=_credit(run, as_published))
    stamped.to_csv(folder / f"{name}.csv", index=False, lineterminator="\n", float_format="%.6g")
    return f"tables/{name}.csv"


def refuse_said(text: str, run: Run) -> None:
    """Raise a DisclosureError for words that give a count which no profile of the run shows."""
    if problems := content.said_problems(text, rules_of(run)):
        raise DisclosureError(
            f"A title, description or caption was refused: it {'; it '.join(problems)}. Make it "
            "from the protected table."
        )


def show(
    table: pd.DataFrame,
    run: Run,
    *,
    caption: str,
    name: str,
    labels: Mapping[str, str] | None = None,
    as_published: str = "",
) -> Shown:
    """
    Show a table to a reader, and save it.

    Parameters
    ----------
    table
        A protected table, or one that holds no count. An empty one is said to hold none.
    caption
        What the table holds, of where and when.
    name
        Name of its CSV: `NN_what_by_what`.
    labels
        Column headers that differ from the usual ones; a table may have `labels` of its own in
        its `attrs`.
    as_published
        As for `save`.

    Raises
    ------
    DisclosureError
        If the table has not been protected, or is about single people or crimes.
    """
    csv = save(table, run, name=name, as_published=as_published)
    refuse_said(Said(caption), run)
    if as_published:
        table = table.assign(status=content.AS_PUBLISHED)
    if table.empty:
        nothing = str(Said(f"{caption}: none."))
        return Shown(f"<p>{escape(nothing)}</p>", nothing, Said(caption), csv)
    words = reading.in_words(table.head(MOST_ROWS_SHOWN))
    numeric = [
        name for name in words if name == "interval" or pd.api.types.is_numeric_dtype(table[name])
    ]
    called = reading.headers(table) | table.attrs.get("labels", {}) | dict(labels or {})
    rest = f" First {MOST_ROWS_SHOWN} of {len(table)} rows; all are in the CSV."
    rest = Label(rest if len(table) > MOST_ROWS_SHOWN else "")
    caption = Said(f"{caption}.{rest} {Label(_credit(run, as_published))}.")
    words = words.rename(columns=called)
    html = reading.as_html(words, caption=caption, numeric={called[name] for name in numeric})
    return Shown(html, f"{caption!s}\n{words.to_string(index=False)}", caption, csv)


def chart(
    drawn: Any, run: Run, *, caption: str, of: str = "", as_published: str = "", **how: Any
) -> Chart:
    """
    Draw a chart, give it its caption and stamp, and keep it as SVG in the output folder, if any.

    The figures themselves refuse unprotected tables.

    Parameters
    ----------
    drawn
        A protected table, or tables by name; or a chart that is drawn already.
    of
        What is drawn, such as `rates`, `trend` or `map`: one of `CHARTS`.
    how
        What `figures.plot_rates` and its like take, such as `title` and `measure`.
    caption
        The measure and how its interval is made; place, period and source are added.
    as_published
        As for `save`.
    """
    if of not in CHARTS and not isinstance(drawn, Chart):
        raise DataError(f"There is no chart of {of!r}. Choose one of {', '.join(CHARTS)}.")
    drawn = CHARTS[of](drawn, **how) if of else drawn
    refuse(drawn.data)
    if not as_published:
        # figures refuse a number of a suppressed row; what is drawn has to be as shown, too
        _refuse_content(drawn.data.assign(status="shown"), run, f"The chart {drawn.title!r}")
    refuse_said(Said(f"{drawn.title}. {drawn.alt}. {caption}"), run)
    credit = _credit(run, as_published)
    finished = drawn.with_caption(f"{caption}. {Label(credit)}.", credit)
    pictures.save(finished)
    return finished
