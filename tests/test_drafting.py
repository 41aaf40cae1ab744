"""A police extract comes in by itself: the table, its columns, its values, its questions."""

import contextlib
import csv
import io
import os
import runpy
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pandas as pd
import pytest
from extract_files import mapped
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from vrn_analysis.commands import cli
from vrn_analysis.core import definition, engine
from vrn_analysis.core.contracts import OFFENCES, PERSONS
from vrn_analysis.core.errors import DataError
from vrn_analysis.count import classify
from vrn_analysis.count.assessment import extracts
from vrn_analysis.drafting import dates, report
from vrn_analysis.drafting.cells import columns_of
from vrn_analysis.drafting.columns import assign
from vrn_analysis.drafting.draft import draft
from vrn_analysis.drafting.headings import likeness, words_of
from vrn_analysis.drafting.received.sample import parts_of
from vrn_analysis.read.extracts.grid import from_degrees, from_grid
from vrn_analysis.read.extracts.values import age_on

CANARY = "ZZCANARY J Bloggs of 1 Test Rd"
# a row a crime x victim x suspect, worked by hand: A1 and A2 count, A3 is at home, A4 is domestic
HEADS = ["Crime No", "HO Class", "Offence", "Committed From", "Recorded Date", "Premises Type",
         "DA Marker", "Crime Status", "Victim Age", "Suspect Age", "MO"]  # fmt: skip
ROWS = [
    ["A1", "8N", "Assault with injury", "13/02/2023 21:05", "14/02/2023", "Street", "N", "Recorded",
     "17", "30", CANARY],
    ["A1", "8N", "Assault with injury", "13/02/2023 21:05", "14/02/2023", "Street", "N", "Recorded",
     "17", "31", CANARY],
    ["A2", "34B", "Robbery of personal property", "25/02/2023 09:00", "25/02/2023", "Park", "N",
     "Recorded", "41", "", CANARY],
    ["A3", "8N", "Assault with injury", "01/03/2023 23:10", "02/03/2023", "Dwelling", "N",
     "Recorded", "30", "29", CANARY],
    ["A4", "8N", "Assault with injury", "20/03/2023 18:00", "20/03/2023", "Street", "Y", "Recorded",
     "35", "36", CANARY],
]  # fmt: skip
COUNTED = {"A1": "IN", "A2": "IN", "A3": "OUT", "A4": "OUT"}
FOCUS = {"A1": "UNDER_25", "A2": "UNKNOWN_AGE", "A3": "25_AND_OVER", "A4": "25_AND_OVER"}


def written(folder, *, heads=HEADS, rows=ROWS, separator=",", encoding="utf-8", banner=(), end=()):
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator="\r\n")
    writer.writerows([[line] if line else [] for line in banner])
    writer.writerow(heads)
    writer.writerows(rows)
    writer.writerows([[line] for line in end])
    file = folder / "extract.csv"
    file.write_bytes(text.getvalue().encode(encoding))
    return file


def labelled(file, folder):
    """Return the outcome and the age focus of each crime, through a drafted mapping."""
    made = draft(file)
    mapping = folder / "mapping.toml"
    mapping.write_text(report.toml(made, extract=file.name), encoding="utf-8")
    with engine.connect() as connection:
        tables = [extracts.read(connection, file, c, mapped=mapping) for c in (OFFENCES, PERSONS)]
        chosen = definition.load("llr_2020")
        offences, persons = (checked.table for checked in tables)
        table = classify.classify(offences, persons, definition=chosen)
        columns = ["offence_id", "outcome", "age_focus"]
        frame = table.select(*columns).to_pandas().set_index("offence_id")
    return frame["outcome"].to_dict(), frame["age_focus"].to_dict(), made


@pytest.mark.slow
@pytest.mark.parametrize(
    ("without", "grade", "outcomes"),
    [
        ("", "High", COUNTED),
        ("N/A - not domestic", "Medium risk", COUNTED),
        # where every crime has a grade, it may grade anything
        ("Standard", "High", COUNTED | {"A1": "UNKNOWN", "A2": "UNKNOWN", "A4": "UNKNOWN"}),
    ],
)
def test_a_grade_of_dash_says_domestic_abuse_only_where_others_have_none(
    without, grade, outcomes, tmp_path
):
    heads = [head.replace("DA Marker", "DASH Risk") for head in HEADS]
    rows = [[{"N": without, "Y": grade}.get(cell, cell) for cell in row] for row in ROWS]
    file = written(tmp_path, heads=heads, rows=rows)
    assert labelled(file, tmp_path)[0] == outcomes


# --- the table ----------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("separator", "encoding"),
    [(",", "utf-8-sig"), (";", "cp1252"), ("|", "utf-8"), ("\t", "utf-16")],
)
def test_a_table_is_found_below_a_banner_in_any_encoding(tmp_path, separator, encoding):
    banner = ("OFFICIAL-SENSITIVE", "Extract run 03/04/2024 09:12", "")
    rows = [[cell.replace("Test", "Café") for cell in row] for row in ROWS]
    how = {"separator": separator, "encoding": encoding, "rows": rows}
    file = written(tmp_path, banner=banner, end=("Total: 5", "End of report"), **how)
    [part] = parts_of([file])
    assert part.heading.on == (4,)
    assert (len(part.rows), part.unread) == (5, 2)
    outcomes, focus, _ = labelled(file, tmp_path)
    assert (outcomes, focus) == (COUNTED, FOCUS)


@pytest.mark.slow
def test_a_heading_of_two_lines_is_joined(tmp_path):
    upper = ["Crime"] + [""] * 7 + ["Victim", "Suspect", "Other"]
    lower = [*HEADS[:8], "Age", "Age", "MO"]
    file = written(tmp_path, heads=upper, rows=[lower, *ROWS])
    assert parts_of([file])[0].heading.on == (1, 2)
    assert labelled(file, tmp_path)[:2] == (COUNTED, FOCUS)


@pytest.mark.slow
def test_the_sheets_of_a_workbook_are_each_a_table(tmp_path):
    file = tmp_path / "extract.xlsx"
    crimes = pd.DataFrame(ROWS, columns=HEADS).drop_duplicates("Crime No")
    people = pd.DataFrame(ROWS, columns=HEADS)
    with pd.ExcelWriter(file) as book:
        pd.DataFrame({"Official": ["Recorded crime"]}).to_excel(book, sheet_name="Cover")
        crimes[HEADS[:8]].to_excel(book, sheet_name="Crimes", index=False)
        for sheet, heading in (("IPs", "Victim Age"), ("Accused", "Suspect Age")):
            own = people[["Crime No", heading]].rename(columns={heading: "Age"})
            own = own[own["Age"] != ""].drop_duplicates()
            own.assign(Gender="Male").to_excel(book, sheet_name=sheet, index=False)
    outcomes, focus, made = labelled(file, tmp_path)
    assert set(made.tables) == {"offences", "victims", "suspects"}
    assert outcomes == COUNTED
    # A2 has no suspect in a sheet of suspects, and its victim is 41
    assert focus == FOCUS


