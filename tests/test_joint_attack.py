"""The attacker of whole runs finds what is planted in each format, and nothing in a real one."""

import io
import json
import shutil
import sqlite3
import zipfile

import joint_attacker
import pandas as pd
import pytest
from openpyxl import Workbook, load_workbook

from vrn_analysis.show import disclosure

HEAD = ["area_code", "count", "status", "count_error", "denominator", "value"]
ROWS = [
    ["Ash", 120, "shown", 2, 40_000, 3.0],
    ["Beck", 60, "shown", 2, 30_000, 2.0],
    ["Cross", 35, "shown", 2, 10_000, 3.5],
    ["Dale", 15, "shown", 2, 10_000, 1.5],
    ["Elm", None, "suppressed", None, 10_000, None],
    ["Firth", None, "suppressed", None, 10_000, None],
    ["All", 240, "shown", 2, 110_000, 2.18182],
]
MONTHS = ["2024-01", "2024-02", "2024-03"]


def table(rows=ROWS):
    return pd.DataFrame(rows, columns=HEAD).astype({"count": "Int64"})


def as_cells(row):
    return ["[c]" if value is None or value is pd.NA else value for value in row]


def page(rows, facts=""):
    cells = ["".join(f"<td>{cell}</td>" for cell in as_cells(row)) for row in rows]
    head = "".join(f"<th>{name}</th>" for name in ("Area", "Count", "Rate"))
    body = "".join(f"<tr>{row}</tr>" for row in cells)
    return f"<main>{facts}<table><tr>{head}</tr>{body}</table></main>"


@pytest.fixture
def run(tmp_path):
    """Return a run that publishes one table as file, sheet, layer and page."""
    folder = tmp_path / "run"
    (folder / "tables").mkdir(parents=True)
    table().to_csv(folder / "tables" / "06_areas.csv", index=False)
    book = Workbook()
    book.active.title = "06_areas"
    for row in [["Offences by area"], ["Area", "Count", "Rate"]]:
        book.active.append(row)
    for row in ROWS:
        book.active.append(as_cells([row[0], row[1], row[5]]))
    book.save(folder / "tables.xlsx")
    with sqlite3.connect(folder / "tables" / "06_areas.gpkg") as made:
        made.execute("CREATE TABLE gpkg_geometry_columns (table_name, column_name)")
        made.execute("INSERT INTO gpkg_geometry_columns VALUES ('areas', 'geom')")
        table().assign(geom=None).to_sql("areas", made, index=False)
    made.close()
    short = [[row[0], row[1], row[5]] for row in ROWS]
    (folder / "06_hotspots.html").write_text(page(short))
    return folder


def kinds(*folders, threshold=8):
    return {found[0] for found in joint_attacker.recovered(*folders, threshold=threshold)}


def test_nothing_is_found_where_nothing_is_planted(run):
    assert joint_attacker.recovered(run, threshold=8) == []


def changed(rows, name, **values):
    return [
        [values.get(head, value) for head, value in zip(HEAD, row, strict=True)]
        if row[0] == name
        else row
        for row in rows
    ]


def in_file(run, rows):
    table(rows).to_csv(run / "tables" / "06_areas.csv", index=False)


def in_sheet(run):
    book = load_workbook(run / "tables.xlsx")
    book.active["B7"] = 3
    book.save(run / "tables.xlsx")


def in_layer(run):
    with sqlite3.connect(run / "tables" / "06_areas.gpkg") as made:
        made.execute("UPDATE areas SET value = 0.3 WHERE area_code = 'Elm'")


def in_page(run):
    text = (run / "06_hotspots.html").read_text()
    (run / "06_hotspots.html").write_text(text.replace("<td>[c]</td>", "<td>0.3</td>", 1))


def in_fact(run):
    fact = '<p>Elm had <span data-fact="06_areas:Elm:count">3</span>.</p>'
    (run / "06_hotspots.html").write_text(page([], fact))


def in_chart(run):
    """Give a slide a chart that shows the hidden area."""
    book, content = Workbook(), io.BytesIO()
    for row in [[None, "Offences"], ["Ash", 120], ["Elm", 3]]:
        book.active.append(row)
    book.save(content)
    with zipfile.ZipFile(run / "briefing.pptx", "w") as slides:
        slides.writestr("ppt/embeddings/Microsoft_Excel_Sheet1.xlsx", content.getvalue())


def in_workings(run):
    shutil.copy(run / "tables.xlsx", run / "tables_for_analysts.xlsx")
    book = load_workbook(run / "tables_for_analysts.xlsx")
    book.active["B3"], book.active["C3"] = 121, 3.0
    book.save(run / "tables_for_analysts.xlsx")


def in_map_data(run):
    area = {"name": "Elm", "look": "suppressed", "said": "0.3 (95% CI 0.1 to 0.9)"}
    (run / "areas.json").write_text(json.dumps({"layers": [{"areas": [area]}]}))


def in_map(run):
    path = '<path class="area suppressed" aria-label="Elm, North: 0.3 (95% CI 0.1 to 0.9)"/>'
    (run / "map.html").write_text(f"<main><svg>{path}</svg></main>")


def in_easy_read(run):
    (run / "easy").mkdir()
    (run / "easy" / "index.html").write_text("<main><p>In Elm, three people were hurt.</p></main>")


