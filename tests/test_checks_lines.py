"""Every line of a text file is counted or the file is refused; one order of dates; labels."""

import csv
import io
import re
from datetime import date, timedelta

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from vrn_analysis.core import engine
from vrn_analysis.core.contracts import OFFENCES, PERSONS
from vrn_analysis.core.errors import DataError
from vrn_analysis.read import checks

HEAD = ("offence_id", "offence_title", "occurred_from", "note", "more")
CELLS = st.sampled_from(
    ["8N", "a,b", 'say "GBH"', "two\nlines", "", "  ", "é", "x;y", "2020-01-05"]
)


@pytest.fixture(scope="module")
def connection():
    with engine.connect() as opened:
        yield opened


def read(connection, folder, text, contract=OFFENCES, *, encoding="utf-8"):
    file = folder / "extract.csv"
    file.write_bytes(text.encode(encoding))
    return checks.read(connection, file, contract)


def written(rows, *, separator=",", newline="\n"):
    file = io.StringIO()
    csv.writer(file, delimiter=separator, lineterminator=newline).writerows(rows)
    return file.getvalue()


def plain_rows(numbers, width=3):
    return [[str(number), "8N", "2020-01-05", "n", "m"][:width] for number in numbers]


@pytest.mark.slow
@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    width=st.integers(3, 5),
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=6), max_size=12),
    sound=st.integers(0, 5),
    newline=st.sampled_from(["\n", "\r\n"]),
    separator=st.sampled_from([",", ";", "\t", "|"]),
    joined=st.booleans(),
    encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"]),
    ragged=st.booleans(),
)
def test_no_line_is_lost(
    connection, tmp_path, width, rows, sound, newline, separator, joined, encoding, ragged
):
    more = [row if ragged else (row + [""] * width)[:width] for row in rows]
    again = [list(HEAD[:width])] if joined else []
    text = written(
        [HEAD[:width], *plain_rows(range(sound), width), *again, *more],
        separator=separator, newline=newline,
    )  # fmt: skip
    # the standard library says how many rows there are
    truth = [row for row in csv.reader(io.StringIO(text), delimiter=separator) if row][1:]
    # a last separator with nothing after it adds no column
    truth = [row[:-1] if len(row) == width + 1 and not row[-1] else row for row in truth]
    odd = sum(len(row) != width for row in truth)
    # the engine may pass over one value too many that has doubled quotation marks
    passed = sum(len(row) == width + 1 and row[-1] == 'say "GBH"' for row in truth)
    try:
        found = read(connection, tmp_path, text, encoding=encoding)
    except DataError as reason:
        refused = str(reason)
    else:
        refused = ""
    if odd and (refused or odd > passed):
        counted = re.search(r"([\d,]+)(?: of [\d,]+)? lines do not fit", refused)
        assert odd - passed <= int(counted[1].replace(",", "")) <= odd
        return
    if refused:
        assert "no record is usable" in refused or "the table is empty" in refused
        return
    assert found.rows_in == len(truth) == found.rows_valid + found.rows_rejected
    assert found.rows_rejected == sum(row[0].strip() in ("", "offence_id") for row in truth)


@pytest.mark.slow
@pytest.mark.parametrize("first", [10, 1_000, 3_000])
def test_a_second_export_with_a_column_more_is_refused_and_its_lines_counted(
    connection, tmp_path, first
):
    second = [HEAD[:4], *plain_rows(range(5_000 - first), 4)]
    text = written([HEAD[:3], *plain_rows(range(first)), *second])
    with pytest.raises(DataError) as reason:
        read(connection, tmp_path, text)
    if first < 50:  # its heading is the one that knows more columns
        assert f"on line {first + 2}" in str(reason.value) or "do not fit" in str(reason.value)
    else:
        assert f"{5_001 - first:,} of 5,002 lines" in str(reason.value)
        assert f"Line: {first + 2}," in str(reason.value)