def test_a_file_that_is_no_extract_is_refused_with_its_headings(tmp_path):
    file = tmp_path / "extract.csv"
    file.write_text("colour,taste\nred,sweet\ngreen,sour\n")
    with pytest.raises(DataError, match="colour"):
        draft(file)


def test_open_data_is_named_with_the_settings_that_read_it(tmp_path):
    file = tmp_path / "2022-01-leicestershire-street.csv"
    heads = [
        "Crime ID",
        "Month",
        "Reported by",
        "Falls within",
        "Longitude",
        "Latitude",
        "Location",
        "LSOA code",
        "LSOA name",
        "Crime type",
        "Last outcome category",
        "Context",
    ]
    pd.DataFrame([["a", "2022-01", *["x"] * 10]], columns=heads).to_csv(file, index=False)
    done = run(file)
    assert done.exit_code == 1
    assert "data.police.uk" in done.output
    assert "sources.street" in done.output.replace("\n", "")


# --- the columns --------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "field", "party", "number"),
    [
        ("Committed From Date/Time", "occurred_from", (), 0),
        ("DT_OCCURRED_TO", "occurred_to", (), 0),
        ("DATEREC", "recorded_on", (), 0),
        ("U.R.N.", "offence_id", (), 0),
        ("LocEasting", "easting", (), 0),
        ("V_AGE", "age", ("victims",), 0),
        ("OAGE", "age", ("suspects",), 0),
        ("Suspect 2 Age at Offence", "age", ("suspects",), 2),
        ("Aggrieved DOB", "born", ("victims",), 0),
        ("Injured Person Gender", "sex", ("victims",), 0),
        ("off_gndr_cd", "sex", ("suspects",), 0),
        ("Offender is IP's", "relationship_to_victim", ("suspects", "victims"), 0),
        ("Statws / Status", "status", (), 0),
    ],
)
def test_the_words_of_a_heading(heading, field, party, number):
    words = words_of(heading)
    assert likeness(words.words, field) >= 0.6
    assert (words.parties, words.number) == (party, number)


def test_columns_are_told_by_their_values_where_headings_say_nothing(tmp_path):
    heads = ["Ref", "Q1", "Q2", *HEADS[3:5], "Q5", *HEADS[6:]]
    made = draft(written(tmp_path, heads=heads))
    columns = made.tables["offences"].columns
    assert columns["offence_code"].column == "Q1"
    assert columns["location_type"].column == "Q5"


@pytest.mark.parametrize(
    ("heading", "turned"),
    [
        ("Vict Is Susp's", True),
        ("Victim relationship to suspect", True),
        ("Relationship of victim to offender", True),
        ("Suspect is Victim's", False),
        ("Offender Relationship to Victim", False),
        ("VICT_SUSP_REL", False),
    ],
)
def test_a_heading_says_whose_relationship_it_is(tmp_path, heading, turned):
    heads = [heading if name == "MO" else name for name in HEADS]
    rows = [[*row[:7], "Recorded", "35", "60", "SON OR DAUGHTER"] for row in ROWS[2:]]
    outcomes, _, made = labelled(written(tmp_path, heads=heads, rows=rows), tmp_path)
    assert outcomes == {"A2": "OUT", "A3": "OUT", "A4": "OUT"}
    assert words_of(heading).turned is turned
    (label,) = made.labels.understood("relationship_to_victim").values()
    assert label == ("parent" if turned else "child")


def test_a_number_is_of_a_person_only_where_another_column_has_another(tmp_path):
    heads = [*HEADS[:8], "Victim_SDE_16_1", "Victim1 Age", "Victim2 Age", "Victim1 Sex",
             "Suspect1 Age", "Suspect2 Age"]  # fmt: skip
    rows = [[*row[:8], "W1", row[8], "44", "M", row[9], ""] for row in ROWS[1:]]
    outcomes, focus, made = labelled(written(tmp_path, heads=heads, rows=rows), tmp_path)
    assert outcomes == COUNTED
    assert focus["A1"] == "UNDER_25"
    assert made.tables["victims"].up_to == 2
    assert made.tables["victims"].columns["self_defined_ethnicity"].column == "Victim_SDE_16_1"


def test_a_class_and_its_sub_code_in_two_columns_are_one_code(tmp_path):
    heads = ["Force_Code", HEADS[0], "HO_Class", "HO_Sub_Class", *HEADS[2:]]
    codes = {"8N": ("008", "06"), "34B": ("034", "01")}
    rows = [["99", row[0], *codes[row[1]], *row[2:]] for row in ROWS]
    outcomes, _, made = labelled(written(tmp_path, heads=heads, rows=rows), tmp_path)
    assert outcomes == COUNTED
    assert made.tables["offences"].columns["offence_code"].joined == "/"


def test_a_dump_of_a_database_has_dashes_below_its_headings(tmp_path):
    rows = [[cell.replace("Recorded", "NULL") or "NULL" for cell in row] for row in ROWS]
    ruled = [["-" * len(name) for name in HEADS], *rows]
    file = written(tmp_path, rows=ruled, separator="|", end=["", "(5 rows affected)"])
    outcomes, focus, _ = labelled(file, tmp_path)
    assert outcomes == COUNTED
    assert focus["A1"] == "UNDER_25"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_columns_of_fixed_width_lie_below_their_headings(tmp_path, encoding):
    lines = [HEADS, *ROWS]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    printed = [
        " ".join(c.ljust(w) for c, w in zip(line, widths, strict=True))
        for line in [HEADS, ["-" * w for w in widths], *ROWS]
    ]
    end = ["", "(5 rows affected)", "", "Completion time: 2024-04-03T09:12:44+01:00"]
    file = tmp_path / "extract.txt"
    file.write_bytes("\r\n".join([*printed, *end, ""]).encode(encoding))
    outcomes, focus, made = labelled(file, tmp_path)
    assert (outcomes, focus) == (COUNTED, FOCUS)
    assert made.groups[0].rows == len(ROWS)


def test_a_birth_by_its_month_leaves_two_ages_in_the_month_of_the_birthday(tmp_path):
    births = {"17": "2005-05", "41": "1982-02", "30": "1992-08", "35": "1988-02"}
    # on 13 February 2023 a person born in February 1998 was 24 or 25
    suspects = {"30": "1998-02", "31": "1998-02", "": "", "29": "1994-01", "36": "1987-01"}
    heads = [*HEADS[:8], "Victim Birth Month", "Suspect Birth Month", "MO"]
    rows = [[*row[:8], births[row[8]], suspects[row[9]], row[10]] for row in ROWS]
    outcomes, focus, _ = labelled(written(tmp_path, heads=heads, rows=rows), tmp_path)
    assert (outcomes, focus) == (COUNTED, FOCUS)
    rows = [[*row[:8], "1998-02", *row[9:]] for row in rows]
    focus = labelled(written(tmp_path, heads=heads, rows=rows), tmp_path)[1]
    assert focus["A1"] == focus["A2"] == "UNKNOWN_AGE"
    assert focus["A3"] == focus["A4"] == "25_AND_OVER"


