"""The data.police.uk archive as received, whole or damaged."""

import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import pyarrow.compute as pc
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from vrn_analysis.core.config import Settings
from vrn_analysis.core.errors import DataError, SettingsError
from vrn_analysis.read.police import archives, street
from vrn_analysis.read.police.archives import MonthFile

HEADER = (
    "Crime ID,Month,Reported by,Falls within,Longitude,Latitude,Location,LSOA code,LSOA name,"
    "Crime type,Last outcome category,Context\n"
)
ASSAULT = "a1,{month},F,F,-1.1,52.6,On or near X,E01,A 001,Violence and sexual offences,,\n"
NUISANCE = ",{month},F,F,-1.1,52.6,On or near X,E01,A 001,Anti-social behaviour,,\n"
NOWHERE = "a2,{month},F,F,,,No location,,,Robbery,,\n"


def archive(path, members):
    with zipfile.ZipFile(path, "w") as file:
        for name, text in members.items():
            file.writestr(name, text)
    return path


def month(name, *rows):
    return HEADER + "".join(row.format(month=name) for row in rows)


def name_of(year_month, force="testshire"):
    return f"{year_month}/{year_month}-{force}-street.csv"


def test_reads_every_month_of_one_force_and_no_other(tmp_path):
    path = archive(
        tmp_path / "a.zip",
        {
            name_of("2020-01"): month("2020-01", ASSAULT, NUISANCE, NUISANCE),
            name_of("2020-02"): month("2020-02", NOWHERE),
            name_of("2020-02", "elsewhere"): month("2020-02", ASSAULT),
            "2020-01/2020-01-testshire-outcomes.csv": "x\n",
        },
    )
    table, problems = street.read([path], force="testshire")
    table = table.to_pandas()
    assert problems.empty
    # the two identical anti-social behaviour rows have no identifier and are both kept
    assert len(table) == 4
    assert table["month"].astype("str").value_counts().to_dict() == {
        "2020-01-01": 3,
        "2020-02-01": 1,
    }
    assert table["lsoa_code"].isna().sum() == 1
    assert street.forces_in(tmp_path) == {"testshire", "elsewhere"}


def test_reads_a_folder_that_was_unpacked(tmp_path):
    file = tmp_path / name_of("2020-01")
    file.parent.mkdir()
    file.write_text(month("2020-01", ASSAULT))
    assert street.read([tmp_path], force="testshire")[0].num_rows == 1


def test_empty_zip_names_the_file_it_wants(tmp_path):
    path = archive(tmp_path / "a.zip", {})
    with pytest.raises(DataError, match=r"a\.zip: no file named YYYY-MM-testshire-street\.csv"):
        street.read([path], force="testshire")


def test_file_that_is_no_zip(tmp_path):
    (tmp_path / "a.zip").write_bytes(b"PK not really")
    with pytest.raises(DataError, match=r"a\.zip is not a readable zip file"):
        street.read([tmp_path / "a.zip"], force="testshire")


def test_zip_cut_short(tmp_path):
    path = archive(tmp_path / "a.zip", {name_of("2020-01"): month("2020-01", *[ASSAULT] * 500)})
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DataError, match="cut short"):
        street.read([path], force="testshire")


def test_damaged_member_is_named(tmp_path):
    path = archive(tmp_path / "a.zip", {name_of("2020-01"): month("2020-01", ASSAULT)})
    content = bytearray(path.read_bytes())
    at = content.index(b"Anti" if b"Anti" in content else b"Violence")
    content[at : at + 4] = b"XXXX"
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"2020-01-testshire-street\.csv is damaged"):
        street.read([path], force="testshire")


def test_missing_column_is_named_with_the_file(tmp_path):
    text = month("2020-01", ASSAULT).replace("Crime type", "Kind")
    path = archive(tmp_path / "a.zip", {name_of("2020-01"): text})
    with pytest.raises(DataError, match=r"street\.csv: 1 column\(s\) missing: Crime type"):
        street.read([path], force="testshire")


def test_csv_cut_short_inside_a_record(tmp_path):
    text = month("2020-01", ASSAULT, ASSAULT)[:-60]
    path = archive(tmp_path / "a.zip", {name_of("2020-01"): text})
    with pytest.raises(DataError, match="cannot be read"):
        street.read([path], force="testshire")


