"""Leaks planted in every kind of place: each stops the build, and the last briefing stays."""

import io
import json
import sqlite3
import zipfile

import briefing_notebooks as toy
import pandas as pd
import pytest
from nbformat.v4 import new_code_cell, new_output
from openpyxl import Workbook

from vrn_analysis.briefing import report
from vrn_analysis.briefing.guard import contents, leaks
from vrn_analysis.briefing.outputs import printing
from vrn_analysis.briefing.run import cache, kernels
from vrn_analysis.core.errors import DisclosureError
from vrn_analysis.show.disclosure import PROFILES

ROUND5, LT5 = [PROFILES["nhs_round5"]], [PROFILES["lt5"]]
CSV = "area,count,status\nAshby,1205,shown\nHill,,suppressed\n"
HEAD = '<thead><tr><th scope="col">Area</th><th scope="col">Count</th></tr></thead>'
TABLE = (
    f"<table><caption>Offences by district, 2023</caption>{HEAD}<tbody>"
    '<tr><th scope="row">Ashby</th><td>1,205</td></tr>'
    '<tr><th scope="row">Hill</th><td>[c]</td></tr></tbody></table>'
)
SUPPRESSED = {"name": "Hill", "district": "Ash", "class": "Suppressed", "look": "suppressed"}
SUPPRESSED |= {"said": "suppressed", "path": "M0,0l9,0 0,9z"}


def ledger(column, labels, counts):
    """Return what a notebook leaves of one protected table."""
    rows = {"dimensions": [column], "labels": [labels], "count": counts, "marks": {}}
    about = {"profile": "nhs_round5", "audience": "partners", "of": "", "period": "", "months": []}
    return json.dumps(about | {"mark": column, "nesting": [], "tables": {"t": rows}})


def drawing(said):
    layer = {
        "level": "msoa", "title": "Middle areas", "named": True, "csv": "tables/03_counts.csv",
        "classes": [{"name": "Suppressed", "look": "suppressed", "size": 1}],
        "areas": [SUPPRESSED | {"said": said}], "table": TABLE,
    }  # fmt: skip
    about = {"caption": "Offences per 1,000 residents a year", "credit": "SYNTHETIC"}
    return about | {"height": 900, "metres_a_unit": 1.0, "layers": [layer], "districts": []}


class Notebook:
    """What a notebook gives: files in its output folder and outputs of its cells."""

    def __init__(self, **changes):
        self.csv, self.table, self.alt, self.said = CSV, TABLE, toy.ALT, "Violence fell."
        self.tooltip, self.files, self.bounds = "suppressed", {}, [100, 120]
        vars(self).update(changes)

    def write(self, output):
        files = {
            "tables/03_counts.csv": self.csv,
            "map/06_areas.json": json.dumps(drawing(self.tooltip)),
            "audit/03_scale.001.json": ledger("bound", ["IN", "IN + UNKNOWN"], self.bounds),
            "audit/03_scale.002.json": ledger("area", ["Ashby", "Hill"], [1205, None]),
        } | self.files
        for name, text in files.items():
            (output / name).parent.mkdir(parents=True, exist_ok=True)
            (output / name).write_text(text, encoding="utf-8")

    def outputs(self):
        about = {"alt": self.alt, "caption": "Rate per 100,000 residents, 2023", "title": "One"}
        about["facts"] = {"alt": toy.facts_of(self.alt)}
        table = {"caption": "Offences by district, 2023", "csv": "tables/03_counts.csv"}
        return [
            (
                {"text/markdown": self.said, "text/plain": ""},
                {"text/markdown": {"facts": toy.facts_of(self.said)}},
            ),
            ({"text/html": self.table, "text/plain": ""}, {"text/html": table}),
            ({"image/png": toy._png(), "text/plain": ""}, {"image/png": about}),
        ]