def in_said(run, *facts):
    said = pd.DataFrame(facts, columns=["fact", "value", "source"])
    said = said.assign(said="In Ash 120 were hurt and in Beck 60, so many times as many.")
    said.to_csv(run / "tables" / "06_said.csv", index=False)


def ratio(run, value):
    counts = [("a", "120", "06_areas:Ash:count"), ("b", "60", "06_areas:Beck:count")]
    in_said(run, *counts, ("ratio", value, None))


PLANTED = {
    "a number behind a chart of the slides": (in_chart, "a number of no table"),
    "a number of the workings": (in_workings, "a number of no table"),
    "a rate in the data of the map": (in_map_data, "in words"),
    "a rate in the words of the map": (in_map, "in words"),
    "a small count in easy read": (in_easy_read, "in words"),
    "a fact of a sentence": (
        lambda run: in_said(run, ("e", "3", "06_areas:Elm:count")),
        "a fact of a hidden row",
    ),
    "a ratio of the true counts": (lambda run: ratio(run, "2.0339"), "by a ratio"),
    "a rate beside a hidden count": (
        lambda run: in_file(run, changed(ROWS, "Elm", value=0.3)),
        "beside a hidden count",
    ),
    "a rate of the true count": (
        lambda run: in_file(run, changed(ROWS, "Ash", value=3.025)),
        "by a rate",
    ),
    "the place in an order": (
        lambda run: in_file(run, [*ROWS[:3], ROWS[4], ROWS[3], ROWS[5]]),
        "by an order",
    ),
    "one hidden row and an exact total": (
        lambda run: in_file(
            run,
            [
                [*row[:3], row[3] and 0, *row[4:]]
                for row in [*ROWS[:5], [*ROWS[6][:1], 233, *ROWS[6][2:]]]
            ],
        ),
        "by sums",
    ),
    "a cell of a sheet": (in_sheet, "beside a hidden count"),
    "a rate in a layer": (in_layer, "beside a hidden count"),
    "a cell of a page": (in_page, "beside a hidden count"),
    "a fact of a hidden row": (in_fact, "a fact of a hidden row"),
}


def test_a_ratio_of_few_digits_gives_nothing_away(run):
    ratio(run, "2.1")
    assert not kinds(run)


@pytest.mark.parametrize("planted", PLANTED)
def test_what_is_planted_in_a_format_is_found(run, planted):
    plant, kind = PLANTED[planted]
    plant(run)
    assert kind in kinds(run)


def test_what_editions_of_one_run_give_away_together_is_found(run):
    """Each edition hides the small area beside another: together they hide none."""
    exact = [[*row[:3], row[3] and 0, *row[4:]] for row in ROWS]
    exact[-1][1] = 241
    for edition, other in (("public", "Dale"), ("board", "Cross")):
        (run / edition / "tables").mkdir(parents=True)
        rows = changed(exact[:5] + exact[6:], other, count=None, status="suppressed", value=None)
        in_file(run / edition, rows)
    (run / "tables" / "06_areas.csv").unlink()
    (run / "tables" / "06_areas.gpkg").unlink()
    assert "by sums" in kinds(run, threshold=12)


def refreshed(run, tmp_path, first, second):
    """Return two runs of which the later has one month more."""
    folders = [tmp_path / "first", tmp_path / "second"]
    for folder, rows in zip(folders, (first, second), strict=True):
        shutil.copytree(run, folder)
        in_file(folder, rows)
        (folder / "tables" / "06_areas.gpkg").unlink()
        (folder / "tables.xlsx").unlink()
    return folders


def test_what_one_month_more_adds_is_found(run, tmp_path):
    exact = [[*row[:3], row[3] and 0, *row[4:]] for row in ROWS]
    later = changed(exact, "Ash", count=123, value=3.075)
    later = changed(later, "All", count=243)
    assert "by sums" in kinds(*refreshed(run, tmp_path, exact, later), threshold=5)
    later = changed(exact, "Ash", count=130, value=3.25)
    later = changed(later, "All", count=250)
    assert not kinds(*refreshed(run, tmp_path / "more", exact, later), threshold=5)


def test_a_correction_is_no_contradiction(run, tmp_path):
    exact = [[*row[:3], row[3] and 0, *row[4:]] for row in ROWS]
    later = changed(exact, "Ash", count=118, value=2.95)
    assert not kinds(*refreshed(run, tmp_path, exact, later), threshold=5)


@pytest.mark.slow
@pytest.mark.parametrize("profile", ["nhs_round5", "lt5"])
def test_what_is_protected_is_not_found(run, profile):
    rule = disclosure.PROFILES[profile]
    counts = pd.DataFrame({"area_code": [f"A{n}" for n in range(9)]})
    counts["count"] = [120, 61, 3, 34, 2, 12, 0, 7, 9]
    counts.loc[9] = ["All", counts["count"].sum()]
    made = counts.astype({"count": "Int64"})
    safe = disclosure.protect(made, dimensions=["area_code"], profile=profile)
    in_file(run, safe.assign(denominator=1_000, value=safe["count"] * 1.0)[HEAD])
    (run / "tables" / "06_areas.gpkg").unlink()
    (run / "tables.xlsx").unlink()
    assert joint_attacker.recovered(run, threshold=rule.threshold) == []