def test_a_second_export_of_the_same_columns_is_read_and_its_heading_rejected(connection, tmp_path):
    rows = [HEAD[:3], *plain_rows(range(3_000)), HEAD[:3], *plain_rows(range(3_000, 5_000))]
    found = read(connection, tmp_path, written(rows))
    assert (found.rows_in, found.rows_valid, found.rows_rejected) == (5_001, 5_000, 1)


@pytest.mark.parametrize("line", [2, 1_502, 3_001])
def test_one_ragged_row_is_named(connection, tmp_path, line):
    rows = [HEAD[:3], *plain_rows(range(3_000))]
    rows[line - 1] = ["secret", "8N", "2020-01-05", "too many"]
    with pytest.raises(DataError, match=rf"1 of 3,001 lines .*Line: {line}\.") as reason:
        read(connection, tmp_path, written(rows))
    assert "secret" not in str(reason.value)


@pytest.mark.parametrize("above", [1, 3])
def test_a_heading_below_other_lines_is_refused_with_how_many(connection, tmp_path, above):
    banner = "OFFICIAL: an extract of crimes\n" * above
    with pytest.raises(DataError, match=rf"on line {above + 1}, after {above} other lines"):
        read(connection, tmp_path, banner + written([HEAD[:3], *plain_rows(range(200))]))


def test_a_quotation_mark_that_swallows_rows_is_told(connection, tmp_path):
    rows = "".join(f"{n},8N,2020-01-05\n" for n in range(100))
    text = f'{",".join(HEAD[:3])}\n{rows}x,"open,2020-01-05\n{rows}y,closed",2020-01-05\n\n'
    found = read(connection, tmp_path, text).problems.set_index("problem")
    assert found.loc["lines that are part of a longer value", "records"] == 101


# --- the order of day and month -----------------------------------------------------------------


def days(form, *, number=72):
    return [(date(2023, 1, 1) + timedelta(days=5 * n)).strftime(form) for n in range(number)]


def dated(connection, folder, written_dates, other=None):
    rows = [["offence_id", "offence_code", "occurred_from", "recorded_on"]]
    rows += [
        [f"{n:03d}", "8N", text, (other or written_dates)[n]]
        for n, text in enumerate(written_dates)
    ]
    return read(connection, folder, written(rows))


def occurred(found):
    table = found.table.to_pandas().sort_values("offence_id")
    return [None if pd.isna(day) else day.strftime("%Y-%m-%d") for day in table["occurred_from"]]


@pytest.mark.slow
@pytest.mark.parametrize("form", ["%m/%d/%Y", "%d/%m/%Y", "%m-%d-%Y %H:%M", "%d.%m.%Y %H:%M:%S"])
def test_every_date_of_a_column_is_read_in_the_order_its_values_prove(connection, tmp_path, form):
    found = dated(connection, tmp_path, days(form))
    assert occurred(found) == days("%Y-%m-%d")
    told = set(found.problems["problem"])
    assert ("dates are written month before day" in told) == form.startswith("%m")


@pytest.mark.slow
def test_a_column_without_proof_follows_the_others_of_its_file(connection, tmp_path):
    early = [f"{month:02d}/02/2023" for month in range(1, 13)]
    proven = [f"{month:02d}/28/2023" for month in range(1, 13)]
    found = dated(connection, tmp_path, early, other=proven)
    assert occurred(found) == [f"2023-{month:02d}-02" for month in range(1, 13)]
    alone = dated(connection, tmp_path, early)
    assert occurred(alone) == [f"2023-02-{month:02d}" for month in range(1, 13)]


def test_a_column_in_both_orders_is_refused_with_the_counts(connection, tmp_path):
    half = days("%m/%d/%Y")[:36] + days("%d/%m/%Y")[36:]
    month = sum(int(text[3:5]) > 12 for text in half)
    day = sum(int(text[:2]) > 12 for text in half)
    with pytest.raises(DataError, match=f"{day} can only be day first, {month} only month first"):
        dated(connection, tmp_path, half)


