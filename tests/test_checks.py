"""Bad input: all of it reported, with counts, examples and the remedy; nothing lost uncounted."""

from datetime import date

import ibis
import pandas as pd
import pytest
from classify_records import OFFENCE_SCHEMA, PERSON_SCHEMA, offences, persons

from vrn_analysis.core import engine
from vrn_analysis.core.contracts import OFFENCES, PERSONS
from vrn_analysis.core.errors import DataError
from vrn_analysis.read import checks

TODAY = date(2024, 6, 1)
HEAD = "offence_id,offence_code,occurred_from"


@pytest.fixture(scope="module")
def connection():
    with engine.connect() as opened:
        yield opened


def read(connection, folder, text, contract=OFFENCES, *, encoding="utf-8", **more):
    file = folder / "extract.csv"
    file.write_bytes(text.encode(encoding))
    return checks.read(connection, file, contract, today=TODAY, **more)


def said(found):
    table = found if isinstance(found, pd.DataFrame) else found.problems
    rows = table[table["problem"] != "column is missing"]
    return {(row.column, row.problem): row.records for row in rows.itertuples()}


def values(found, name):
    table = found.table.to_pandas().sort_values("offence_id")
    return [None if pd.isna(value) else value for value in table[name]]


# --- each kind of fault -------------------------------------------------------------------------


def test_a_sound_file_has_no_problem_but_the_columns_it_lacks(connection, tmp_path):
    found = read(connection, tmp_path, f"{HEAD}\n1,8N,2020-01-05 10:00\n2,5D,2020-01-06 11:00\n")
    assert said(found) == {}
    assert (found.rows_in, found.rows_valid, found.rows_rejected) == (2, 2, 0)
    lacking = found.problems.query("problem == 'column is missing'")["column"]
    assert "domestic_flag" in set(lacking)
    assert not {"offence_id", "offence_title"} & set(lacking)


def test_duplicate_identifiers_are_kept_and_counted(connection, tmp_path):
    found = read(
        connection, tmp_path, f"{HEAD}\n1,8N,2020-01-05\n1,8N,2020-01-05\n2,5D,2020-01-06\n"
    )
    assert said(found) == {("offence_id", "the same identifier more than once"): 1}
    assert (
        "'1'"
        in found.problems.set_index("problem").loc["the same identifier more than once", "examples"]
    )
    assert found.rows_valid == 3


def test_a_record_without_identifier_is_rejected_and_counted(connection, tmp_path):
    found = read(
        connection, tmp_path, f"{HEAD}\n,8N,2020-01-05\nN/K,8N,2020-01-05\n2,5D,2020-01-06\n"
    )
    assert said(found) == {("offence_id", "is blank"): 2}
    assert (found.rows_in, found.rows_valid, found.rows_rejected) == (3, 1, 2)


@pytest.mark.parametrize("age", ["-1", "121"])
def test_an_age_that_cannot_be_is_not_known(connection, tmp_path, age):
    found = read(
        connection, tmp_path, f"offence_id,role,age\n1,victim,{age}\n2,victim,30\n", PERSONS
    )
    assert said(found) == {("age", "outside the allowed range"): 1}
    assert values(found, "age") == [None, 30]


def test_an_age_in_words_is_not_known(connection, tmp_path):
    found = read(
        connection, tmp_path, "offence_id,role,age\n1,victim,seventeen\n2,victim,7.5\n", PERSONS
    )
    assert said(found) == {("age", "cannot be read"): 2}
    assert values(found, "age") == [None, None]


@pytest.mark.parametrize("age", ["NaN", "inf", "1e300"])
def test_a_number_that_is_none_is_not_known(connection, tmp_path, age):
    found = read(
        connection, tmp_path, f"offence_id,role,age\n1,victim,{age}\n2,victim,30\n", PERSONS
    )
    # "nan" is a word for "not known", the others are no age
    assert said(found) == ({} if age == "NaN" else {("age", "cannot be read"): 1})
    assert values(found, "age") == [None, 30]


