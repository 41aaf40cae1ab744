"""Extracts of other shapes than a row a crime or person come in by themselves."""

import csv
import html
import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from test_drafting import COUNTED, FOCUS, HEADS, ROWS, book, folder_of, labelled, written

from vrn_analysis.core import engine
from vrn_analysis.core.contracts import OFFENCES
from vrn_analysis.core.errors import SettingsError
from vrn_analysis.count.assessment import extracts
from vrn_analysis.drafting.draft import draft
from vrn_analysis.drafting.headings import words_of
from vrn_analysis.read.extracts.mapping import from_content
from vrn_analysis.read.files.documents import flat
from vrn_analysis.read.files.shapes import Shape, members, shaped

pytestmark = pytest.mark.slow
CRIME_HEADS = HEADS[:8]
# a row a crime, with the ages of its victim and of its suspects
CRIMES = {row[0]: row[:8] for row in ROWS}
VICTIMS = {row[0]: row[8] for row in ROWS}
SUSPECTS = {key: [row[9] for row in ROWS if row[0] == key and row[9]] for key in CRIMES}


def lines_of(labels, rows, way):
    """Return lines that repeat their labels, all before the values or each before its own."""
    start, end = ["Violence List", "Page 1"], ["Total", "5"]
    for row in rows:
        pairs = [cell for pair in zip(labels, row, strict=True) for cell in pair]
        yield [*start, *([*labels, *row] if way == "together" else pairs), *end]


@pytest.mark.parametrize("way", ["together", "each"])
def test_labels_that_stand_beside_their_values_in_every_line(tmp_path, way):
    labels = [f"{name}:" for name in HEADS]
    file = tmp_path / "extract.csv"
    with file.open("w", newline="") as output:
        csv.writer(output).writerows(lines_of(labels, ROWS, way))
    outcomes, focus, made = labelled(file, tmp_path)
    assert (outcomes, focus) == (COUNTED, FOCUS)
    assert [shape.how for shape in made.shapes] == ["labels"]


def record(key):
    """Return a crime as an interface gives it, with its people within it."""
    ref, code, title, start, recorded, place, domestic, status = CRIMES[key]
    people = [{"role": "victim", "age": int(VICTIMS[key])}]
    people += [{"role": "suspect", "age": int(age)} for age in SUSPECTS[key]]
    return {
        "crime_number": ref, "offence": {"ho_code": code, "description": title},
        "dates": {"committed_from": start, "date_recorded": recorded}, "premises_type": place,
        "da_flag": domestic == "Y", "crime_status": status,
        "victims": [one for one in people if one["role"] == "victim"],
        "suspects": [one for one in people if one["role"] == "suspect"],
    }  # fmt: skip


@pytest.mark.parametrize("written_as", ["json", "python", "list", "wrapped", "lines"])
def test_json_in_cells_or_as_the_whole_file(tmp_path, written_as):
    records = [record(key) for key in CRIMES]
    if written_as in ("json", "python"):
        say = json.dumps if written_as == "json" else repr
        rows = [[say(v) if isinstance(v, (dict, list)) else v for v in one.values()]
                for one in records]  # fmt: skip
        file = written(tmp_path, heads=list(records[0]), rows=rows)
    else:
        held = records if written_as == "list" else {"count": 4, "records": records}
        lines = "\n".join(map(json.dumps, records))
        file = tmp_path / ("extract.jsonl" if written_as == "lines" else "extract.json")
        file.write_text(lines if written_as == "lines" else json.dumps(held))
    outcomes, focus, _ = labelled(file, tmp_path)
    assert (outcomes, focus) == (COUNTED, FOCUS)


@given(st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner)
       | st.dictionaries(st.text(min_size=1), inner)))  # fmt: skip
def test_members_of_json_are_texts_and_zero_is_no_blank(held):
    assert all(isinstance(text, str) for _, text in flat("a", held))
    assert dict(flat("a", {"b": 0})) == {"a b": "0"}
    if isinstance(held, (dict, list)):
        assert members(json.dumps(held)) == held