def test_empty_member(tmp_path):
    path = archive(tmp_path / "a.zip", {name_of("2020-01"): ""})
    with pytest.raises(DataError, match="is empty"):
        street.read([path], force="testshire")


# ---------------------------------------------------------------- archives that overlap


def overlapping(folder, *, later_end="2020-03", revised="Robbery"):
    """Write two archives that share February 2020, in which one record was revised since."""
    earlier = {name_of(m): month(m, ASSAULT, NUISANCE) for m in ("2020-01", "2020-02")}
    changed = ASSAULT.replace("Violence and sexual offences", revised)
    later = {name_of("2020-02"): month("2020-02", changed, NUISANCE, NOWHERE)}
    later |= {name_of(later_end): month(later_end, ASSAULT)}
    return [archive(folder / "a.zip", later), archive(folder / "b.zip", earlier)]


def test_a_month_in_two_archives_is_read_once_from_the_one_that_ends_latest(tmp_path):
    table, problems = street.read(overlapping(tmp_path), force="testshire")
    table = table.to_pandas()
    by_month = table.groupby(table["month"].astype("str")).size().to_dict()
    assert by_month == {"2020-01-01": 2, "2020-02-01": 3, "2020-03-01": 1}
    february = table[table["month"].astype("str") == "2020-02-01"]
    assert february["crime_type"].tolist() == ["Robbery", "Anti-social behaviour", "Robbery"]
    [row] = problems.to_dict("records")
    assert (row["records"], row["of"]) == (2, 8)
    assert row["problem"] == "month that is in another archive too"


def test_the_order_of_the_archives_changes_nothing(tmp_path):
    paths = overlapping(tmp_path)
    one, _ = street.read(paths, force="testshire")
    other, _ = street.read(paths[::-1], force="testshire")
    assert_frame_equal(one.to_pandas(), other.to_pandas())


def test_the_same_archive_twice_is_read_once(tmp_path):
    paths = [
        archive(tmp_path / name, {name_of("2020-01"): month("2020-01", ASSAULT, NUISANCE)})
        for name in ("a.zip", "copy.zip")
    ]
    table, problems = street.read(paths, force="testshire")
    assert table.num_rows == 2
    assert problems["records"].tolist() == [2]


def test_archives_that_end_alike_and_differ_are_refused_by_name(tmp_path):
    paths = [
        archive(tmp_path / name, {name_of("2020-01"): month("2020-01", *rows)})
        for name, rows in (("a.zip", [ASSAULT]), ("b.zip", [ASSAULT, NUISANCE]))
    ]
    with pytest.raises(DataError, match=r"1 of 1 months .* 2020-01 \(.*a\.zip.*b\.zip.*Keep the"):
        street.read(paths, force="testshire")


@given(st.lists(st.integers(1, 12), min_size=1, max_size=6), st.data())
def test_every_row_of_every_archive_is_read_or_counted_as_passed_over(ends, data):
    files = []
    for number, end in enumerate(sorted(set(ends))):
        for at in range(data.draw(st.integers(1, end)), end + 1):
            where = MonthFile(Path(f"{number}.zip"), str(at), f"2020-{at:02d}", f"2020-{end:02d}")
            files.append(where)
    kept, over = archives.chosen(files, content=lambda file: b"")
    assert sorted(kept + over, key=str) == sorted(files, key=str)
    assert [file.month for file in kept] == sorted({file.month for file in files})
    for file in over:
        [used] = [one for one in kept if one.month == file.month]
        assert used.last > file.last


# ---------------------------------------------------------------- months


def test_months_with_a_gap_are_all_read_and_the_gap_is_told(tmp_path):
    path = archive(
        tmp_path / "a.zip", {name_of(m): month(m, ASSAULT) for m in ("2019-12", "2020-03")}
    )
    table, problems = street.read([path], force="testshire")
    assert table["month"].to_pylist() == [date(2019, 12, 1), date(2020, 3, 1)]
    assert problems.empty
    missing = archives.gaps(["2019-12", "2020-03"])
    assert missing.strftime("%Y-%m").tolist() == ["2020-01", "2020-02"]
    assert street.covers([path], force="testshire") == (
        "December 2019 to March 2020, without January to February 2020"
    )


