"""
Explore counts interactively by definition, area, year and age.

Every choice reads rows of one table a definition, protected once: so that no two choices, one
taken from the other, give a small count back.
"""

from collections.abc import Sequence
from functools import lru_cache
from typing import TYPE_CHECKING, Any

import ibis
import pandas as pd

from vrn_analysis.core import definition, extras
from vrn_analysis.core.errors import DataError
from vrn_analysis.count import classify, tables
from vrn_analysis.count.assessment import Run
from vrn_analysis.count.tables import ALL
from vrn_analysis.methods import rates
from vrn_analysis.read.files.periods import financial_year
from vrn_analysis.show import publish
from vrn_analysis.show.figures import Chart, plot_rates

if TYPE_CHECKING:
    import ipywidgets

# where the focus on young people ends differs from definition to definition
YOUNG, OLDER, UNKNOWN = "Within the focus on young people", "Above that age", "Age not known"
KEYS = ("area_name", "year", "age_focus")


def _years(run: Run) -> list[str]:
    return sorted(set(financial_year(run.months)))


def _counted(run: Run, name: str) -> ibis.Table:
    """Return the records that count under a definition, with the financial year of each."""
    chosen = definition.load(name)
    persons = run.persons if run.can("people") else None
    labelled = classify.classify(run.offences, persons, definition=chosen, **run.limits)
    day = ibis.coalesce(
        labelled[chosen.period_date].cast("date"), labelled.occurred_from.cast("date")
    )
    spring = day - ibis.interval(months=3)
    first = spring.year()
    after = ((first + 1) % 100).cast("string").lpad(2, "0")
    young, older = chosen.focus_labels
    focus = labelled.age_focus.cases((young, YOUNG), (older, OLDER), else_=UNKNOWN)
    counted = labelled.mutate(year=first.cast("string") + "/" + after, age_focus=focus)
    return counted.filter(counted.outcome == "IN")


def answers(run: Run, name: str) -> pd.DataFrame:
    """
    Return all counts of the explorer under a definition, protected as one table.

    Parameters
    ----------
    run
        A run whose records carry a definition.
    name
        A definition that ships, or the path of one.

    Returns
    -------
    table
        `area_code, area_name, year, age_focus, count, status, count_error` and the interval of the
        count, for every combination and "All" of each.

    Raises
    ------
    NotInThisRun
        On open data.
    """
    run.require("definition")
    run.require("places")
    fine = tables.count_by_area(
        _counted(run, name), run.lookup, level="district", by=["year", "age_focus"],
        levels={"year": _years(run), "age_focus": (YOUNG, OLDER, UNKNOWN)},
    )  # fmt: skip
    for key in KEYS:
        fine = tables.with_total(fine, key)
    safe = publish.protect(fine, run, dimensions=["area_code", "year", "age_focus"], of=name)
    return rates.count_interval(safe)


def chosen(
    table: pd.DataFrame, *, area: str = ALL, year: str = ALL, age: str = ALL
) -> pd.DataFrame:
    """
    Return the rows of an answer: an area year by year, or every area in a year.

    Parameters
    ----------
    table
        As `answers` returns it.
    area
        The name of a district; "All" gives every district, in the year chosen.
    year
        A financial year such as 2023/24, or "All".
    age
        `YOUNG`, `OLDER`, `UNKNOWN` or "All".

    Raises
    ------
    DataError
        If one of them is not in the table: with those that are.
    """
    for key, value in zip(KEYS, (area, year, age), strict=True):
        known = table[key].unique().tolist()
        if value not in known:
            raise DataError(f"{value!r} is no {key}: choose one of {', '.join(map(str, known))}.")
    rows = table[table["age_focus"] == age]
    rows = rows[rows["year"] == year] if area == ALL else rows[rows["area_name"] == area]
    return rows.drop(columns="age_focus").reset_index(drop=True)


def shown(
    table: pd.DataFrame, run: Run, *, area: str, year: str, age: str
) -> tuple[publish.Shown, Chart]:
    """Return the table and the chart of a choice, stamped like any other."""
    rows = chosen(table, area=area, year=year, age=age)
    by = "area_name" if area == ALL else "year"
    who = "all ages" if age == ALL else age.lower()
    where = f"by district, {year}" if area == ALL else f"{area}, by financial year"
    caption = f"Offences that count, {who}, {where}".replace(f", {ALL}", ", all years")
    chart = plot_rates(rows, title=caption, measure="Offences", by=by)
    told = publish.show(rows, run, caption=caption, name="30_explored")
    return told, publish.chart(chart, run, caption=caption)


def _dropdown(label: str, options: Sequence[Any], value: Any) -> "ipywidgets.Dropdown":
    import ipywidgets

    return ipywidgets.Dropdown(
        options=options, value=value, description=label, style={"description_width": "6em"}
    )


def explore(run: Run) -> "ipywidgets.VBox":
    """
    Return choosers of definition, area, year and age, above the table and chart of the choice.

    Raises
    ------
    NotInThisRun
        On open data.
    """
    from IPython.display import display

    ipywidgets = extras.required("ipywidgets", extra="lab")

    answered = lru_cache(lambda name: answers(run, name))
    first = answered(run.settings.definition)
    names = sorted({*definition.available(), run.settings.definition})
    pick = {
        "name": _dropdown("Definition", names, run.settings.definition),
        "area": _dropdown("Area", [ALL, *run.districts["area_name"]], ALL),
        "year": _dropdown("Year", [ALL, *_years(run)], ALL),
        "age": _dropdown("Age", [ALL, YOUNG, OLDER, UNKNOWN], ALL),
    }
    below = ipywidgets.Output()

    def answer(_: object = None) -> None:
        values = {key: widget.value for key, widget in pick.items()}
        table = first if values["name"] == run.settings.definition else answered(values["name"])
        del values["name"]
        below.clear_output(wait=True)
        with below:
            display(*shown(table, run, **values))

    for widget in pick.values():
        widget.observe(answer, names="value")
    answer()
    return ipywidgets.VBox([*pick.values(), below])
