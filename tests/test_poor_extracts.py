"""An extract that is poor in every column still gets its statement, or a section that says why."""

import shutil

import numpy as np
import pandas as pd
import pytest
from nbclient.exceptions import CellExecutionError

from vrn_analysis.briefing.run import kernels
from vrn_analysis.core import engine
from vrn_analysis.core.contracts import OFFENCES
from vrn_analysis.core.errors import DataError, NotEnoughError
from vrn_analysis.count import assessment, tables
from vrn_analysis.count.assessment import NotInThisRun
from vrn_analysis.methods import rates
from vrn_analysis.methods.hotspots import gi_star
from vrn_analysis.read import checks
from vrn_analysis.say import findings, quality
from vrn_analysis.say.quality import papers


@pytest.fixture(scope="module")
def plain(small_sample):
    return small_sample, pd.read_parquet(small_sample / "offences.parquet")


def without_values(records, columns):
    return records.assign(**dict.fromkeys(columns))


POOR = {
    "every column missing": lambda o: without_values(
        o, set(o.columns) - {"offence_id", "offence_code", "occurred_from"}
    ),
    "no row counts": lambda o: o.assign(status="cancelled"),
    "one row": lambda o: o.head(1),
    "one month": lambda o: o[o["occurred_from"].dt.to_period("M") == "2022-06"],
}


@pytest.mark.parametrize("kind", POOR)
def test_a_poor_extract_still_gets_its_statement(plain, tmp_path, kind):
    folder = shutil.copytree(plain[0], tmp_path / "data")
    poor = POOR[kind](plain[1])
    poor.to_parquet(folder / "offences.parquet")
    persons = pd.read_parquet(folder / "persons.parquet")
    there = persons[persons["offence_id"].isin(poor["offence_id"])]
    # a file of persons without anybody is refused
    (there if len(there) else persons.head(1)).to_parquet(folder / "persons.parquet")
    run = assessment.open_run(folder)
    rows, breaks = quality.statement(run), quality.period(run)[1]
    assert set(rows["rating"]) <= set(quality.ratings.RATINGS)
    for text in (
        papers.page(rows, breaks, about="", kind="html"),
        papers.page(rows, breaks, about="", kind="md"),
    ):
        assert not [word for word in ("<NA>", "nan%", ">nan<", "None of") if word in text]
    assert len(papers.in_words(rows)) == len(rows)


def test_a_check_whose_size_is_suppressed_is_said_without_a_number():
    row = pd.Series(
        {"check": "Broken", "status": "suppressed", "denominator": pd.NA, "count": pd.NA,
         "value": pd.NA, "aspect": "Duplicates", "detail": "", "rule": "", "why": ""}
    )  # fmt: skip
    assert papers.said(row) == "Broken: too few to show"


@pytest.fixture(scope="module")
def connection():
    with engine.connect() as opened:
        yield opened


@pytest.mark.parametrize("mixture", range(6))
def test_each_column_may_be_missing_or_of_one_value(connection, plain, tmp_path, mixture):
    """A third of the columns are missing and a third constant, in six different mixtures."""
    records = plain[1]
    columns = [c.name for c in OFFENCES if not c.required]
    kinds = np.random.default_rng(mixture // 3).permuted(np.arange(len(columns)))
    kinds = (kinds + mixture) % 3
    values = {
        column: None if kind else records[column].dropna().iloc[0]
        for column, kind in zip(columns, kinds, strict=True)
        if kind < 2
    }
    file = tmp_path / "offences.parquet"
    records.assign(**values).to_parquet(file)
    found = checks.read(connection, file, OFFENCES)
    assert found.rows_valid == len(records)
    different = found.table.aggregate(**{n: found.table[n].nunique() for n in columns}).to_pandas()
    for column, kind in zip(columns, kinds, strict=True):
        number = different[column].iloc[0]
        assert (number == 1, number == 0, number > 0)[kind], column


@pytest.mark.parametrize(
    ("name", "said", "shown"),
    [
        ("NotEnoughError", "1 located points lie at 1 place.", kernels.TOO_FEW),
        ("NotEnoughError", "There are no offences.", "There are no offences."),
        ("NotInThisRun", "It needs 24 months.", "It needs 24 months."),
        ("DataError", "3 of 4 rows have no code.", ""),
    ],
)
def test_a_reason_is_told_without_a_count_of_true_records(name, said, shown):
    fault = CellExecutionError("", ename=name, evalue=said)
    assert kernels._reason_absent(fault, {}) == shown


def test_a_section_with_too_little_to_say_says_so():
    assert set(kernels.NOT_IN_THIS_RUN) == {NotInThisRun.__name__, NotEnoughError.__name__}
    assert issubclass(NotEnoughError, DataError)
    hidden = pd.DataFrame({"quintile": [1, 5], "value": [None, 2.0]})
    with pytest.raises(NotEnoughError, match="1 of 2"):
        findings.title(hidden)
    effects = pd.DataFrame({"switch": ["a", "b"], "count": pd.array([None, None], dtype="Int64")})
    with pytest.raises(NotEnoughError):
        findings.title(effects)
    with pytest.raises(NotEnoughError, match="in all 3 places"):
        gi_star(pd.DataFrame({"value": [1.0, 1.0, 1.0]}), value="value")


def test_areas_that_are_hidden_with_their_total_are_too_few_and_no_mistake():
    """An earlier version: chapters 6 and 9 of a sample of 400 offences failed."""
    areas = pd.DataFrame({"area_code": ["A", "B", "All"], "denominator": [500, 500, 1_000]})
    hidden = areas.assign(count=pd.array([None] * 3, dtype="Int64"))
    with pytest.raises(NotEnoughError, match="2 of 2 counts are hidden"):
        rates.funnel_limits(hidden, of="area_code")
    with pytest.raises(DataError, match="2 of 2 counts are hidden") as fault:
        rates.funnel_limits(hidden.head(2), of="area_code")
    assert not isinstance(fault.value, NotEnoughError), "a total that was left out can be added"
    neighbours = pd.DataFrame({"area_code": ["A", "B"], "neighbour_code": ["B", "A"]})
    with pytest.raises(NotEnoughError):
        rates.spatial_rate(hidden, neighbours, of="area_code")


def test_shares_of_what_is_known_of_everybody_are_of_all():
    counts = pd.DataFrame(
        {
            "home": ["here", "away", "All"],
            "count": [30, 10, 40],
            "status": "shown",
            "count_error": 0,
        }
    )
    shares = tables.join_known(counts, of="home").set_index("home")
    assert shares["denominator"].tolist() == [40, 40]
    assert shares.loc["here", ["bound_low", "bound_high"]].tolist() == [75, 75]