def test_one_slip_among_many_is_not_known_and_the_others_stand(connection, tmp_path):
    slipped = ["12/31/2023", *days("%d/%m/%Y", number=60)]
    found = dated(connection, tmp_path, slipped)
    assert occurred(found) == [None, *days("%Y-%m-%d", number=60)]
    assert "month before day" in set(found.problems["problem"])


# --- labels outside the contract ----------------------------------------------------------------


@pytest.mark.slow
def test_labels_outside_the_contract_are_understood_or_listed_with_counts(connection, tmp_path):
    head = "offence_id,offence_code,occurred_from,location_type,weapon,domestic_flag,status"
    rows = [
        "1,8N,2020-01-05,Public house,Knife,DA,No crime",
        "2,8N,2020-01-05,Public house,banana,perhaps,recorded",
        "3,8N,2020-01-05,Wibble wobble,banana,Y,recorded",
        "4,8N,2020-01-05,12 Acacia Avenue,none,N,recorded",
        "5,8N,2020-01-05,street,,,",
    ]
    found = read(connection, tmp_path, "\n".join([head, *rows]) + "\n")
    table = found.table.to_pandas().sort_values("offence_id")
    assert table["location_type"].tolist()[:2] == ["pub_or_club"] * 2
    assert table["location_type"].tolist()[4] == "street"
    assert table["weapon"].tolist()[0] == "knife_or_sharp"
    assert table["weapon"].isna().tolist() == [False, True, True, False, True]
    assert table["domestic_flag"].tolist()[:1] == [True]
    assert table["status"].tolist()[0] == "cancelled"
    told = found.problems.set_index(["column", "problem"])
    read_so = "labels outside the contract, understood by their words"
    assert told.loc[("location_type", read_so), "records"] == 2
    assert "'Public house' as pub_or_club (2)" in told.loc[("location_type", read_so), "examples"]
    strange = told.loc[("location_type", "labels that are not understood")]
    assert strange["records"] == 2
    assert strange["examples"] == "'Wibble wobble' (1)"  # an address is shown to nobody
    banana = told.loc[("weapon", "value not allowed")]
    assert (banana["records"], banana["examples"]) == (2, "'banana' (2)")
    assert told.loc[("domestic_flag", "cannot be read"), "records"] == 1
    assert told.loc[("status", read_so), "records"] == 1


@pytest.mark.slow
def test_labels_of_persons_are_understood_and_counted_and_never_shown(connection, tmp_path):
    text = (
        "offence_id,role,sex,self_defined_ethnicity,relationship_to_victim\n"
        "1,Injured party,F,White - British,Husband\n1,Accused,M,Klingon,Wibble\n"
        "2,Wibble,female,white,stranger\n"
    )
    found = read(connection, tmp_path, text, PERSONS)
    assert (found.rows_in, found.rows_valid, found.rows_rejected) == (3, 3, 0)
    assert sorted(found.table.to_pandas()["role"]) == ["suspect", "unclear", "victim"]
    told = {(row.column, row.problem): row.records for row in found.problems.itertuples()}
    assert told["role", checks.labels.UNKNOWN] == 1
    assert told["self_defined_ethnicity", "value not allowed"] == 1
    labels = found.problems[found.problems["problem"].isin(checks.LABEL_PROBLEMS)]
    assert set(labels["examples"]) == {""}


def test_words_of_the_contract_are_no_labels_outside_it(connection, tmp_path):
    rows = ["offence_id,offence_code,occurred_from,location_type,weapon"]
    rows += ["1,8N,2020-01-05,Car Park,Knife or sharp", "2,8N,2020-01-05,pub_or_club,n/k"]
    found = read(connection, tmp_path, "\n".join(rows) + "\n")
    assert not set(found.problems["problem"]) & {*checks.LABEL_PROBLEMS}