@pytest.mark.parametrize(
    ("heads", "marks"),
    [
        (["No Crime Dt", "Dt Trf'd to Other Force"], ("01/03/2023", "", "")),
        (["is_cancelled", "is_transferred_out"], ("1", "0", "0")),
        (["Cancelled (Y/N)", "Duplicate?"], ("Y", "N", "N")),
    ],
)
def test_a_heading_may_say_the_status_of_a_record(tmp_path, heads, marks):
    yes, no, other = marks
    heads = [*HEADS[:7], *heads, *HEADS[8:]]
    ends = {"A1": (yes, other), "A2": (no, yes), "A3": (no, other), "A4": (no, other)}
    rows = [[*row[:7], *ends[row[0]], *row[8:]] for row in ROWS * 3]
    more = [["A5", *rows[2][1:7], no, other, *rows[2][9:]]]
    outcomes, _, _ = labelled(written(tmp_path, heads=heads, rows=rows + more), tmp_path)
    assert (outcomes["A1"], outcomes["A2"], outcomes["A5"]) == ("OUT", "OUT", "IN")


def test_a_yes_where_a_heading_asks_for_a_crime_is_a_recorded_one(tmp_path):
    heads = ["Crime?" if name == "Crime Status" else name for name in HEADS]
    rows = [[*row[:7], "NC - duplicate" if row[0] == "A2" else "Y", *row[8:]] for row in ROWS]
    outcomes, _, _ = labelled(written(tmp_path, heads=heads, rows=rows), tmp_path)
    assert outcomes == COUNTED | {"A2": "OUT"}


@pytest.mark.parametrize(
    ("yes", "no"),
    [("[X] DA [ ] Hate", "[ ] DA [X] Hate"), ("Domestic=Yes|Hate=No", "Domestic=No|Hate=No")],
)
def test_a_box_that_is_not_ticked_is_a_no(tmp_path, yes, no):
    heads = ["Tick Boxes" if name == "DA Marker" else name for name in HEADS]
    rows = [[*row[:6], yes if row[6] == "Y" else no, *row[7:]] for row in ROWS]
    rows.append(["A5", *ROWS[2][1:6], "", *ROWS[2][7:]])
    outcomes, _, made = labelled(written(tmp_path, heads=heads, rows=rows), tmp_path)
    # where no box is shown nothing is known, and nothing is to be asked
    assert outcomes == COUNTED | {"A5": "UNKNOWN"}
    assert made.questions == []


def test_people_are_found_by_a_reference_that_is_written_in_another_way(tmp_path):
    crimes = tmp_path / "extract"
    crimes.mkdir()
    rows = [[f"33AB/{row[0][1:].zfill(6)}/23", *row[1:8]] for row in ROWS[1:]]
    written(crimes, heads=HEADS[:8], rows=rows).rename(crimes / "offences.csv")
    heads = ["Nominal Type", "Related Crime", "Victim ID", "DOB", "Current Age"]
    born = {"A1": "1 June 2005", "A2": "1 June 1981", "A3": "1 June 1992", "A4": "1 June 1987"}
    rows = [["Victim", f"33ab {row[0][1:]} 2023", f"V{row[0]}", born[row[0]], "99"]
            for row in ROWS[1:]]  # fmt: skip
    written(crimes, heads=heads, rows=rows).rename(crimes / "victims.csv")
    outcomes, focus, made = labelled(crimes, tmp_path)
    assert outcomes == {f"33AB/00000{key[1]}/23": value for key, value in COUNTED.items()}
    assert focus["33AB/000001/23"] == "UNDER_25"
    assert made.tables["victims"].columns["offence_id"].alike


PEOPLE = {
    "A1": [("Victim", "17"), ("Arrested Person", "30"), ("Person Reporting", "20")],
    "A2": [("Injured Party", "41"), ("Witness", "15")],
    "A3": [("Victim", "30"), ("Suspect", "29")],
    "A4": [("Victim", "35"), ("Suspect", "36"), ("Officer Attending", "22")],
}


@pytest.mark.parametrize("suffix", [".csv", ".xlsx"])
def test_people_below_a_crime_are_people_of_that_crime(tmp_path, suffix):
    heads = [*HEADS[:8], "MO", "Role", "Age"]
    groups = ["CRIME", "", "", "COMMITTED", "", "SCENE", "", "", "", "NOMINALS", ""]
    lines = []
    for area, ids in (("East", ("A1", "A2")), ("West", ("A3", "A4"))):
        lines += [[f"LPU: {area}"], groups, heads] if suffix == ".xlsx" else [heads]
        for row in [row for row in ROWS[1:] if row[0] in ids]:
            crime, *below = PEOPLE[row[0]]
            lines += [[*row[:8], CANARY, *crime], *([""] * 9 + [*one] for one in below)]
        lines += [[f"{area} Total", "2", *[""] * 9], []]
    lines += [["Grand Total", "4", *[""] * 9], ["Notes"], [CANARY]]
    file = written(tmp_path, heads=lines[0], rows=lines[1:])
    if suffix == ".xlsx":
        table = pd.DataFrame(lines)
        file = tmp_path / "extract.xlsx"
        table.to_excel(file, header=False, index=False)
    outcomes, focus, made = labelled(file, tmp_path)
    assert outcomes == COUNTED
    assert focus == FOCUS
    # free text is not filled down, as nothing is made of it
    assert "MO" not in made.tables["offences"].fill


def test_a_cell_holds_one_moment_or_two(tmp_path):
    heads = ["Committed Between" if name == "Committed From" else name for name in HEADS]
    spans = {"A1": "13.02.23 21:05 - 13.02.23 21:10", "A2": "25.02.23 09:00",
             "A3": "01.03.23 23:10", "A4": "20.03.23 18:00 - 21.03.23 18:00"}  # fmt: skip
    rows = [[*row[:3], spans[row[0]], *row[4:]] for row in ROWS]
    outcomes, _, made = labelled(written(tmp_path, heads=heads, rows=rows), tmp_path)
    assert outcomes == COUNTED
    assert {made.tables["offences"].columns[f"occurred_{end}"].part for end in ("from", "to")} == {
        "first", "last",
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ages", "people"),
    [
        ("{age}/{sex}", ("no suspect", "{age}/{sex} - {link}")),
        ("{sex}{age}", ("none ID'd", "{sex}{age} ({link})")),
    ],
)
def test_people_noted_in_one_cell_have_an_age_a_sex_and_a_relationship(tmp_path, ages, people):
    none, noted = people
    one = {"age": "30", "sex": "M", "link": "stranger"}
    suspects = {
        "A1": noted.format(**one) + "; " + noted.format(**one | {"age": "31"}),
        "A2": none, "A3": noted.format(**one | {"age": "29"}),
        # the flag says no, and the relationship decides
        "A4": noted.format(**one | {"age": "36", "link": "ex-partner"}),
    }  # fmt: skip
    heads = [*HEADS[:8], "IP(s)", "Suspect(s) - link to vic", "MO"]
    rows = [
        [*row[:6], "N", row[7], ages.format(age=row[8], sex="F"), suspects[row[0]], row[10]]
        for row in ROWS[1:]
    ]
    outcomes, focus, made = labelled(written(tmp_path, heads=heads, rows=rows), tmp_path)
    assert (outcomes, focus) == (COUNTED, FOCUS)
    assert {"age", "sex", "relationship_to_victim"} < made.tables["suspects"].columns.keys()