def test_a_role_that_is_none_is_rejected_and_counted(connection, tmp_path):
    found = read(
        connection, tmp_path, "offence_id,role\n1,witness\n1,Victim\n2,SUSPECT \n", PERSONS
    )
    assert said(found) == {("role", "value not allowed"): 1}
    assert (found.rows_in, found.rows_valid, found.rows_rejected) == (3, 2, 1)


def test_dates_out_of_order_and_in_the_future(connection, tmp_path):
    found = read(
        connection, tmp_path,
        "offence_id,offence_code,occurred_from,occurred_to,recorded_on\n"
        "1,8N,2020-01-05,2020-01-04,2020-01-06\n"
        "2,8N,2020-01-05,2020-01-05,2019-12-31\n"
        "3,8N,2031-01-05,2031-01-05,2031-01-05\n",
    )  # fmt: skip
    assert said(found) == {
        ("occurred_to", "ends before it begins"): 1,
        ("recorded_on", "recorded before it happened"): 1,
        ("occurred_from", "in the future"): 1,
        ("recorded_on", "in the future"): 1,
    }
    assert found.rows_valid == 3


def test_mixed_date_formats_are_read_day_first_and_said(connection, tmp_path):
    found = read(
        connection, tmp_path,
        f"{HEAD}\n1,8N,2020-02-01 09:05\n2,8N,01/02/2020 9:05\n3,8N,1 Feb 2020\n"
        "4,8N,1-February-2020 23:59:59\n5,8N,2020-02-01T09:05:10\n6,8N,01.02.2020\n",
    )  # fmt: skip
    assert said(found) == {("occurred_from", "dates in more than one format"): 4}
    text = found.problems.set_index("problem").loc["dates in more than one format", "examples"]
    assert text == "2 year first; 2 day first; 2 month by name"
    assert [str(value) for value in values(found, "occurred_from")] == [
        "2020-02-01 09:05:00", "2020-02-01 09:05:00", "2020-02-01 00:00:00",
        "2020-02-01 23:59:59", "2020-02-01 09:05:10", "2020-02-01 00:00:00",
    ]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("12/31/2020", "month before day"),
        ("31/02/2020", "not a date that can be read"),
        ("01/02/20", "not a date that can be read"),
        ("yesterday", "not a date that can be read"),
        ("1 Foo 2020", "not a date that can be read"),
    ],
)
def test_a_date_that_cannot_be_read_is_not_known(connection, tmp_path, text, problem):
    found = read(connection, tmp_path, f"{HEAD}\n1,8N,{text}\n2,8N,2020-01-05\n")
    told = said(found)
    # beside the other record's year first, such a date may also be a second format
    told.pop(("occurred_from", "dates in more than one format"), None)
    assert told == {("occurred_from", problem): 1}
    assert values(found, "occurred_from")[0] is None
    assert text in found.problems.set_index("problem").loc[problem, "examples"]


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["latin-1", "utf-16", "utf-8-sig"])
def test_other_encodings_are_read_and_said(connection, tmp_path, encoding):
    text = "offence_id,offence_title,occurred_from\n1,Café robbery,2020-01-05\n"
    found = read(connection, tmp_path, text, encoding=encoding)
    assert values(found, "offence_title") == ["Café robbery"]
    told = [problem for _, problem in said(found)]
    assert told == ([] if encoding == "utf-8-sig" else [f"the file is {encoding}, not UTF-8"])


def test_big_endian_utf_16_is_refused_with_the_remedy(connection, tmp_path):
    file = tmp_path / "extract.csv"
    file.write_bytes("\ufeffoffence_id\n1\n".encode("utf-16-be"))
    with pytest.raises(DataError, match="Save it as CSV UTF-8"):
        checks.read(connection, file, OFFENCES)


