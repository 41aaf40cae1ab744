"""The change between two extracts: every part by hand, and the parts always sum to the whole."""

from datetime import date

import ibis
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vrn_analysis.core.errors import DataError
from vrn_analysis.count.compare import PARTS, compare


def extract(*rows):
    frame = pd.DataFrame(
        rows, columns=["offence_id", "offence_code", "occurred_from", "status"], dtype="object"
    )
    schema = {
        "offence_id": "string", "offence_code": "string", "occurred_from": "timestamp",
        "status": "string",
    }  # fmt: skip
    return ibis.memtable(
        frame.assign(occurred_from=pd.to_datetime(frame["occurred_from"])), schema=schema
    )


OLD = extract(
    ("same", "8N", "2024-01-01", "recorded"),
    ("reclassified", "8N", "2024-01-02", "recorded"),
    ("cancelled", "8N", "2024-01-03", None),
    ("removed", "8N", "2024-01-04", "recorded"),
    ("restored", "8N", "2024-01-31", "cancelled"),
)
NEW = extract(
    ("same", "8N", "2024-01-01", "recorded"),
    ("reclassified", "5D", "2024-01-02", "recorded"),
    ("cancelled", "8N", "2024-01-03", "cancelled"),
    ("restored", "8N", "2024-01-31", "recorded"),
    ("late", "8N", "2024-01-31", "recorded"),
    ("new", "8N", "2024-02-01", "recorded"),
    ("never_stood", "8N", "2024-02-01", "duplicate"),
)


def test_each_part_by_hand():
    rows = compare(OLD, NEW).set_index("group")
    columns = ["old", "new", "change", *PARTS]
    assert rows.loc["8N", columns].tolist() == [4, 4, 0, 1, 1, 1, 0, -1, -1, -1]
    assert rows.loc["5D", columns].tolist() == [0, 1, 1, 0, 0, 0, 1, 0, 0, 0]
    assert rows.loc["All", columns].tolist() == [4, 5, 1, 1, 1, 1, 1, -1, -1, -1]


def test_a_crime_of_the_last_day_covered_is_late_and_not_new():
    rows = compare(OLD, NEW, until=date(2024, 2, 1)).set_index("group")
    assert rows.loc["All", ["true_new", "late_arrivals"]].tolist() == [0, 2]


def test_an_extract_against_itself_has_not_changed():
    rows = compare(NEW, NEW)
    assert (rows[["change", *PARTS]] == 0).all(axis=None)


def test_a_code_spelt_otherwise_is_not_reclassified():
    old = extract(("one", "008n", "2024-01-01", None), ("two", None, "2024-01-01", None))
    new = extract(("one", "8N ", "2024-01-01", None), ("two", None, "2024-01-01", None))
    rows = compare(old, new)
    assert rows["group"].tolist() == ["All", "8N", "Not known"]
    assert (rows[["change", *PARTS]] == 0).all(axis=None)


def test_a_missing_column_is_named():
    with pytest.raises(DataError, match="no column 'crime_group'"):
        compare(OLD, NEW, by="crime_group")


CRIMES = st.lists(
    st.tuples(
        st.integers(0, 6).map(str),
        st.sampled_from(["8N", "5D", None]),
        st.sampled_from(["2024-01-01", "2024-01-02", "2024-01-03", None]),
        st.sampled_from(["recorded", "cancelled", None]),
    ),
    max_size=9,
)


@pytest.mark.slow
@settings(max_examples=15, deadline=None)
@given(CRIMES, CRIMES)
def test_the_parts_sum_to_the_change(old, new):
    old, new = extract(*old), extract(*new)
    rows = compare(old, new, until=date(2024, 1, 2))
    assert (rows["new"] - rows["old"] == rows["change"]).all()
    assert (rows[list(PARTS)].sum(axis=1) == rows["change"]).all()
    assert rows.loc[0, "reclassified_in"] == -rows.loc[0, "reclassified_out"]