def test_rows_of_exhibits_are_of_one_crime(tmp_path):
    people = {"A1": "M/17; n.k./n.k.", "A2": "F/41", "A3": "n.k./30", "A4": "M/35"}
    links = {"A1": "stranger", "A2": "Not known", "A3": "Friend of agg.", "A4": "Child of agg."}
    heads = [*HEADS[:8], "Aggrieved", "Suspect(s)", "Exhibit", "Exhibit Type"]
    rows = [
        [*row[:6], "N", row[7], people[row[0]], f"M/{row[9] or 'n.k.'} ({links[row[0]]})",
         f"QZ/{n}", kind]
        for row in ROWS[1:] for n, kind in enumerate(("Swab", "Blade", "Clothing"))
    ]  # fmt: skip
    file = written(tmp_path, heads=heads, rows=[*rows, rows[-1]])
    outcomes, focus, made = labelled(file, tmp_path)
    assert (outcomes, focus) == (COUNTED, FOCUS)
    assert {table.repeats for table in made.tables.values()} == {"fold"}


CODES = {
    "CLASS_CD": {"V1": "Assault with injury (8N)", "R1": "Robbery of personal property (34B)"},
    "LOC_CD": {"01": "Street", "02": "Public park", "10": "Dwelling house", "99": "Not known"},
    "DA_CD": {"1": "Domestic abuse", "2": "Not domestic"},
    "STATE_CD": {"A": "Recorded", "X": "Cancelled", "T": "Transferred to another force"},
}


def coded_rows():
    """Return a row a crime in codes; A2, which counts, is cancelled."""
    titles = {"Street": "01", "Park": "02", "Dwelling": "10"}
    classes = {"8N": "V1", "34B": "R1"}
    rows = [
        [r[0], classes[r[1]], r[3], r[4], titles[r[5]], "1" if r[6] == "Y" else "2",
         "X" if r[0] == "A2" else "A", r[8], r[9]]
        for r in ROWS[1:]
    ]  # fmt: skip
    return [["CRIME_REF", "CLASS_CD", "FROM_DT", "REC_DT", "LOC_CD", "DA_CD", "STATE_CD",
             "VIC_AGE", "SUS_AGE"], *rows]  # fmt: skip


def book(folder, **sheets):
    file = folder / "extract.xlsx"
    with pd.ExcelWriter(file) as writer:
        for name, rows in sheets.items():
            table = pd.DataFrame(rows, dtype="object")
            table.to_excel(writer, sheet_name=name, header=False, index=False)
    return file


@pytest.mark.parametrize("kind", ["side by side", "below each other", "notes"])
def test_codes_are_read_by_the_list_that_comes_with_them(tmp_path, kind):
    listed = [[(f"{name} - list", ""), *codes.items()] for name, codes in CODES.items()]
    if kind == "side by side":
        deep = max(map(len, listed))
        codes = [
            [c for block in listed for c in (*(block[n] if n < len(block) else ("", "")), "")]
            for n in range(deep)
        ]
    elif kind == "below each other":
        codes = [list(pair) for block in listed for pair in [*block, ("", "")]]
    else:
        codes = [
            [f"Weekly list. {name}: {', '.join(f'{c} = {w}' for c, w in words.items())}"]
            for name, words in CODES.items()
        ]
    file = book(tmp_path, Crimes=coded_rows(), Codes=codes)
    outcomes, focus, made = labelled(file, tmp_path)
    assert (outcomes, focus) == (COUNTED | {"A2": "OUT"}, FOCUS)
    assert made.questions == []


def test_a_list_that_lacks_a_code_is_not_believed(tmp_path):
    codes = [list(pair) for pair in [("STATE_CD", ""), ("A", "Recorded"), ("T", "Transferred")]]
    made = draft(book(tmp_path, Crimes=coded_rows(), Codes=codes))
    assert made.tables["offences"].columns["status"].coded == ()
    assert {"label:status:A", "label:status:X"} <= {question.key for question in made.questions}


@pytest.mark.parametrize("month", ["%B", "%b", "%m"])
def test_a_moment_may_be_in_several_columns(tmp_path, month):
    heads = [*HEADS[:3], "Year", "Month", "Day", "Hour", "Min", *HEADS[4:]]
    moments = [pd.to_datetime(row[3], dayfirst=True) for row in ROWS]
    parts = [[str(t.year), t.strftime(month), str(t.day), str(t.hour), str(t.minute)]
             for t in moments]  # fmt: skip
    rows = [[*row[:3], *part, *row[4:]] for row, part in zip(ROWS, parts, strict=True)]
    file = written(tmp_path, heads=heads, rows=rows)
    outcomes, focus, made = labelled(file, tmp_path)
    assert (outcomes, focus) == (COUNTED, FOCUS)
    with engine.connect() as connection:
        read = extracts.read(connection, file, OFFENCES, mapped=tmp_path / "mapping.toml").table
        times = read.select("offence_id", "occurred_from").to_pandas().set_index("offence_id")
    assert times.loc["A2", "occurred_from"] == pd.Timestamp("2023-02-25 09:00")
    # the year and month of the report beside the date of the offence are no date
    beside = [[*row, *part] for row, part in zip(ROWS, parts, strict=True)]
    [group] = draft(written(tmp_path, heads=[*HEADS, *heads[3:8]], rows=beside)).groups
    assert {"Year", "Month", "Day"} <= set(group.unused)


def test_an_outcome_says_which_crimes_do_not_stand_though_some_labels_are_strange(tmp_path):
    says = {"A1": "charged", "A2": "NO CRIMED - AVI", "A3": "filed", "A4": "Zq"}
    heads = [*HEADS[:7], "Outcome", *HEADS[8:]]
    rows = [[*row[:7], says[row[0]], *row[8:]] for row in ROWS]
    outcomes = labelled(written(tmp_path, heads=heads, rows=rows), tmp_path)[0]
    assert outcomes == COUNTED | {"A2": "OUT"}


def test_sheets_that_are_not_read_are_said_and_asked_about(tmp_path):
    file = tmp_path / "extract.xlsx"
    crimes = pd.DataFrame(ROWS, columns=HEADS).drop_duplicates("Crime No")[HEADS[:8]]
    year = pd.DataFrame([["Crimes of 2023", *[""] * 7], HEADS[:8], ["APRIL", *[""] * 7]])
    turned = crimes[HEADS[7::-1]]
    other = crimes.drop(columns=["Crime Status"]).set_axis(
        ["Ref", "Class", "Title", "Start", "Rep'd", "Premises", "DV"], axis=1
    )
    with pd.ExcelWriter(file) as book:
        first = pd.concat([year, crimes.set_axis(year.columns, axis=1)])
        first.to_excel(book, sheet_name="Q1", header=False, index=False)
        turned.to_excel(book, sheet_name="Q2", index=False)
        other.to_excel(book, sheet_name="Old", index=False)
    made = draft(file)
    # a month above the rows is no heading, and columns may stand in another order
    assert made.tables["offences"].sheet == "Q1 | Q2"
    assert [question.key for question in made.questions if question.records] == ["unread:Old"]
    for told in ("\n".join(report.lines(made)), report.toml(made, extract="extract.xlsx"),
                 report.page(made, extract="extract.xlsx", questions=[])):  # fmt: skip
        assert "sheet Old: 4 rows" in told


