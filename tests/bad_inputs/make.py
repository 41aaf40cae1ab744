"""Make the bad files: each a small extract with one thing wrong, as real extracts have it."""

import zipfile
from datetime import datetime
from pathlib import Path

from openpyxl import Workbook

HEAD = "Crime No,Date,Offence,Easting,Northing,LSOA,DA,Premises\n"
GOOD = "A1,2024-01-05 10:00,Assault,450000,300000,E01000001,Y,Street\n"
MORE = "A2,2024-01-06 11:00,Robbery,450100,300100,E01000001,N,Shop\n"


def with_row(row, *, head=HEAD):
    return (head + GOOD + row + "\n").encode()


def with_value(column, value):
    names = HEAD.strip().split(",")
    row = MORE.strip().split(",")
    row[names.index(column)] = value
    return with_row(",".join(row))


TEXTS = {
    "zero_bytes.csv": b"",
    "heading_only.csv": HEAD.encode(),
    "utf16_big_endian.csv": ("\ufeff" + HEAD + GOOD).encode("utf-16-be"),
    "utf16_without_mark.csv": (HEAD + GOOD).encode("utf-16-le"),
    "utf16.csv": (HEAD + GOOD).encode("utf-16"),
    "latin_1.csv": (HEAD + GOOD.replace("Assault", "Caf\xe9 assault")).encode("latin-1"),
    "byte_order_mark.csv": ("\ufeff" + HEAD + GOOD).encode("utf-8"),
    "semicolons.csv": (HEAD + GOOD).replace(",", ";").encode(),
    "tabs.csv": (HEAD + GOOD).replace(",", "\t").encode(),
    "title_above_heading.csv": b"Crime extract,,,,,,,\n" + (HEAD + GOOD).encode(),
    "merged_heading.csv": b"Crime,,,Place,,,,\n" + (HEAD + GOOD).encode(),
    "totals_row.csv": with_row("Total,,1,,,,,"),
    "excel_dates.csv": with_value("Date", "45297"),
    "two_digit_year.csv": with_value("Date", "06/01/24"),
    "month_before_day.csv": with_value("Date", "01/31/2024"),
    "no_such_date.csv": with_value("Date", "31/02/2024"),
    "date_in_words.csv": with_value("Date", "last Tuesday"),
    "future_date.csv": with_value("Date", "2124-01-06"),
    "longitude.csv": with_value("Easting", "-1.13"),
    "latitude.csv": with_value("Northing", "52.63"),
    "easting_too_large.csv": with_value("Easting", "4501000"),
    "easting_in_words.csv": with_value("Easting", "north of here"),
    "thousands.csv": with_value("Easting", '"450,100"'),
    "same_heading_twice.csv": (HEAD.replace("Premises", "Offence") + GOOD).encode(),
    "column_missing.csv": (HEAD.replace("Premises", "Place kind") + GOOD).encode(),
    "small_area_of_2021.csv": with_value("LSOA", "E01034002"),
    "small_area_elsewhere.csv": with_value("LSOA", "E01020000"),
    "too_many_columns.csv": with_row(MORE.strip() + ",stray"),
    "too_few_columns.csv": with_row("A2,2024-01-06"),
    "quote_never_closed.csv": with_row('A2,2024-01-06,"Robbery,450100,300100,E01000001,N,Shop'),
    "over_long_line.csv": with_value("Offence", "x" * 2_100_000),
    "formula.csv": with_value("Easting", "=B2+1"),
    "cell_error.csv": with_value("Easting", "#REF!"),
    "cell_too_narrow.csv": with_value("Date", "########"),
    "short_identifier.csv": with_row(MORE.strip().replace("A2", "1.23E+11")),
    "no_identifier.csv": with_row(MORE.strip().replace("A2", "")),
    "not_known_identifier.csv": with_row(MORE.strip().replace("A2", "N/K")),
    "flag_in_words.csv": with_value("DA", "perhaps"),
    "place_not_understood.csv": with_value("Premises", "Zorbing arena"),
    "code_as_date.csv": with_value("Offence", "06-Aug"),
    "duplicate_identifier.csv": with_row(MORE.strip().replace("A2", "A1")),
    "no_usable_row.csv": (HEAD + MORE.replace("A2", "")).encode(),
    "heading_again.csv": with_row(HEAD.strip()),
    "old_mac_lines.csv": (HEAD + GOOD).replace("\n", "\r").encode(),
    "windows_lines.csv": (HEAD + GOOD).replace("\n", "\r\n").encode(),
    "nul_bytes.csv": with_value("Premises", "Sh\0p"),
    "time_zone.csv": with_value("Date", "2024-01-06T11:00:00Z"),
    "day_59.csv": with_value("Date", "59/01/2024"),
    "outer_spaces.csv": with_value("DA", "  N "),
    "excel_text_formula.csv": with_value("Crime No", '"=""A2"""'),
    "damaged.xlsx": b"PK\x03\x04 cut short",
    "workbook_named_csv.csv": b"PK\x03\x04 not text",
    "parquet_named_csv.csv": b"PAR1 not text",
    "old_workbook_named_csv.csv": b"\xd0\xcf\x11\xe0 not text",
    "web_page.csv": b"<!DOCTYPE html><html>Please log in</html>",
    "json.csv": b'{"rows": []}',
    "cut_short.parquet": b"PAR1",
    "unknown_kind.docx": b"x",
}


def zips(folder):
    """Make the zips: damaged, harmful, or holding nothing of use."""
    (folder / "no_zip.zip").write_bytes(b"not a zip")
    for name, member, content in (
        ("escapes.zip", "../escaped.csv", "x"),
        ("absolute.zip", "/tmp/escaped.csv", "x"),
        ("nested.zip", "inner.zip", "x"),
        ("no_table.zip", "readme.docx", "x"),
        ("bomb.zip", "big.csv", "0" * 30_000_000),
    ):
        with zipfile.ZipFile(folder / name, "w", zipfile.ZIP_DEFLATED) as packed:
            packed.writestr(member, content)


def workbooks(folder):
    """Make the workbooks: what openpyxl writes has no values for its formulas, as some exports."""
    head, good = HEAD.strip().split(","), GOOD.strip().split(",")
    good[1], good[3], good[4] = datetime(2024, 1, 5, 10), 450000, 300000
    formula, dated = [*good], [*good]
    formula[0] = dated[0] = "A2"
    formula[3], dated[2] = "=D2+1", datetime(2024, 8, 6)
    sheets = {
        "workbook.xlsx": [head, good],
        "workbook_formula.xlsx": [head, good, formula],
        "workbook_code_as_date.xlsx": [head, good, dated],
        "workbook_title_above.xlsx": [["Crime extract"], head, good],
        "workbook_heading_only.xlsx": [head],
        "workbook_empty.xlsx": [],
        "workbook_blank_rows.xlsx": [head, good, [None] * len(head)],
        "workbook_two_sheets.xlsx": [head, good],
    }
    for name, rows in sheets.items():
        book = Workbook()
        for row in rows:
            book.active.append(row)
        if name == "workbook_two_sheets.xlsx":
            book.create_sheet("February").append(head)
        book.save(folder / name)


def make(folder: Path) -> list[Path]:
    """Write every bad file into a folder."""
    for name, content in TEXTS.items():
        (folder / name).write_bytes(content)
    zips(folder)
    workbooks(folder)
    return sorted(folder.iterdir())