def test_codes_that_a_spreadsheet_turned_into_dates_are_told_by_column(connection, tmp_path):
    found = read(
        connection, tmp_path,
        "offence_id,offence_code,offence_subcode,occurred_from\n"
        "1,05-Jan,,2020-01-05\n2,8N,06-Aug,2020-01-05\n3,34B,Feb-34,2020-01-05\n4,8N,8/6,2020-01-05\n",
    )  # fmt: skip
    problem = "code turned into a date by a spreadsheet"
    assert said(found) == {("offence_code", problem): 1, ("offence_subcode", problem): 2}
    remedy = found.problems.set_index("problem").loc[[problem], "remedy"].iloc[0]
    assert "as text" in remedy
    assert values(found, "offence_code")[0] == "05-Jan"


def test_flags_numbers_and_categories(connection, tmp_path):
    found = read(
        connection, tmp_path,
        f"{HEAD},domestic_flag,easting,weapon\n"
        '1,8N,2020-01-05,Y,"450,000",Knife or Sharp\n2,8N,2020-01-05,no,-5,banana\n'
        "3,8N,2020-01-05,perhaps,north,N/K\n4,8N,2020-01-05, ,,\n",
    )  # fmt: skip
    assert said(found) == {
        ("domestic_flag", "cannot be read"): 1,
        ("easting", "cannot be read"): 1,
        ("easting", "outside the allowed range"): 1,
        ("weapon", "value not allowed"): 1,
    }
    assert values(found, "domestic_flag") == [True, False, None, None]
    assert values(found, "easting") == [450_000, None, None, None]
    assert values(found, "weapon") == ["knife_or_sharp", None, None, None]


def test_a_column_missing_that_is_needed_stops_and_tells_everything(connection, tmp_path):
    text = "offence_id,weapon\n1,banana\n"
    with pytest.raises(DataError) as fault:
        read(connection, tmp_path, text)
    for words in ("occurred_from", "offence_code or offence_title", "banana", "Also found"):
        assert words in str(fault.value)


def test_no_usable_record_stops(connection, tmp_path):
    with pytest.raises(DataError, match="no record is usable"):
        read(connection, tmp_path, f"{HEAD}\n,8N,2020-01-05\n")


def test_an_empty_file_stops(connection, tmp_path):
    with pytest.raises(DataError, match="the table is empty"):
        read(connection, tmp_path, f"{HEAD}\n")


# more than the engine looks at before it decides how a file is written
MANY = "".join(f"{number},8N,2020-01-05\n" for number in range(30_000))


def test_a_value_in_quotation_marks_far_down_is_read(connection, tmp_path):
    rows = MANY.replace("-05", "-05,")
    text = f'{HEAD},offence_title\n{rows}x,,2020-01-05,"Wounding, say ""GBH"""\n'
    found = read(connection, tmp_path, text)
    titles = found.table.filter(found.table.offence_id == "x").offence_title.to_pandas()
    assert (found.rows_in, titles.tolist()) == (30_001, ['Wounding, say "GBH"'])


def test_a_line_that_is_no_row_far_down_stops_and_shows_no_record(connection, tmp_path):
    with pytest.raises(DataError, match="Line: 30002.*vrn map") as fault:
        read(connection, tmp_path, f"{HEAD}\n{MANY}secret,8N\n")
    assert "secret" not in str(fault.value)


def test_no_such_file(connection, tmp_path):
    with pytest.raises(DataError, match="does not exist"):
        checks.read(connection, tmp_path / "no.csv", OFFENCES)


def test_columns_by_the_sources_own_names(connection, tmp_path):
    text = "Crime No,HO Class,Date From\n1,8N,2020-01-05\n"
    names = {"offence_id": "Crime No", "offence_code": "HO Class", "occurred_from": "Date From"}
    found = read(connection, tmp_path, text, columns=names)
    assert values(found, "offence_code") == ["8N"]
    with pytest.raises(DataError, match="'Crime Number'"):
        read(connection, tmp_path, text, columns=names | {"offence_id": "Crime Number"})
    with pytest.raises(DataError, match="'crime' is no column of offences"):
        read(connection, tmp_path, text, columns=names | {"crime": "HO Class"})