def test_names_and_free_text_are_read_as_nothing(tmp_path):
    heads = [*HEADS, "Surname", "Force Contact Name", "Telephone"]
    rows = [[*row, "Bloggs", "PC Qzsurname", "07700 900123"] for row in ROWS]
    made = draft(written(tmp_path, heads=heads, rows=rows))
    used = {name for table in made.tables.values() for name in table.named}
    assert not used & {"MO", "Surname", "Force Contact Name", "Telephone"}


def test_a_required_column_that_is_missing_takes_no_other_with_it(tmp_path):
    heads = ["Q9" if name == "Committed From" else name for name in HEADS]
    rows = [[*row[:3], "not dated", *row[4:]] for row in ROWS]
    made = draft(written(tmp_path, heads=heads, rows=rows))
    assert made.lacking == ["occurred_from"]
    assert {"offence_id", "offence_code", "location_type"} <= set(made.tables["offences"].columns)
    assert made.questions[0].needed


def test_a_foreign_code_is_no_class_of_offence(tmp_path):
    heads = ["DR_NO", "Date Rptd", "DATE OCC", "TIME OCC", "Crm Cd", "Crm Cd Desc", "Vict Age",
             "Vict Sex", "Premis Desc", "Weapon Desc", "LAT", "LON"]  # fmt: skip
    rows = [
        [f"2{k:08d}", "04/13/2021 12:00:00 AM", "04/11/2021 12:00:00 AM", "2130", "624",
         "BATTERY - SIMPLE ASSAULT", "36", "F", "STREET", "STRONG-ARM (HANDS, FIST, FEET)",
         "34.0459", "-118.2545"]
        for k in range(40)
    ]  # fmt: skip
    columns = columns_of(parts_of([written(tmp_path, heads=heads, rows=rows)]))
    found = {one.field: one.column.name for one in assign(columns)}
    assert "offence_code" not in found
    expected = {"offence_id": "DR_NO", "occurred_from": "DATE OCC", "recorded_on": "Date Rptd",
                "location_type": "Premis Desc", "weapon": "Weapon Desc"}  # fmt: skip
    assert expected.items() <= found.items()
    assert columns[1].dates.order == "month"


# --- the values ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "form"),
    [
        (["25/12/22", "01/01/23"], "%d/%m/%y"),
        (["13-FEB-2023 21:05:00"], "%d-%b-%Y %H:%M:%S"),
        (["12/25/2022 09:30:00 PM"], "%m/%d/%Y %I:%M:%S %p"),
        (["2023-01-02T03:04:05Z"], "iso"),
        (["Thu 08 February 2024"], "%a %d %B %Y"),
        (["20240208"], "%Y%m%d"),
        (["45330", "45004.5"], "excel"),
        (["Q1", "street"], ""),
    ],
)
def test_the_form_of_dates_is_told_from_the_values(values, form):
    assert dates.read_dates(Counter(values)).form == form


def test_a_date_that_fits_both_ways_follows_the_column_that_shows_it():
    assert dates.read_dates({"04/05/2022": 3}).order == ""
    assert dates.read_dates({"04/05/2022": 3}, month_first=True).form == "%m/%d/%Y"
    assert dates.read_dates({"04/05/2022": 3, "13/05/2022": 1}, month_first=True).form == "%d/%m/%Y"


def test_an_age_is_that_on_the_day_of_the_offence():
    import ibis

    rows = ibis.memtable({
        "born": ["2000-03-01", "2000-03-02", "2065-05-12", None, "1880-01-01"],
        "day": ["2018-03-01 10:00:00"] * 5,
    })  # fmt: skip
    found = rows.select(age=age_on(rows.born, rows.day)).to_pandas()["age"]
    # the day before the birthday; a year of two digits read as 2065; nothing; nobody is 138
    assert [None if pd.isna(age) else age for age in found] == ["18", "17", "52", None, None]


def test_points_of_the_grid_are_read_from_degrees_and_from_references():
    # the trig pillar of Bardon Hill and a corner of TH, by hand and by the Ordnance Survey's table
    metres = from_degrees(pd.DataFrame({"x": ["-1.319"], "y": ["52.714"]})).iloc[0]
    assert metres["_easting"] == pytest.approx(446_060, abs=150)
    assert metres["_northing"] == pytest.approx(313_000, abs=500)
    given = pd.DataFrame({"g": ["SK5804", "TH 06168 14633", "459123,304567", "nowhere"]})
    assert from_grid(given).fillna(-1).astype(int).values.tolist() == [
        [458_000, 304_000], [706_168, 314_633], [459_123, 304_567], [-1, -1],
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("clock", ["2210", "22:10", "22.10", "221000", "10:10 pm", "2210 hrs"])
def test_a_time_apart_from_its_date(tmp_path, clock):
    heads = ["Date Committed" if name == "Committed From" else name for name in HEADS]
    rows = [[*row[:3], row[3][:10], *row[4:], clock] for row in ROWS]
    rows[-1][-1] = "9999"
    file = written(tmp_path, heads=[*heads, "Time Committed"], rows=rows)
    mapping = tmp_path / "mapping.toml"
    mapping.write_text(report.toml(draft(file), extract=file.name))
    with engine.connect() as connection:
        table = extracts.read(connection, file, OFFENCES, mapped=mapping).table.to_pandas()
    table = table.set_index("offence_id")
    assert str(table["occurred_from"]["A1"]) == "2023-02-13 22:10:00"
    assert table["time_precision"]["A1"] == "minute"
    # a time that cannot be leaves its date
    assert str(table["occurred_from"]["A4"]) == "2023-03-20 00:00:00"
    assert table["time_precision"]["A4"] == "day"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("ages", "focus"),
    [
        (["17 yrs", "30 yrs"], "UNDER_25"),
        (["017", "030"], "UNDER_25"),
        (["16-17", "25-34"], "UNDER_25"),
        (["6 mths", "30"], "UNDER_25"),
        (["Adult", "Adult"], "UNKNOWN_AGE"),
        (["Juv", "Adult"], "UNDER_25"),
        (["25+", "35-49"], "25_AND_OVER"),
    ],
)
def test_ages_in_the_words_of_systems(tmp_path, ages, focus):
    rows = [[*row[:8], *(age if cell else "" for age, cell in zip(ages, row[8:10], strict=True)),
             row[10]] for row in ROWS]  # fmt: skip
    assert labelled(written(tmp_path, rows=rows), tmp_path)[1]["A1"] == focus