@pytest.fixture(scope="module")
def build(tmp_path_factory):
    """Return a function that builds a briefing of one notebook into one place; one is there."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        made = builder(tmp_path_factory.mktemp("leaks"), monkeypatch)
        made()
        yield made


def builder(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(printing, "browser", lambda: "")
    monkeypatch.setattr(cache, "package_hash", lambda: "the package")
    data = toy.data_folder(tmp_path / "data")
    toy.write(tmp_path / "nb", "03_scale", toy.words("## A section\n\nText."))

    def made(**changes):
        one = Notebook(**changes)

        def execute(jobs, *, data, tell):
            (job,) = jobs
            job.output.mkdir(parents=True, exist_ok=True)
            one.write(job.output)
            cells = [
                new_code_cell("x", outputs=[new_output("display_data", data=d, metadata=m)])
                for d, m in one.outputs()
            ]
            job.notebook.cells.extend(cells)
            tell(kernels.Executed(job.name, job.notebook, 0.1))

        monkeypatch.setattr(kernels, "execute", execute)
        return report.build(tmp_path / "out", data=data, folder=tmp_path / "nb", force=True)

    made.output = tmp_path / "out"
    return made


PLANTED = {
    "a count in a csv": {"csv": CSV.replace(",,suppressed", ",3,shown")},
    "a number beside a hidden count": {"csv": CSV.replace(",,suppressed", ",3,suppressed")},
    "an unrounded count in a csv": {"csv": CSV.replace("1205", "1203")},
    "an unprotected column": {"csv": "area,victims\nAshby,1205\nHill,3\n", "table": ""},
    "a csv without protection": {"csv": "area,count\nAshby,1205\nHill,10\n"},
    "an unrounded rate": {
        "csv": "area,count,status,count_error,denominator,value,statistic\n"
        'Ashby,1205,shown,2,100000,12.03,"crude rate per 1,000"\n',
        "table": "",
    },
    "a cell of a table": {"table": TABLE.replace("[c]", "3")},
    "a rounded cell that the csv hides": {"table": TABLE.replace("[c]", "10")},
    "a table without a file": {
        "table": TABLE.replace("[c]", "3"),
        "csv": CSV.replace("Hill,,suppressed\n", ""),
    },
    # a number that is a fact of its sentence can be of a count that is hidden all the same
    "the description of a chart": {"alt": "Bar chart. Hill had 3 victims, Ashby 1,205 victims."},
    "an unrounded number in a description": {"alt": "Bar chart of 1,203 offences in Ashby."},
    "a finding": {"said": "In Hill **3** young people were hurt."},
    "a tooltip": {"tooltip": "0.2 (95% interval 0.1 to 0.4); 3 offences"},
    "data of a page": {"files": {"tables/areas.json": '{"areas": [{"name": "Hill", "count": 3}]}'}},
    "words in data": {"files": {"tables/areas.json": '{"said": "Hill: 3 offences"}'}},
    "a count that only says it was protected": {"csv": CSV.replace("1205", "1210"), "table": ""},
    "a sum of several tables": {"bounds": [100, 100]},
}


@pytest.mark.slow
@pytest.mark.parametrize("planted", PLANTED)
def test_a_planted_leak_stops_the_build_and_the_last_briefing_stays(build, planted):
    before = {f: f.read_bytes() for f in build.output.rglob("*") if f.is_file()}
    assert not [file for file in before if "audit" in file.parts]
    with pytest.raises(DisclosureError, match="The last briefing is as it was") as fault:
        build(**PLANTED[planted])
    assert {f: f.read_bytes() for f in build.output.rglob("*") if f.is_file()} == before
    assert ("outcome UNKNOWN" in str(fault.value)) == (planted == "a sum of several tables")
    assert "1203" not in str(fault.value).replace("1,205", "")


@pytest.mark.slow
def test_what_is_protected_passes(build):
    page = build(alt="Bar chart. Ashby had 1,205 offences, of those shown.", said="1,205 offences.")
    assert page.exists()


# one kind at a time, without a build


def test_a_workbook_holds_what_the_tables_hold(tmp_path):
    table = tmp_path / "03_counts.csv"
    table.write_text("area,count,value,status\nAshby,1205,3.25,shown\nHill,,,suppressed\n")
    book = Workbook()
    for row in (["Offences"], ["Area", "Count", "Rate"], ["Ashby", 1205, 3.25], ["Hill", "[c]"]):
        book.active.append(row)
    book.save(tmp_path / "a.xlsx")
    assert not leaks.sheet_problems(tmp_path / "a.xlsx", [table])
    book.active["B4"] = 3
    book.save(tmp_path / "a.xlsx")
    (said,) = leaks.sheet_problems(tmp_path / "a.xlsx", [table])
    assert "1 rows" in said


def test_the_gate_refuses_slides_whose_chart_holds_a_number_of_no_table(tmp_path):
    (tmp_path / "03_counts.csv").write_text("area,count,status\nAshby,1205,shown\n")
    for number, refused in ((1205, False), (1203, True)):
        book = Workbook()
        book.active.append(["", "Offences"])
        book.active.append(["Ashby", number])
        book.save(tmp_path / "sheet")
        with zipfile.ZipFile(tmp_path / "briefing.pptx", "w") as slides:
            slides.write(tmp_path / "sheet", "ppt/embeddings/Microsoft_Excel_Sheet1.xlsx")
        found = contents.disclosures(tmp_path, {})
        assert any("numbers of no table" in problem for problem in found) == refused


def test_slides_say_no_hidden_count(tmp_path):
    with zipfile.ZipFile(tmp_path / "a.pptx", "w") as slides:
        slides.writestr("ppt/slides/slide1.xml", "<a:p><a:r>3</a:r> <a:r>victims</a:r></a:p>")
    assert leaks.office_problems(tmp_path / "a.pptx", ROUND5)


@pytest.mark.parametrize("name", ["a.gpkg", "50%41 #1? 'a'.gpkg"])
def test_a_layer_of_a_geopackage_is_read_as_a_table(tmp_path, name):
    with sqlite3.connect(tmp_path / name) as made:
        made.execute("CREATE TABLE gpkg_geometry_columns (table_name, column_name)")
        made.execute("INSERT INTO gpkg_geometry_columns VALUES ('areas', 'geom')")
        made.execute("CREATE TABLE areas (geom, count INTEGER, status TEXT)")
        made.execute("INSERT INTO areas VALUES (NULL, 3, 'shown')")
    assert leaks.geopackage_problems(tmp_path / name, ROUND5)


def test_a_table_of_a_page_without_a_file_is_judged_by_itself(tmp_path):
    html = f'<div class="table">{TABLE.replace("[c]", "3")}</div>'
    assert leaks.table_problems(html, tmp_path, ROUND5)
    assert not leaks.table_problems(html.replace("3</td>", "10</td>"), tmp_path, ROUND5)


def test_exact_counts_pass_a_profile_that_does_not_round(tmp_path):
    (tmp_path / "a.csv").write_text("area,count,status\nAshby,1203,shown\nHill,,suppressed\n")
    assert not leaks.csv_problems(tmp_path / "a.csv", LT5)
    assert leaks.csv_problems(tmp_path / "a.csv", ROUND5)


@pytest.mark.parametrize(
    "text",
    ["People under 25", "04 people under 25", "95% of victims", "ages 10 to 24", "3 districts",
     "1,205 offences", "0 victims", "fewer than 5 victims", "per 1,000 residents"],
)  # fmt: skip
def test_what_is_no_hidden_count_may_be_said(text):
    assert not leaks.said_problems(f"<p>{text}</p>", ROUND5)


def test_the_profiles_of_an_edition_come_from_its_manifest_and_its_tables(tmp_path):
    assert [rule.name for rule in contents.rules(tmp_path)] == ["nhs_round5"]
    (tmp_path / "manifest.json").write_text('{"settings": {"disclosure_profile": "lt10"}}')
    (tmp_path / "audit").mkdir()
    (tmp_path / "audit" / "a.json").write_text(json.dumps({"profile": "lt5"}))
    assert [rule.name for rule in contents.rules(tmp_path)] == ["lt10", "lt5"]


def test_numbers_of_a_suppressed_row_are_found_under_any_name():
    from vrn_analysis.show.publish import content

    table = pd.DataFrame({"area": ["a"], "status": ["suppressed"], "harm": [2.5]})
    (said,) = content.table_problems(table, ROUND5)
    assert "harm" in said
    assert content.table_problems(table.assign(harm=pd.NA, percentage=12.5), ROUND5)
    assert not content.table_problems(table.assign(harm=pd.NA, denominator=100.0), ROUND5)


def test_a_share_of_the_file_is_known_on_a_page_in_per_cent_and_as_no_count(tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "a.csv").write_text("area,share\nAshby,0.05\n")
    cell = '<tr><th scope="row">Ashby</th><td>5%</td></tr>'
    link = '<p><a href="tables/a.csv">a</a></p>'
    html = f'<div class="table"><table>{HEAD}<tbody>{cell}</tbody></table>{link}</div>'
    assert not leaks.table_problems(html, tmp_path, ROUND5)
    (said,) = leaks.table_problems(html.replace("5%", "5"), tmp_path, ROUND5)
    assert "1 rows with numbers not in tables/a.csv" in said


def test_the_label_of_a_code_says_the_numbers_of_its_code_and_no_others(tmp_path):
    (tmp_path / "tables").mkdir()
    (tmp_path / "tables" / "a.csv").write_text("age_focus,count\nUNDER_25,120\n")
    link = '<p><a href="tables/a.csv">a</a></p>'
    html = '<div class="table"><table>{}<tbody><tr><th scope="row">Under {}</th><td>120</td></tr>'
    html += "</tbody></table>{}</div>"
    assert not leaks.table_problems(html.format(HEAD, 25, link), tmp_path, ROUND5)
    assert leaks.table_problems(html.format(HEAD, 26, link), tmp_path, ROUND5)


def test_a_nought_in_a_sheet_is_that_of_its_table_whatever_its_sign(tmp_path):
    table, book = tmp_path / "06_shares.csv", tmp_path / "tables.xlsx"
    table.write_text("value,lower_95_ci\n0.078,-0\n")
    pd.DataFrame({"value": [0.078], "lower_95_ci": [0.0]}).to_excel(book, index=False)
    assert leaks.sheet_problems(book, [table]) == []


def test_slides_of_an_edition_without_tables_are_not_compared_with_tables(tmp_path):
    book = io.BytesIO()
    made = Workbook()
    made.active.append(["Month", "Count"])
    made.active.append(["2024-01", 7])
    made.save(book)
    with zipfile.ZipFile(tmp_path / "briefing.pptx", "w") as deck:
        deck.writestr("ppt/embeddings/sheet.xlsx", book.getvalue())
    (tmp_path / "03_counts.csv").write_text("month,count,status\n2024-01,10,shown\n")
    assert leaks.slide_problems(tmp_path / "briefing.pptx", []) == []
    assert leaks.slide_problems(tmp_path / "briefing.pptx", [tmp_path / "03_counts.csv"])