@given(st.sets(st.integers(0, 40), min_size=1))
def test_stretches_and_gaps_part_the_months(numbers):
    every = pd.date_range("2019-11-01", periods=41, freq="MS")
    there = every[sorted(numbers)]
    missing = archives.gaps(there)
    span = pd.date_range(there[0], there[-1], freq="MS")
    assert there.union(missing).equals(span)
    parts = archives.stretches(there)
    assert [month for part in parts for month in part] == list(there)
    for part in parts:
        assert len(part) == len(pd.date_range(part[0], part[-1], freq="MS"))
        assert part[-1] == there[-1] or part[-1] + pd.DateOffset(months=1) in missing


def test_months_outside_the_period_are_passed_over_and_counted(tmp_path):
    members = {name_of(m): month(m, ASSAULT, NUISANCE) for m in ("2019-06", "2020-01", "2020-02")}
    path = archive(tmp_path / "a.zip", members)
    asked = {"from": date(2020, 1, 1), "to": date(2020, 2, 29)}
    table, problems = street.read([path], force="testshire", period=asked)
    assert table.num_rows == 4
    assert problems[["records", "of"]].to_numpy().tolist() == [[2, 6]]
    assert problems["problem"].tolist() == ["month outside the period of the settings"]


def test_a_month_of_the_period_that_is_not_there_is_a_gap_and_no_month_at_all_is_refused(tmp_path):
    path = archive(tmp_path / "a.zip", {name_of("2020-01"): month("2020-01", ASSAULT)})
    asked = {"from": date(2020, 1, 1), "to": date(2020, 3, 31)}
    assert street.read([path], force="testshire", period=asked)[0].num_rows == 1
    assert archives.gaps(["2020-01"], asked).month.tolist() == [2, 3]
    with pytest.raises(DataError, match="files of 2020-01 to 2020-01"):
        street.read([path], force="testshire", period=dict.fromkeys(asked, date(2021, 1, 1)))


# ---------------------------------------------------------------- older shapes, files beside

OLDER = "Month,Reported by,Falls within,Easting,Northing,Location,Crime type,Context\n"


def test_a_file_of_before_2013_is_read_from_metres_and_without_small_areas(tmp_path):
    rows = ("651409.903,313177.270,On or near X,Violent crime,", ",,Nowhere,Robbery,")
    text = OLDER + "".join(f"2011-01,F,F,{row}\n" for row in rows)
    later = {name_of("2013-05"): month("2013-05", ASSAULT)}
    path = archive(tmp_path / "a.zip", {name_of("2011-01"): text} | later)
    table, problems = street.read([path], force="testshire")
    table = table.to_pandas()
    # Caister water tower, the Ordnance Survey's worked example: 52°39'28.83"N, 1°42'57.87"E
    assert table["longitude"][0] == pytest.approx(1.71607, abs=1e-4)
    assert table["latitude"][0] == pytest.approx(52.65801, abs=1e-4)
    assert table["longitude"].isna().tolist() == [False, True, False]
    assert table["lsoa_code"].isna().tolist() == [True, True, False]
    [row] = problems.to_dict("records")
    assert (row["column"], row["records"], row["of"]) == ("lsoa_code", 2, 3)


@pytest.mark.parametrize("lost", ["LSOA code", "Crime ID"])
def test_only_an_older_file_may_lack_what_every_newer_one_has(tmp_path, lost):
    for name, fine in (("2012-12", True), ("2013-01", False)):
        path = archive(tmp_path / "a.zip", {name_of(name): month(name, ASSAULT).replace(lost, "x")})
        if fine:
            assert street.read([path], force="testshire")[0].num_rows == 1
        else:
            with pytest.raises(DataError, match=f"missing: {lost}"):
                street.read([path], force="testshire")


def test_a_category_that_the_older_months_do_not_have_is_no_fall(tmp_path):
    old = ASSAULT.replace("Violence and sexual offences", "Violent crime")
    members = {name_of(m): month(m, *[old] * 12) for m in ("2013-02", "2013-03", "2013-04")}
    members |= {name_of(m): month(m, *[ASSAULT] * 12) for m in ("2013-05", "2013-06")}
    records, _ = street.read([archive(tmp_path / "a.zip", members)], force="testshire")
    asked = Settings("T", "open", "A", {}, force="testshire")
    with pytest.raises(SettingsError, match=r"3 of 5 months \(February to April 2013\)"):
        street.require_category(records, asked)
    later = records.filter(pc.field("month") >= date(2013, 5, 1))
    street.require_category(later, asked)