@pytest.mark.slow
def test_a_label_that_may_decide_and_is_not_understood_leaves_the_record_undecided(tmp_path):
    rows = [[*row[:7], "Zog 4" if row[0] == "A1" else row[7], *row[8:]] for row in ROWS]
    outcomes, _, made = labelled(written(tmp_path, rows=rows), tmp_path)
    assert outcomes == COUNTED | {"A1": "UNKNOWN"}
    assert made.labels.odd("status") == {"Zog 4": 2}


# --- what does not matter -----------------------------------------------------------------------

SYNONYMS = {
    "Crime No": ["CRIME_REF_NO", "Crime Reference", "URN", "Occurrence Number"],
    "HO Class": ["Home Office Code", "HOC", "Offence Code"],
    "Committed From": ["Date Committed", "First Committed", "OccurredFrom", "START_DATE"],
    "Recorded Date": ["Date Reported", "DT_REC", "Created"],
    "Premises Type": ["Location Type", "Venue", "LOC_TYPE_DESC"],
    "DA Marker": ["Domestic Abuse Flag", "DOM", "DV Y/N"],
    "Crime Status": ["Status", "Record Status"],
    "Victim Age": ["Vic Age", "V_AGE", "IP Age", "Aggrieved Age"],
    "Suspect Age": ["Offender Age", "S_AGE", "Accused Age"],
}


@pytest.mark.slow
@settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(data=st.data())
def test_the_outcome_hangs_on_no_order_name_separator_or_junk(tmp_path, data):
    order = data.draw(st.permutations(range(len(HEADS))))
    names = [data.draw(st.sampled_from([name, *SYNONYMS.get(name, [])])) for name in HEADS]
    if data.draw(st.booleans()):
        names = [name.upper() for name in names]
    junk = data.draw(st.integers(0, 2))
    heads = [names[k] for k in order] + [f"Spare {k}" for k in range(junk)]
    rows = [[row[k] for k in order] + ["PC 1234 Qzsurname"] * junk for row in ROWS]
    separator = data.draw(st.sampled_from([",", ";", "|", "\t"]))
    encoding = data.draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]))
    file = written(tmp_path, heads=heads, rows=rows, separator=separator, encoding=encoding)
    outcomes, focus, _ = labelled(file, tmp_path)
    assert (outcomes, focus) == (COUNTED, FOCUS)


# --- the command --------------------------------------------------------------------------------


def run(*words):
    return CliRunner().invoke(cli.app, ["map", *map(str, words)])


def test_the_command_shows_what_it_understood_and_no_value(tmp_path):
    file = written(tmp_path)
    page = tmp_path / "report.html"
    done = run(file, "--report", page)
    assert done.exit_code == 0, done.output
    told = done.output + page.read_text() + (tmp_path / "mapping.toml").read_text()
    assert "occurred from" in told
    assert "Bloggs" not in told
    assert "ZZCANARY" not in told
    assert mapped(tmp_path / "mapping.toml").of("persons")


@pytest.mark.slow
def test_a_column_that_is_not_mapped_is_in_no_table_of_the_engine(tmp_path):
    file = written(tmp_path)
    run(file)
    with engine.connect() as connection:
        extracts.read(connection, file, OFFENCES, mapped=tmp_path / "mapping.toml")
        tables = [name for (name,) in connection.con.execute("SHOW TABLES").fetchall()]
        for name in tables:
            held = connection.con.execute(f'SELECT * FROM "{name}"').fetchdf().to_string()
            assert "Bloggs" not in held


def test_answers_are_written_down_and_kept_by_an_update(tmp_path):
    rows = [[*row[:6], "Y" if row[6] == "Y" else "", *row[7:]] for row in ROWS]
    rows[2][5] = "Zog hall"
    file = written(tmp_path, rows=rows)
    first = run(file)
    assert "blank:domestic_flag" in first.output
    answers = ["--answer", "blank:domestic_flag=unknown", "--answer",
               "label:location_type:Zog hall=public_building"]  # fmt: skip
    done = run(file, *answers, "--force")
    assert done.exit_code == 0, done.output
    mapping = mapped(tmp_path / "mapping.toml")
    assert mapping.tables["offences"].columns["domestic_flag"].blank == "unknown"
    assert mapping.words["location_type"]["Zog hall"] == "public_building"
    heads = ["Premise" if name == "Premises Type" else name for name in HEADS]
    later = written(tmp_path, heads=heads, rows=rows)
    done = run(later, "--update")
    assert done.exit_code == 0, done.output
    assert "location_type is now read from Premise" in done.output
    assert mapped(tmp_path / "mapping.toml").answers["blank:domestic_flag"] == "unknown"


def test_an_update_takes_a_new_answer_and_refuses_one_that_is_not_allowed(tmp_path):
    rows = [[*row[:6], "Y" if row[6] == "Y" else "", *row[7:]] for row in ROWS]
    rows[2][5] = "Zog hall"
    file, place = written(tmp_path, rows=rows), "label:location_type:Zog hall"
    assert run(file, "--answer", f"{place}=park").exit_code == 0
    for wrong in ("blank:domestic_flag=perhaps", "blank:zog=no", f"{place}=zog"):
        done = run(file, "--update", "--answer", wrong)
        assert done.exit_code == 1
        assert wrong in done.output
    given = ["--answer", "blank:domestic_flag=unknown", "--answer", f"{place}=shop"]
    assert run(file, "--update", *given).exit_code == 0
    mapping = mapped(tmp_path / "mapping.toml")
    assert mapping.tables["offences"].columns["domestic_flag"].blank == "unknown"
    assert mapping.words["location_type"]["Zog hall"] == "shop"


def test_the_names_of_columns_are_shown_whole(tmp_path):
    shown = run(written(tmp_path)).output
    assert all(name in shown for name in HEADS)


def test_a_required_column_is_named_by_an_answer_and_nothing_is_written_before(tmp_path):
    heads = ["Q9" if name == "Crime No" else name for name in HEADS]
    rows = [[row[0] * 3 + " x", *row[1:]] for row in ROWS]
    file = written(tmp_path, heads=heads, rows=rows)
    done = run(file)
    assert done.exit_code == 1
    assert not (tmp_path / "mapping.toml").exists()
    assert "offence_id" in done.output
    assert run(file, "--answer", "column:offence_id=Q9").exit_code == 0


# --- extracts in the manner of real systems -----------------------------------------------------

PACK = os.environ.get("VRN_EXTRACTS")
START = subprocess.run


def in_this_process(command, *, cwd=None, **how):
    """Run a script's Python command here, because a new process spends seconds on imports."""
    if command[0] != sys.executable or cwd is None:
        return START(command, cwd=cwd, **how)
    with contextlib.chdir(cwd), contextlib.redirect_stdout(io.StringIO()) as told:
        if command[1] == "-m":
            done = CliRunner().invoke(cli.app, command[3:])
            return subprocess.CompletedProcess(command, done.exit_code, done.output, "")
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sys, "argv", ["-c", *command[3:]])
            exec(command[2], {})
        return subprocess.CompletedProcess(command, 0, told.getvalue(), "")