def test_headings_differ_in_case_and_spaces_at_will(connection, tmp_path):
    found = read(connection, tmp_path, "Offence ID,OFFENCE_CODE,Occurred From\n1,8N,2020-01-05\n")
    assert said(found) == {}


def test_parquet_keeps_its_types(connection, tmp_path):
    file = tmp_path / "offences.parquet"
    offences(200, 1).to_parquet(file)
    found = checks.read(connection, file, OFFENCES, today=TODAY)
    assert found.rows_in == found.rows_valid == 200
    assert found.table.schema()["recorded_on"].is_date()
    assert found.table.schema()["domestic_flag"].is_boolean()


def test_a_code_held_as_a_number_becomes_text(connection, tmp_path):
    file = tmp_path / "offences.parquet"
    offences(3, 1).assign(offence_code=[1, 2, 4.1]).to_parquet(file)
    found = checks.read(connection, file, OFFENCES, today=TODAY)
    assert sorted(found.table.to_pandas()["offence_code"]) == ["1.0", "2.0", "4.1"]


# --- never a word about a person ----------------------------------------------------------------


def test_no_problem_shows_anything_of_a_person(connection, tmp_path):
    text = (
        "offence_id,role,age,age_band,sex,self_defined_ethnicity,person_ref\n"
        "1,victim,seventeen,xx,Martian,Klingon,Joe Bloggs\n1,victim,-77,xx,Venusian,Vulcan,Joe\n"
        "1,bystander,30,xx,female,white,Jane\n"
    )
    found = read(connection, tmp_path, text, PERSONS)
    told = checks.explain(found.problems) + found.problems.to_csv()
    for word in ("seventeen", "-77", "Martian", "martian", "Klingon", "klingon", "Joe", "Jane",
                 "Venusian", "bystander"):  # fmt: skip
        assert word not in told
    assert said(found)["sex", "value not allowed"] == 2


# --- tables in the engine -----------------------------------------------------------------------


def test_problems_of_a_table_already_of_the_right_types():
    table = ibis.memtable(offences(400, 5), schema=OFFENCE_SCHEMA)
    found = checks.problems(table, OFFENCES, today=TODAY)
    assert list(found.columns) == list(checks.PROBLEM_COLUMNS)
    repeated = 400 - offences(400, 5)["offence_id"].nunique()
    assert said(found)["offence_id", "the same identifier more than once"] == repeated
    checks.stop_if_unusable(found, where="the offences")


def test_a_wrong_type_stops():
    frame = pd.DataFrame({"offence_id": ["1"], "offence_code": ["8N"], "occurred_from": ["x"]})
    found = checks.problems(ibis.memtable(frame), OFFENCES)
    with pytest.raises(DataError, match="is string, not timestamp"):
        checks.stop_if_unusable(found, where="the offences")


def test_persons_and_offences_that_do_not_fit_are_counted():
    crimes = ibis.memtable(offences(3, 0).assign(offence_id=["a", "b", "c"]), schema=OFFENCE_SCHEMA)
    people = persons(2, 0).head(3).assign(
        offence_id=["a", "b", "z"], role=["victim", "suspect", "victim"]
    )  # fmt: skip
    found = checks.check_pair(crimes, ibis.memtable(people, schema=PERSON_SCHEMA))
    assert said(found) == {
        ("offence_id", "persons of no offence in the file"): 1,
        ("offence_id", "offences without victim or suspect"): 1,
        ("offence_id", "offences with a suspect but no victim"): 1,
    }
    assert found["of"].tolist() == [3, 3, 3]


def test_a_pair_that_fits_has_no_problem():
    crimes = ibis.memtable(offences(1, 0).assign(offence_id="a"), schema=OFFENCE_SCHEMA)
    people = persons(1, 0).head(1).assign(offence_id="a", role="victim")
    assert checks.check_pair(crimes, ibis.memtable(people, schema=PERSON_SCHEMA)).empty