@pytest.mark.parametrize("tells_apart", ["Seq", "Entity"])
@settings(max_examples=3, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(order=st.permutations(range(4)))
def test_a_fact_a_row(tmp_path, tells_apart, order):
    facts = []
    for key in [list(CRIMES)[at] for at in order]:
        crime = zip(CRIME_HEADS[1:], CRIMES[key][1:], strict=True)
        facts += [[key, "Crime", "1", name, value, "05/05/2024"] for name, value in crime]
        people = [("Victim", 1, VICTIMS[key])]
        people += [("Suspect", n, age) for n, age in enumerate(SUSPECTS[key], 1)]
        for whose, number, age in people:
            whose = whose if tells_apart == "Seq" else f"{whose} {number}"
            facts.append([key, whose, str(number), "Age", age, "05/05/2024"])
    heads = ["Crime No", "Entity", "Seq", "Field", "Answer", "Entered On"]
    if tells_apart == "Entity":
        heads, facts = ([*one[:2], *one[3:]] for one in (heads, [*zip(*facts, strict=True)]))
        facts = [list(row) for row in zip(*facts, strict=True)]
    outcomes, focus, made = labelled(written(tmp_path, heads=heads, rows=facts), tmp_path)
    assert (outcomes, focus) == (COUNTED, FOCUS)
    assert made.shapes[0].value == "Answer"


def database(folder):
    """Write crimes, people, links and lists of codes, each a table of its own."""
    codes = {"8N": "C1", "34B": "C2"}
    places = {"Street": "1", "Park": "2", "Dwelling": "3"}
    crimes = [[*[f"7{r[0][1]}", codes[r[1]], *r[3:5], places[r[5]], r[7]]] for r in CRIMES.values()]
    people = [(f"7{k[1]}", "V", VICTIMS[k]) for k in CRIMES]
    people += [(f"7{k[1]}", "S", age) for k in CRIMES for age in SUSPECTS[k]]
    links = [[str(n), key, str(50 + n), role] for n, (key, role, _) in enumerate(people)]
    return folder_of(
        folder,
        CRIME=(["CRIME_ID", "OFF_CD", "COMM_FROM", "REC_DATE", "LOC_TYPE_CD", "STATUS"], crimes),
        MARKER=(["CRIME_ID", "MARKER_CODE"],
                [[f"7{n}", "ALCOHOL"] for n in (1, 2, 3, 4)] + [["74", "DOMESTIC ABUSE"]]),
        LINK=(["LINK_ID", "CRIME_ID", "NOM_ID", "ROLE"], links),
        NOMINAL=(["NOM_ID", "AGE"], [[str(50 + n), age] for n, (*_, age) in enumerate(people)]),
        OFFENCE_CODES=(["CODE", "DESCRIPTION", "HO_CLASS"],
                       [["C1", "Assault with injury", "8N"], ["C2", "Robbery - personal", "34B"]]),
        LOC_TYPE=(["CODE", "DESCRIPTION"], [["1", "Street"], ["2", "Park"], ["3", "Dwelling"]]),
    )  # fmt: skip


def test_tables_of_a_database_are_joined_and_their_codes_read(tmp_path):
    outcomes, focus, made = labelled(database(tmp_path), tmp_path)
    renamed = {f"7{key[1]}": outcome for key, outcome in COUNTED.items()}
    assert outcomes == renamed
    assert focus == {f"7{key[1]}": said for key, said in FOCUS.items()}
    assert {(s.files, s.other) for s in made.shapes} == {("LINK", "NOMINAL"), ("CRIME", "MARKER")}


@pytest.mark.parametrize("end", ["9999-12-31", ""])
def test_of_a_history_the_last_version_counts(tmp_path, end):
    heads = [*HEADS, "Version Valid To"]
    old = [[*row[:6], "Y", "Cancelled", "9", "9", *row[10:], "2023-06-01"] for row in ROWS[1:]]
    rows = [[*old[0]], *old[1:], *([*row, end] for row in ROWS[1:])]
    file = written(tmp_path, heads=heads, rows=rows)
    outcomes, focus, made = labelled(file, tmp_path)
    assert (outcomes, focus) == (COUNTED, FOCUS)
    assert made.shapes[0].how == "only"
    with engine.connect() as connection:
        mapped = tmp_path / "mapping.toml"
        told = extracts.read(connection, file, OFFENCES, mapped=mapped).problems
    [earlier] = told[told["problem"].str.contains("Earlier versions")].to_dict("records")
    assert (earlier["records"], earlier["of"]) == (len(old), len(rows))


@pytest.mark.parametrize("suffix", [".xls", ".html"])
def test_a_table_of_a_web_page(tmp_path, suffix):
    cells = [
        [f"<td>{html.escape(cell) or '&nbsp;'}</td>" for cell in row] for row in [HEADS, *ROWS]
    ]
    text = "".join(f"<tr>{''.join(row)}</tr>\n" for row in cells)
    file = tmp_path / f"extract{suffix}"
    file.write_text(f"<html><table><tr><td>Legend</td></tr></table><table>{text}</table></html>")
    outcomes, focus, _ = labelled(file, tmp_path)
    assert (outcomes, focus) == (COUNTED, FOCUS)


def test_a_workbook_written_as_xml_keeps_the_place_of_its_cells(tmp_path):
    rows = "".join(
        "<Row>" + "".join(
            f'<Cell ss:Index="{place}"><Data>{html.escape(cell)}</Data></Cell>'
            for place, cell in enumerate(row, 1) if cell
        ) + "</Row>"
        for row in [HEADS, *ROWS]
    )  # fmt: skip
    file = tmp_path / "extract.xls"
    file.write_text(f'<?xml version="1.0"?><Workbook><Table>{rows}</Table></Workbook>')
    outcomes, focus, _ = labelled(file, tmp_path)
    assert (outcomes, focus) == (COUNTED, FOCUS)


def test_people_of_any_role_are_numbered_in_a_row(tmp_path):
    heads = [*CRIME_HEADS, *(f"P{n} {what}" for n in (1, 2, 3) for what in ("Role", "Age"))]
    people = {key: [("WITNESS", "50")] for key in CRIMES}
    for key in CRIMES:
        people[key] = [("SUSPECT", age) for age in SUSPECTS[key]] + [("IP", VICTIMS[key])]
        people[key] += [("WITNESS", "50")] * (3 - len(people[key]))
    rows = [[*CRIMES[key], *(cell for one in people[key] for cell in one)] for key in CRIMES]
    outcomes, focus, made = labelled(written(tmp_path, heads=heads, rows=rows), tmp_path)
    assert (outcomes, focus) == (COUNTED, FOCUS)
    assert made.tables["persons"].up_to == 3


def test_sheets_say_which_crimes_are_domestic_and_which_do_not_stand(tmp_path):
    heads = [name for name in HEADS if name not in ("DA Marker", "Crime Status")]
    rows = [[c for n, c in zip(HEADS, row, strict=True) if n in heads] for row in ROWS[1:]]
    domestic = [row for row in rows if row[0] == "A4"]
    sheets = {"DA offences": domestic, "Not DA offences": [r for r in rows if r not in domestic]}
    file = book(tmp_path, **{name: [heads, *there] for name, there in sheets.items()})
    outcomes, focus, _ = labelled(file, tmp_path)
    assert (outcomes, focus) == (COUNTED, FOCUS)


def test_headings_are_explained_on_a_sheet(tmp_path):
    says = ["Crime reference", "Home Office class", "Offence description",
            "Date and time committed, earliest", "Date the crime was recorded",
            "Type of location", "Domestic abuse indicator", "Status of the crime record",
            "Age of the victim (years)", "Age of the suspect (years)", "Free text"]  # fmt: skip
    names = [f"VAR{n:02}" for n in range(len(says))]
    variables = [["Variable", "Description"], *map(list, zip(names, says, strict=True))]
    outcomes, focus, _ = labelled(
        book(tmp_path, Data=[names, *ROWS], Variables=variables), tmp_path
    )
    assert (outcomes, focus) == (COUNTED, FOCUS)


def test_what_an_offence_is_now_counts_and_says_that_it_is_cancelled(tmp_path):
    heads = [*HEADS[:1], "Initially Classed As", "Currently Classed As", *HEADS[3:7], *HEADS[8:]]
    rows = [
        [row[0], "Murder", f"{row[2]} ({row[1]})" if row[0] != "A2" else "Cancelled - duplicate",
         *row[3:7], *row[8:]]
        for row in ROWS[1:]
    ]  # fmt: skip
    outcomes, focus, _ = labelled(written(tmp_path, heads=heads, rows=rows), tmp_path)
    assert (outcomes, focus) == (COUNTED | {"A2": "OUT"}, FOCUS)


def test_a_status_is_answered_with_its_reason_and_an_age_stands_behind_a_birth(tmp_path):
    heads = [*HEADS[:7], "Still Recorded?", "Victim DOB (age)", "Suspect DOB (age)"]
    answers = {"A2": "No - transferred"}
    rows = [
        [*row[:7], answers.get(row[0], "Yes"),
         *(f"01 Jan 1990 ({age})" if age else "" for age in row[8:10])]
        for row in ROWS[1:]
    ]  # fmt: skip
    outcomes, focus, _ = labelled(written(tmp_path, heads=heads, rows=rows), tmp_path)
    assert (outcomes, focus) == (COUNTED | {"A2": "OUT"}, FOCUS)


@pytest.mark.parametrize(
    ("heading", "words", "party"),
    [("S2 is V's...", ("relationship",), "suspects"), ("P1 Is IP's", ("relationship",), "persons"),
     ("P3 Nominal", ("ref",), "persons"), ("Vic Nominal", ("ref",), "victims")],
)  # fmt: skip
def test_a_letter_names_a_party(heading, words, party):
    assert (words_of(heading).words, words_of(heading).parties[0]) == (words, party)


def test_a_row_of_the_wrong_length_is_kept_as_a_blank_to_be_counted(tmp_path):
    file = tmp_path / "extract.csv"
    file.write_text('Crime No,Held\nA1,"{""a"": 1}"\nA2\nA3,"{""a"": 2}"\n')
    [made], _ = shaped([file], [Shape("json", "extract", columns=("Held",))], into=tmp_path)
    import pandas as pd

    assert pd.read_parquet(made).values.tolist() == [["A1", "1"], ["", ""], ["A3", "2"]]


@pytest.mark.parametrize("reshape", [{"how": "melt", "files": "a"}, {"how": "json"}, {"x": 1}])
def test_a_reshape_that_is_not_known_is_refused(tmp_path, reshape):
    content = {"reshape": [reshape], "offences": {"columns": {"offence_id": "A",
               "occurred_from": "B"}}}  # fmt: skip
    with pytest.raises(SettingsError, match="reshape"):
        from_content(content, file=tmp_path / "mapping.toml")


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_a_file_without_headings_asks_for_the_columns_that_are_needed(tmp_path, suffix):
    rows = [row[:8] for row in ROWS[1:]]
    file = book(tmp_path, Data=rows) if suffix == ".xlsx" else written(
        tmp_path, heads=rows[0], rows=rows[1:]
    )  # fmt: skip
    made = draft(file)
    assert made.heading == (0,)
    asked = {question.key for question in made.questions if question.needed}
    assert asked == {"column:offence_id", "column:occurred_from"}
    answers = {"column:offence_id": "(column 1)", "column:occurred_from": "(column 4)"}
    made = draft(file, heading=(0,), answers=answers)
    columns = made.tables["offences"].columns
    assert not made.lacking
    assert (columns["offence_id"].column, columns["location_type"].column) == (
        "(column 1)", "(column 6)",
    )  # fmt: skip


def test_a_table_that_is_an_extract_already_is_not_reshaped(tmp_path):
    assert draft(written(tmp_path)).shapes == []
