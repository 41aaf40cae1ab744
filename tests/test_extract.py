"""Extracts of any shape: the same tables as the tidy one, and an account of every row."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import ibis
import pandas as pd
import pytest
from extract_files import HEAD, MAPPING, mapped, read
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal, assert_series_equal
from typer.testing import CliRunner

from vrn_analysis.commands import cli
from vrn_analysis.core import definition, engine
from vrn_analysis.core.config import find_settings
from vrn_analysis.core.contracts import OFFENCES, PERSONS
from vrn_analysis.core.errors import DataError
from vrn_analysis.count import classify
from vrn_analysis.count.assessment import open_run
from vrn_analysis.read import checks
from vrn_analysis.read.extracts import extract
from vrn_analysis.sample import shapes

CONTRACTS = {contract.name: contract for contract in (OFFENCES, PERSONS)}


@pytest.fixture(scope="module")
def connection():
    with engine.connect() as opened:
        yield opened


def held(connection, table):
    return connection.create_table(ibis.util.gen_name("held"), table, temp=True)


@pytest.fixture(scope="module")
def tidy(connection, small_sample):
    """Return the tables of the tidy sample, which all shapes are compared with."""
    return {
        name: held(connection, checks.read(connection, small_sample / f"{name}.parquet", c).table)
        for name, c in CONTRACTS.items()
    }


@pytest.fixture(scope="module")
def tidy_counts(tidy):
    return counted(tidy)


@dataclass
class Awkward:
    """The sample in one awkward shape, and the tables read by its drafted mapping."""

    folder: Path
    told: str
    extracts: dict
    tables: dict


@pytest.fixture(scope="module", params=shapes.SHAPES)
def awkward(request, connection, small_sample, tmp_path_factory):
    folder = Path(shutil.copytree(small_sample, tmp_path_factory.mktemp("awkward") / "sample"))
    file = shapes.reshape(folder, request.param)
    drafted = CliRunner().invoke(cli.app, ["map", str(file)])
    assert drafted.exit_code == 0, drafted.output
    mapping = mapped(folder / "mapping.toml")
    made = {name: extract.read(connection, file, mapping, c) for name, c in CONTRACTS.items()}
    found = {
        name: checks.check_rows(connection, made[name].table, c, where=file.name).table
        for name, c in CONTRACTS.items()
    }
    tables = {name: held(connection, table) for name, table in found.items()}
    return Awkward(folder, drafted.output, made, tables)


def counted(found):
    """Return the tables that the assessment is made of."""
    chosen = definition.load("llr_2020")
    labelled = classify.classify(found["offences"], found["persons"], definition=chosen)
    frame = labelled.mutate(month=labelled.occurred_from.truncate("M")).to_pandas()
    keys = (["outcome"], ["first_reason"], ["month"], ["lsoa_code"], ["age_focus", "outcome"])
    return [frame.value_counts(key, dropna=False).sort_index() for key in keys]


# --- the key test -------------------------------------------------------------------------------


@pytest.mark.slow
def test_an_awkward_shape_gives_the_same_tables_as_the_tidy_sample(tidy_counts, awkward):
    for ours, awkwardly in zip(tidy_counts, counted(awkward.tables), strict=True):
        assert_series_equal(ours, awkwardly)


@pytest.mark.slow
@pytest.mark.parametrize("contract", CONTRACTS.values(), ids=CONTRACTS)
def test_an_awkward_shape_gives_every_value_of_the_tidy_sample(tidy, awkward, contract):
    tables = (tidy[contract.name], awkward.tables[contract.name])
    key = list(contract.key)
    ours, theirs = (table.to_pandas().sort_values(key, ignore_index=True) for table in tables)
    for code in ("offence_code",):
        if code in ours:
            # a source's outer spaces say nothing, and are not kept
            ours[code] = ours[code].str.strip()
    assert_frame_equal(ours[theirs.columns], theirs, check_dtype=False)
    lacking = [name for name in ours if name not in theirs]
    assert ours[lacking].isna().all(axis=None)


@pytest.mark.slow
@pytest.mark.parametrize("name", CONTRACTS)
def test_every_row_of_an_awkward_shape_is_accounted_for(awkward, name):
    made = awkward.extracts[name]
    account = made.accounting
    parts = account[["rows_used", "repeats_folded", "no_person", "rejected"]].sum(axis=1)
    assert parts.tolist() == account["rows_in"].tolist()
    assert made.table.count().to_pandas() == account["rows_used"].sum()
    assert made.unmapped.empty
    assert account["rejected"].sum() == 0


@pytest.mark.slow
def test_a_shape_stands_in_the_place_of_the_tidy_files(awkward):
    assert not list(awkward.folder.glob("*.parquet"))
    assert "Open questions: 0" in awkward.told
    sources = find_settings(awkward.folder).sources
    [file] = {sources[name]["path"] for name in CONTRACTS}
    assert (awkward.folder / file).is_file()
    assert mapped(awkward.folder / "mapping.toml").of("offences")


def test_an_unknown_shape_is_told_the_known(small_sample):
    with pytest.raises(DataError, match="'round': choose one of flat, wide, linked"):
        shapes.reshape(small_sample, "round")


@pytest.mark.slow
def test_a_run_reads_a_sample_of_a_shape_by_its_mapping(small_sample, tmp_path):
    words = ["sample", "--output", str(tmp_path), "--rows", "2000", "--shape", "flat"]
    for command in (words, ["map", str(tmp_path / "extract.csv")]):
        assert CliRunner().invoke(cli.app, command).exit_code == 0
    run = open_run(tmp_path)
    assert_frame_equal(run.bounds(), open_run(small_sample).bounds())
    assert "rows that repeat a crime or person" in set(run.problems()["problem"])


# --- folding ------------------------------------------------------------------------------------

FLAT = MAPPING | {"repeats": "fold"}


def test_a_repeat_is_not_a_duplicate(connection, tmp_path):
    rows = "A,2024-01-01,v1,s1\nA,2024-01-01,v1,s2\nA,2024-01-01,v2,s1\nA,2024-01-01,v2,s2\n"
    made = read(connection, tmp_path, HEAD + rows, persons=True)
    offences, people = made
    assert offences.accounting.loc[0, ["rows_in", "rows_used", "repeats_folded"]].tolist() == [
        4,
        1,
        3,
    ]
    assert people.accounting["rows_used"].tolist() == [2, 2]
    assert people.accounting["repeats_folded"].tolist() == [2, 2]


def test_two_persons_alike_but_for_their_reference_are_two(connection, tmp_path):
    rows = "A,2024-01-01,v1,\nA,2024-01-01,v2,\n"
    _, people = read(connection, tmp_path, HEAD + rows, persons=True)
    assert people.accounting["rows_used"].tolist() == [2, 0]
    assert people.accounting["no_person"].tolist() == [0, 2]


def test_the_gravest_injury_and_weapon_of_a_crimes_victims_count(connection, tmp_path):
    text = (
        "Crime No,Date,Injury,Weapon,Offence\nA,2024-01-01,slight,fists,x\n"
        "A,2024-01-01,serious,none,x\nA,2024-01-01,,knife,x\nB,2024-01-01,,,x\n"
    )
    columns = {"offence_title": "Offence", "injury_degree": "Injury", "weapon": "Weapon"}
    [made] = read(connection, tmp_path, text, offences=columns)
    table = made.table.to_pandas().set_index("offence_id")
    assert table.loc["A", ["injury_degree", "weapon"]].tolist() == ["significant", "knife_or_sharp"]
    assert table.loc["B", ["injury_degree", "weapon"]].isna().all()


def test_rows_of_a_crime_that_differ_are_kept_for_the_checks_to_report(connection, tmp_path):
    text = "Crime No,Date,Offence\nA,2024-01-01,x\nA,2024-01-01,y\nA,2024-01-01,y\n"
    [made] = read(connection, tmp_path, text, offences={"offence_title": "Offence"})
    assert made.accounting.loc[0, "rows_used"] == 2
    assert made.accounting.loc[0, "repeats_folded"] == 1


def test_a_table_whose_rows_do_not_repeat_keeps_identical_rows(connection, tmp_path):
    text = "Crime No,Date,Offence\nA,2024-01-01,x\nA,2024-01-01,x\n"
    [made] = read(connection, tmp_path, text, offences={"offence_title": "Offence"}, repeats="keep")
    assert made.accounting.loc[0, "rows_used"] == 2


def test_totals_and_rows_without_identifier_are_rejected_and_counted(connection, tmp_path):
    text = "Crime No,Date,Offence\nA,2024-01-01,x\n,2024-01-01,y\nGrand Total,,2\n"
    [made] = read(connection, tmp_path, text, offences={"offence_title": "Offence"})
    assert made.accounting.loc[0, "rejected"] == 2
    told = made.problems.set_index("problem")["records"]
    assert told["rows of totals"] == 1
    assert told["rows without an identifier or role"] == 1


def test_a_person_whose_rows_differ_is_told_and_not_shown(connection, tmp_path):
    text = (
        "Crime No,Date,Victim Ref,Suspect Ref,Suspect Relationship\n"
        "A,2024-01-01,v1,s1,friend\nA,2024-01-01,v2,s1,stranger\n"
    )
    _, people = read(
        connection, tmp_path, text, persons=True,
        suspects={"relationship_to_victim": "Suspect Relationship"},
    )  # fmt: skip
    told = people.problems.set_index("problem")
    assert told.loc["persons whose rows do not say the same", "records"] == 1
    assert "friend" not in checks.explain(people.problems)


def test_a_witness_is_no_person_of_the_crime(connection, tmp_path):
    text = (
        "Crime No,Date,Role,Age\nA,2024-01-01,IP,30\nA,2024-01-01,Witness,31\nA,2024-01-01,??,9\n"
    )
    file = tmp_path / "extract.csv"
    file.write_text(text)
    content = {
        "offences": {"columns": {"offence_id": "Crime No", "occurred_from": "Date"}},
        "persons": {"columns": {"offence_id": "Crime No", "role": "Role", "age": "Age"}},
    }
    made = extract.read(connection, file, mapped(content), PERSONS)
    assert made.accounting.iloc[0].tolist() == ["persons", 3, 2, 0, 1, 0]
    assert made.unmapped["label"].tolist() == ["??"]
    # whose part is not understood may be a victim or a suspect: the crime stays undecided
    assert made.table.to_pandas().set_index("age")["role"].to_dict() == {
        "30": "victim", "9": "unclear",
    }  # fmt: skip


@pytest.mark.slow
@settings(
    max_examples=4,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(st.tuples(st.integers(1, 3), st.integers(0, 3)), min_size=1, max_size=5))
def test_a_flat_file_gives_back_the_persons_it_was_made_of(connection, tmp_path, crimes):
    rows = []
    for number, (victims, suspects) in enumerate(crimes):
        for victim in range(victims):
            for suspect in range(max(suspects, 1)):
                who = f"s{suspect}" if suspects else ""
                rows.append(f"C{number},2024-01-01,v{victim},{who}")
    offences, people = read(connection, tmp_path, HEAD + "\n".join(rows) + "\n", persons=True)
    assert offences.accounting["rows_used"].tolist() == [len(crimes)]
    assert people.accounting["rows_used"].tolist() == [
        sum(v for v, _ in crimes), sum(s for _, s in crimes),
    ]  # fmt: skip
    for account in (offences.accounting, people.accounting):
        parts = account[["rows_used", "repeats_folded", "no_person", "rejected"]].sum(axis=1)
        assert parts.tolist() == account["rows_in"].tolist() == [len(rows)] * len(account)


# --- values -------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("origin", "row", "wanted"),
    [
        ({"column": "Date", "format": "%m/%d/%Y"}, "02/01/2024,", "2024-02-01 00:00:00"),
        ({"column": "Date", "format": "%d/%m/%y"}, "01/02/24,", "2024-02-01 00:00:00"),
        ({"column": "Date", "format": "excel"}, "45323.5,", "2024-02-01 12:00:00"),
        ({"column": "Date", "time": "Time"}, "01/02/2024,9:05", "01/02/2024 09:05"),
        ({"column": "Date", "time": "Time"}, "2024-02-01 00:00:00,1430", "2024-02-01 14:30"),
        ({"column": "Date", "time": "Time"}, "01/02/2024,", "01/02/2024"),
    ],
)
def test_dates_and_times(connection, tmp_path, origin, row, wanted):
    text = f"Crime No,Date,Time\nA,{row}\n"
    [made] = read(connection, tmp_path, text, offences={"occurred_from": origin})
    assert made.table.to_pandas()["occurred_from"].tolist() == [wanted]


def test_a_blank_means_no_only_where_the_mapping_says_so(connection, tmp_path):
    text = "Crime No,Date,DA,Sexual\nA,2024-01-01,Y,Y\nB,2024-01-01,,\n"
    columns = {"domestic_flag": {"column": "DA", "blank": "no"}, "sexual_flag": "Sexual"}
    [made] = read(connection, tmp_path, text, offences=columns)
    table = made.table.to_pandas().set_index("offence_id")
    assert table.loc["B", "domestic_flag"] == "no"
    assert pd.isna(table.loc["B", "sexual_flag"])


@pytest.mark.slow
def test_precision_follows_the_column_of_times(connection, tmp_path):
    text = "Crime No,Date,Time\nA,2024-01-01,10:00\nB,2024-01-01,\n"
    [made] = read(connection, tmp_path, text, offences={"time_precision": {"timed_by": "Time"}})
    table = made.table.to_pandas().set_index("offence_id")
    assert table["time_precision"].to_dict() == {"A": "minute", "B": "day"}


def test_labels_not_understood_are_ranked_by_records(connection, tmp_path):
    rows = "".join(f"{n},2024-01-01,{p}\n" for n, p in enumerate("zzyzzyx"))
    text = "Crime No,Date,Premises\n" + rows + "8,2024-01-01,Dwelling - House/Flat\n"
    [made] = read(connection, tmp_path, text, offences={"location_type": "Premises"})
    assert made.unmapped[["label", "records"]].to_numpy().tolist() == [["z", 4], ["y", 2], ["x", 1]]
    assert made.unmapped["reason"].str.contains("word").all()
    told = made.problems.set_index("problem").loc["labels that are not understood"]
    assert told["records"] == 7
    assert told["examples"] == "'z', 'y', 'x'"
    assert set(made.table.to_pandas()["location_type"]) == {"x", "y", "z", "dwelling"}


def test_a_column_that_is_not_there_is_named_with_those_that_are(connection, tmp_path):
    with pytest.raises(
        DataError, match="no column 'Weapon', which .offences. of .* It has: Crime No"
    ):
        read(connection, tmp_path, "Crime No,Date\nA,2024-01-01\n", offences={"weapon": "Weapon"})


def test_free_text_is_no_category(connection, tmp_path, monkeypatch):
    monkeypatch.setattr("vrn_analysis.read.extracts.labels.MOST_LABELS", 3)
    rows = "".join(f"{n},2024-01-01,{n} High Street\n" for n in range(5))
    with pytest.raises(DataError, match="free text or an address"):
        read(connection, tmp_path, "Crime No,Date,Premises\n" + rows,
             offences={"location_type": "Premises"})  # fmt: skip