def test_a_rare_category_may_have_a_month_of_none(tmp_path):
    members = {name_of(m): month(m, *[NOWHERE] * n) for m, n in (("2020-01", 3), ("2020-03", 4))}
    members[name_of("2020-02")] = month("2020-02", ASSAULT)
    records, _ = street.read([archive(tmp_path / "a.zip", members)], force="testshire")
    asked = Settings("T", "open", "A", {}, force="testshire", headline_category="Robbery")
    street.require_category(records, asked)


def test_outcomes_and_searches_beside_are_told_and_never_read(tmp_path):
    crimes = {name_of("2020-01"): month("2020-01", ASSAULT)}
    beside = {
        f"2020-01/2020-01-testshire-{kind}.csv": "x\n1\n"
        for kind in ("outcomes", "stop-and-search")
    }
    path = archive(tmp_path / "a.zip", crimes | beside)
    assert street.read([path], force="testshire")[0].num_rows == 1
    said = street.covers([path], force="testshire")
    assert said.startswith("January 2020; outcomes and stop and search")
    alone = archive(tmp_path / "b.zip", beside)
    with pytest.raises(DataError, match="1 files of outcomes, which are no crimes"):
        street.read([alone], force="testshire")


def test_the_forces_that_an_archive_has_are_named_for_one_that_it_has_not(tmp_path):
    members = {name_of("2020-01", force): month("2020-01", ASSAULT) for force in ("kent", "essex")}
    path = archive(tmp_path / "a.zip", members)
    with pytest.raises(DataError, match=r"It has those of essex, kent\. Write force"):
        street.read([path], force="Kent Police")
    assert street.read([path], force="kent")[0].num_rows == 1


def test_a_single_month_is_read_as_the_file_it_is(tmp_path):
    file = tmp_path / "2020-01-testshire-street.csv"
    file.write_text(month("2020-01", ASSAULT, NUISANCE))
    assert street.read([file], force="testshire")[0].num_rows == 2
    assert street.covers([file], force="testshire") == "January 2020"


def test_rows_of_another_month_than_the_file_name_are_refused(tmp_path):
    text = month("2020-01", ASSAULT, NUISANCE).replace("2020-01", "2020-02", 1)
    path = archive(tmp_path / "a.zip", {name_of("2020-01"): text})
    with pytest.raises(DataError, match="1 of 2 rows are not of 2020-01"):
        street.read([path], force="testshire")


def test_a_month_saved_by_a_spreadsheet_is_refused(tmp_path):
    path = archive(tmp_path / "a.zip", {name_of("2020-01"): month("Jan-20", ASSAULT)})
    with pytest.raises(DataError, match=r"1 of 1 rows .* spreadsheet"):
        street.read([path], force="testshire")


def test_the_last_outcome_is_read_where_there_is_one(tmp_path):
    text = month("2020-01", ASSAULT.replace("offences,,", "offences,Local resolution,"), NUISANCE)
    without = "\n".join(",".join(line.split(",")[:-2]) for line in text.splitlines()) + "\n"
    for name, content, first in (("a.zip", text, "Local resolution"), ("b.zip", without, None)):
        path = archive(tmp_path / name, {name_of("2020-01"): content})
        table, _ = street.read([path], force="testshire")
        assert table["last_outcome"].to_pylist() == [first, None]


def test_a_compressed_member_that_is_damaged_is_named(tmp_path):
    path = tmp_path / "a.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as file:
        file.writestr(name_of("2020-01"), month("2020-01", *[ASSAULT, NOWHERE] * 400))
    content = bytearray(path.read_bytes())
    content[120:160] = bytes(range(40))
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"2020-01-testshire-street\.csv is damaged"):
        street.read([path], force="testshire")


def test_a_member_behind_a_password_asks_for_a_plain_zip_and_not_for_another_download(tmp_path):
    path = archive(tmp_path / "a.zip", {name_of("2020-01"): month("2020-01", ASSAULT)})
    content = bytearray(path.read_bytes())
    for signature, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(signature) + flags] |= 1
    path.write_bytes(content)
    with pytest.raises(DataError, match=r"cannot be unpacked \(.*password.*\)\. Pack it again"):
        street.read([path], force="testshire")