@pytest.mark.skipif(not PACK, reason="VRN_EXTRACTS names no folder with extracts")
@pytest.mark.slow
def test_extracts_of_strangers_come_in_by_themselves(tmp_path, monkeypatch, capsys):
    make, score = (str(Path(PACK, name)) for name in ("make.py", "score.py"))
    subprocess.run([sys.executable, make, str(tmp_path)], capture_output=True, check=True)
    monkeypatch.setattr(subprocess, "run", in_this_process)
    monkeypatch.setattr(sys, "argv", [score, str(tmp_path)])
    with pytest.raises(SystemExit) as ended:
        runpy.run_path(score, run_name="__main__")
    told = capsys.readouterr().out
    assert not ended.value.code, told
    assert told.count("WRONG 0;") == told.count("found 600 of 600") > 0


ABROAD = {
    # headings of cities' open data; the rows are invented
    "Los Angeles": (
        ["DR_NO", "Date Rptd", "DATE OCC", "TIME OCC", "AREA NAME", "Crm Cd", "Crm Cd Desc",
         "Vict Age", "Vict Sex", "Premis Desc", "LAT", "LON"],
        lambda n: [f"2103{n:05}", f"{1 + n % 12:02}/{1 + n % 28:02}/2021 12:00:00 AM",
                   f"{1 + n % 12:02}/{1 + n % 28:02}/2021 12:00:00 AM", f"{n % 24:02}{n % 60:02}",
                   "Central", 624 - n % 3, "ROBBERY", n % 70, "MF"[n % 2],
                   ("STREET", "SINGLE FAMILY DWELLING")[n % 2], f"34.{n:04}", f"-118.{n:04}"],
        {"DR_NO": "offence_id", "DATE OCC": "occurred_from", "Date Rptd": "recorded_on",
         "TIME OCC": "occurred_from.time", "Crm Cd Desc": "offence_title", "Vict Age": "age",
         "Vict Sex": "sex", "Premis Desc": "location_type"},
    ),
    "Chicago": (
        ["ID", "Case Number", "Date", "IUCR", "Primary Type", "Location Description", "Domestic",
         "FBI Code", "X Coordinate", "Y Coordinate", "Latitude", "Longitude"],
        lambda n: [11_000_000 + n, f"JE{n:06}", f"{1 + n % 12:02}/{1 + n % 28:02}/2021 09:15:00 PM",
                   "0486", ("BATTERY", "ROBBERY")[n % 2], ("STREET", "BARBERSHOP")[n % 2],
                   ("true", "false")[n % 2], ("08B", "04B", "03")[n % 3], 1_100_000 + n,
                   1_800_000 + n, f"41.{n:06}", f"-87.{n:06}"],
        {"Date": "occurred_from", "Primary Type": "offence_title",
         "Location Description": "location_type", "Domestic": "domestic_flag"},
    ),
    "New York": (
        ["INCIDENT_KEY", "OCCUR_DATE", "OCCUR_TIME", "BORO", "LOCATION_DESC", "PERP_AGE_GROUP",
         "PERP_SEX", "VIC_AGE_GROUP", "VIC_SEX", "X_COORD_CD", "Y_COORD_CD"],
        lambda n: [231_000_000 + n, f"{1 + n % 12:02}/{1 + n % 28:02}/2021",
                   f"{n % 24:02}:{n % 60:02}:00", "BRONX", ("STREET", "BAR/NIGHT CLUB")[n % 2],
                   ("<18", "18-24", "")[n % 3], "MF"[n % 2], ("25-44", "65+")[n % 2], "FM"[n % 2],
                   1_000_000 + n, 130_000 + n],
        {"INCIDENT_KEY": "offence_id", "OCCUR_DATE": "occurred_from",
         "OCCUR_TIME": "occurred_from.time", "LOCATION_DESC": "location_type",
         "PERP_AGE_GROUP": "age_band", "VIC_SEX": "sex", "VIC_AGE_GROUP": "age_band"},
    ),
}  # fmt: skip
NEVER_GUESSED = {"FBI Code", "IUCR", "Crm Cd", "X Coordinate", "Y Coordinate", "LAT", "LON"}


@pytest.mark.slow
@pytest.mark.parametrize("city", ABROAD)
def test_files_of_other_countries_draft_what_the_contract_knows_and_no_more(tmp_path, city):
    head, row, known = ABROAD[city]
    file = tmp_path / "extract.csv"
    with file.open("w", newline="") as out:
        csv.writer(out).writerows([head, *map(row, range(300))])
    [group] = draft(file).groups
    found = {one.column.name: one.field for one in group.found}
    assert known.items() <= found.items()
    assert not NEVER_GUESSED & set(found)


# --- people in other shapes ---------------------------------------------------------------------

CRIMES = [row[:8] for row in ROWS[1:]]


