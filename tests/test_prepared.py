"""Records are prepared once, privately, and again when what they were made from changes."""

import os
import shutil
import stat

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal
from typer.testing import CliRunner

from vrn_analysis import sample
from vrn_analysis.commands import cli
from vrn_analysis.core import contracts
from vrn_analysis.core.errors import AgreementError, DataError
from vrn_analysis.count import assessment
from vrn_analysis.count.assessment import extracts, prepared

SECRET_WORDS = "stabbed by John Smith of 4 Mill Lane"
KINDS = ("classified", "offences", "persons")


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    return sample.write(tmp_path_factory.mktemp("small") / "sample", rows=1500)


@pytest.fixture
def folder(small, tmp_path):
    return shutil.copytree(small, tmp_path / "data")


@pytest.fixture
def only_opened(monkeypatch):
    """Return a function after which nothing can be read but what was prepared."""
    return lambda: monkeypatch.setattr(
        extracts, "open_source", lambda *_: pytest.fail("read a second time")
    )


def opened(folder):
    run = assessment.open_run(folder)
    run.prepare()
    return run


def kept(folder):
    return sorted((folder / prepared.FOLDER).glob("*/[!.]*"))


def by_key(table):
    return table.to_pandas().sort_values(list(table.columns), ignore_index=True)


def change(folder, old, new):
    file = folder / "assessment.toml"
    assert old in (text := file.read_text())
    file.write_text(text.replace(old, new))


def test_a_second_run_opens_what_the_first_prepared_and_finds_the_same(folder, only_opened):
    first = opened(folder)
    read = assessment.Run(folder, first.settings, first.connection)
    read.prepare()
    only_opened()
    again = assessment.open_run(folder)
    for one, two in ((read.offences, again.offences), (read.classified(), again.classified())):
        assert one.schema() == two.schema()
        assert_frame_equal(*(by_key(table) for table in (one, two)))
    assert_frame_equal(read.found(), again.found())
    assert_frame_equal(read.bounds(), again.bounds())
    assert again.persons.count().execute() == read.persons.count().execute()


def test_what_is_prepared_is_its_owners_alone_and_holds_columns_of_the_contract(folder):
    table = pd.read_parquet(folder / "offences.parquet")
    table.assign(notes=SECRET_WORDS).to_parquet(folder / "offences.parquet")
    run = opened(folder)
    assert [part.name for part in kept(folder)] == list(KINDS)
    inside = [folder / prepared.FOLDER, *(folder / prepared.FOLDER).rglob("*")]
    for path in inside:
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077, path
        assert path.is_dir() or SECRET_WORDS.encode() not in path.read_bytes()
    assert set(run.offences.columns) <= set(contracts.OFFENCES.names)
    unused = {"officer_observed_ethnicity"}
    assert set(run.persons.columns) == set(contracts.PERSONS.names) - unused
    assert unused < set(run.read(contracts.PERSONS).table.columns)


@pytest.mark.parametrize("what", ["data", "settings", "code", "engine"])
def test_what_changes_the_records_prepares_them_again_and_removes_the_older_in_time(
    folder, monkeypatch, what
):
    earlier = opened(folder)
    [before] = (folder / prepared.FOLDER).iterdir()
    if what == "data":
        table = pd.read_parquet(folder / "offences.parquet")
        table.head(1000).to_parquet(folder / "offences.parquet")
    elif what == "settings":
        change(folder, "[period]\nfrom = 2019", "[period]\nfrom = 2020")
    elif what == "code":
        monkeypatch.setattr(prepared.fingerprints, "package_hash", lambda: "other")
    else:
        monkeypatch.setattr(prepared, "version", lambda name: "0")
    opened(folder)
    [after] = {*(folder / prepared.FOLDER).iterdir()} - {before}
    # a run that was opened before goes on
    assert earlier.offences.count().execute()
    os.utime(before, (0, 0))
    opened(folder)
    assert [*(folder / prepared.FOLDER).iterdir()] == [after]


def test_commentary_and_documents_leave_what_was_prepared_as_it_is(folder, only_opened):
    opened(folder)
    (folder / "commentary").mkdir()
    for name in ("commentary/03.md", "README.md", "quality.html"):
        (folder / name).write_text("We think.")
    only_opened()
    opened(folder)


def test_an_edition_for_others_opens_the_same_records(folder, monkeypatch, only_opened):
    opened(folder)
    only_opened()
    monkeypatch.setenv("VRN_EDITION", '{"audience": "internal", "area": "Aldersea"}')
    assert opened(folder).settings.audience == "internal"


def test_a_preparation_that_is_killed_leaves_nothing_to_read_and_is_swept_away(
    folder, monkeypatch, tmp_path
):
    def killed(frame, *_, **__):
        os._exit(9)

    pid = os.fork()
    if not pid:
        pd.DataFrame.to_parquet = killed
        opened(folder)
    os.waitpid(pid, 0)
    [left] = (folder / prepared.FOLDER).glob("*/.vrn_*/records.parquet")
    assert not kept(folder)
    assert opened(folder).records().count().execute()
    assert not left.parent.exists()


def test_a_disk_that_is_full_costs_no_result(folder, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(prepared, "_keep", full)
    assert opened(folder).records().count().execute() > 1000
    assert not kept(folder)


def test_of_a_folder_that_cannot_be_written_nothing_is_kept(folder, monkeypatch):
    def read_only(*_, **__):
        raise PermissionError

    monkeypatch.setattr(prepared.Path, "mkdir", read_only)
    run = opened(folder)
    assert run.place is None
    assert run.records().count().execute() > 1000
    assert not (folder / prepared.FOLDER).exists()


def test_the_name_of_what_is_prepared_gives_no_file_away(folder):
    """Without the secret of the folder nobody finds the name, though they know every file."""
    settings = opened(folder).settings
    name = prepared.place(folder, settings).name
    prepared.fingerprints.secret.cache_clear()
    (folder / prepared.fingerprints.SECRET).unlink()
    assert prepared.place(folder, settings).name != name


def test_an_agreement_that_ends_takes_what_was_prepared_with_it(folder):
    opened(folder)
    change(folder, "retain_until = 2999-12-31", "retain_until = 2024-01-01")
    with pytest.raises(AgreementError, match="2024-01-01"):
        assessment.open_run(folder)
    assert not (folder / prepared.FOLDER).exists()


def test_the_command_removes_what_was_prepared_and_no_data(folder):
    opened(folder)
    before = sorted(file.name for file in folder.glob("[!.]*"))
    told = [CliRunner().invoke(cli.app, ["clean", "--data", str(folder)]) for _ in range(2)]
    assert [result.exit_code for result in told] == [0, 0]
    assert not (folder / prepared.FOLDER).exists()
    assert sorted(file.name for file in folder.glob("[!.]*")) == before


def test_what_cannot_be_removed_is_not_said_to_be(folder, monkeypatch):
    opened(folder)
    monkeypatch.setattr(prepared.shutil, "rmtree", lambda *_, **__: None)
    told = CliRunner().invoke(cli.app, ["clean", "--data", str(folder)])
    assert told.exit_code
    assert prepared.FOLDER in told.stderr


def test_a_file_that_cannot_be_used_is_an_error_whenever_it_is_opened(folder):
    (folder / "offences.parquet").write_bytes(b"PAR1")
    for _ in range(2):
        with pytest.raises(DataError, match="offences"):
            opened(folder)
    assert not kept(folder)