def folder_of(folder, **files):
    """Write files of an extract, each given as its headings and rows, into one folder."""
    there = folder / "extract"
    there.mkdir()
    for name, (heads, rows) in files.items():
        with (there / f"{name}.csv").open("w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([heads, *rows])
    return there


@pytest.mark.slow
def test_an_age_that_is_not_given_is_worked_out_from_the_birth(tmp_path):
    heads = ["Crime No", "Role", "D.O.B", "Age at Offence", "Gender"]
    rows = [
        # 24 on the day of the offence, and where the age is given it is taken
        ["A1", "Victim", "14/02/1998", "", "M"],
        ["A1", "Suspect", "01/01/1980", "43", "M"],
        ["A2", "Victim", "01/01/2010", "41", "M"],
        ["A2", "Suspect", "01/05/1970", "U/K", "F"],
        ["A3", "Victim", "03/05/1990", "32", "F"],
        ["A3", "Suspect", "", "", "F"],
        ["A4", "Victim", "20/03/1998", "", "F"],
        ["A4", "Suspect", "19/12/1960", "", "F"],
    ]
    file = folder_of(tmp_path, crimes=(HEADS[:8], CRIMES), people=(heads, rows))
    _, focus, _ = labelled(file, tmp_path)
    expected = ["UNDER_25", "25_AND_OVER", "UNKNOWN_AGE", "25_AND_OVER"]
    assert focus == dict(zip(COUNTED, expected, strict=True))


@pytest.mark.slow
@pytest.mark.parametrize("names", [("Age From", "Age To"), ("Min Age", "Max Age")])
def test_the_ends_of_an_age_decide_where_they_are_on_one_side_of_25(tmp_path, names):
    heads = ["Crime No", "Victim/Suspect", "Gender", *names]
    rows = [
        ["A1", "Victim", "M", "18", "24"],
        ["A1", "Suspect", "M", "43", "43"],
        ["A2", "Victim", "M", "25", "34"],
        ["A2", "Suspect", "F", "30", "30"],
        ["A3", "Victim", "F", "20", "30"],
        ["A3", "Suspect", "F", "40", "40"],
        ["A4", "Victim", "F", "40", ""],
        ["A4", "Suspect", "F", "50", "50"],
    ]
    file = folder_of(tmp_path, crimes=(HEADS[:8], CRIMES), people=(heads, rows))
    _, focus, _ = labelled(file, tmp_path)
    expected = ["UNDER_25", "25_AND_OVER", "UNKNOWN_AGE", "UNKNOWN_AGE"]
    assert focus == dict(zip(COUNTED, expected, strict=True))


@pytest.mark.slow
def test_a_relationship_in_the_file_of_victims_makes_a_crime_domestic(tmp_path):
    victims = (
        ["Crime No", "Victim Age", "Victim Sex", "Relationship to Suspect"],
        [["A1", "30", "M", "Ex-husband"], ["A2", "41", "F", "Stranger"], ["A3", "30", "F", ""],
         ["A4", "12", "F", "Daughter"]],
    )  # fmt: skip
    suspects = (
        ["Crime No", "Suspect Age", "Suspect Sex"],
        [["A1", "30", "F"], ["A2", "50", "M"], ["A3", "29", "M"], ["A4", "40", "M"]],
    )
    rows = [[cell.replace("Dwelling", "Street") for cell in row] for row in CRIMES]
    rows[-1][6] = "N"
    file = folder_of(tmp_path, crimes=(HEADS[:8], rows), victims=victims, suspects=suspects)
    outcomes, _, _ = labelled(file, tmp_path)
    # a child of twelve is too young for domestic abuse by the statute
    assert outcomes == {"A1": "OUT", "A2": "IN", "A3": "IN", "A4": "IN"}


@pytest.mark.slow
def test_a_relationship_that_stands_once_a_crime_is_that_of_its_suspects(tmp_path):
    heads = [*HEADS[:8], "Relationship Suspect to Victim"]
    said = ["Partner", "Stranger", "No suspect", "Brother"]
    rows = [[*row[:6], "N", row[7], one] for row, one in zip(CRIMES, said, strict=True)]
    people = (
        ["Crime No", "Role", "Age", "Gender"],
        [[key, role, age, "M"] for key, role, age in (
            ("A1", "Victim", "30"), ("A1", "Suspect", "30"), ("A2", "Victim", "19"),
            ("A2", "Suspect", "30"), ("A3", "Victim", "30"), ("A4", "Victim", "40"))],
    )  # fmt: skip
    file = folder_of(tmp_path, crimes=(heads, rows), people=people)
    outcomes, focus, _ = labelled(file, tmp_path)
    # of A4 the brother is known, but not his age
    assert outcomes == {"A1": "OUT", "A2": "IN", "A3": "OUT", "A4": "UNKNOWN"}
    assert focus["A1"] == "25_AND_OVER"
    assert focus["A2"] == "UNDER_25"


@pytest.mark.slow
def test_two_years_with_other_headings_are_both_read(tmp_path):
    later = ["Ref", "Offence Type", "Occ Start", "Reported", "Venue", "DV?", "Standing", "IP Age"]
    rows = [
        ["B1", "8N Assault with injury", "2024-05-03 10:00:00", "2024-05-03", "Park", "no",
         "recorded", "19"],
        ["B2", "34B Robbery of personal property", "2024-05-04 11:30:00", "2024-05-04", "Street",
         "yes", "recorded", "40"],
        ["B3", "34B Robbery of personal property", "2024-06-14 11:30:00", "2024-06-14", "Street",
         "no", "no crime", "40"],
    ]  # fmt: skip
    file = folder_of(tmp_path, y1=(HEADS, ROWS), y2=(later, rows))
    outcomes, focus, made = labelled(file, tmp_path)
    assert outcomes == COUNTED | {"B1": "IN", "B2": "OUT", "B3": "OUT"}
    assert focus["B1"] == "UNDER_25"
    assert not any(group.lost for group in made.groups)
    # the same crimes again, in other words, are read once
    again = [[row[0], *row[2:5], *row[5:8], ""] for row in CRIMES]
    (file / "y2.csv").unlink()
    with (file / "again.csv").open("w", newline="", encoding="utf-8") as other:
        csv.writer(other).writerows([later, *again])
    outcomes, _, made = labelled(file, tmp_path)
    assert outcomes == COUNTED
    assert [name for group in made.groups for name in group.lost]


@pytest.mark.slow
def test_flags_of_a_few_letters_are_parted_by_blanks(tmp_path):
    heads = ["Flags" if head == "DA Marker" else head for head in HEADS]
    rows = [[{"N": "AL KC", "Y": "AL DV"}.get(cell, cell) for cell in row] for row in ROWS]
    assert labelled(written(tmp_path, heads=heads, rows=rows), tmp_path)[0] == COUNTED


@pytest.mark.slow
def test_a_file_named_after_a_status_gives_its_crimes_that_status(tmp_path):
    heads = [*HEADS[:7], "Victim Age"]
    rows = [[*row[:3], "13FEB23", "14FEB23", *row[5:7], "30"] for row in CRIMES]
    file = folder_of(tmp_path, log_live=(heads, rows[:1]), log_no_crimes=(heads, rows[1:2]))
    assert labelled(file, tmp_path)[0] == {"A1": "IN", "A2": "OUT"}


def test_an_answer_is_no_keyword_and_a_code_of_the_sex_is_no_age(tmp_path):
    heads = [*HEADS, "Recording Decision", "Victim Gender"]
    said = ["Crime Confirmed", "Crime Confirmed", "Crime Cancelled - AVI", "Crime Confirmed", ""]
    sexes = ["1 Male", "1 Male", "2 Female", "9 Not known", "2 Female"]
    rows = [[*row, one, sex] for row, one, sex in zip(ROWS, said, sexes, strict=True)]
    tables = draft(written(tmp_path, heads=heads, rows=rows)).tables
    assert "sexual_flag" not in tables["offences"].columns
    assert "Recording Decision" in tables["offences"].columns["status"].column
    assert tables["victims"].columns["sex"].part == ""
    assert tables["victims"].columns["age"].column == "Victim Age"


@pytest.mark.parametrize(
    ("heading", "words"),
    [("D.O.B", ("born",)), ("DA (1=yes 0=no)", ("domestic",)), ("Min Age", ("from", "age")),
     ("Victim/Suspect", ("role", "relationship")), ("Offender is victim's", ("relationship",))],
)  # fmt: skip
def test_a_heading_says_what_it_names(heading, words):
    assert words_of(heading).words == words


def test_tables_of_a_database_are_refused_by_name(tmp_path):
    file = folder_of(
        tmp_path,
        CRIME=(["CRIME_ID", "OFF_CD", "LOC_CD"], [[f"73{n}", "1147", "101"] for n in range(9)]),
        LINK=(["LINK_ID", "CRIME_ID", "NOM_ID"], [[f"8{n}", f"73{n}", f"5{n}"] for n in range(9)]),
        CODES=(["DOMAIN", "CODE", "DESCR"], [["OFFENCE", "1147", "ABH"], ["LOC", "101", "Road"]]),
    )
    made = draft(file)
    assert "occurred_from" in made.lacking
    # the link has a heading of the crimes, and is joined to them
    assert all(name in made.others[-1] for name in ("CRIME.", "NOM_ID", "CODES."))
