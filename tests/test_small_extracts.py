"""A small extract gets a briefing: what its chapters protect is safe together."""

import pytest
from protected_sets import leave

from vrn_analysis import sample
from vrn_analysis.briefing.guard import audit

CHAPTERS = ("02", "03", "04", "05", "06", "09", "10")


@pytest.mark.slow
@pytest.mark.parametrize(("rows", "profile"), [(400, "lt10"), (2_000, "lt5")])
def test_chapters_of_a_small_extract_give_nothing_away_together(tmp_path, rows, profile):
    data = sample.write(tmp_path / "data", rows=rows)
    settings = data / "assessment.toml"
    asked = settings.read_text(encoding="utf-8").replace('"nhs_round5"', f'"{profile}"', 1)
    settings.write_text(asked, encoding="utf-8")
    absent = leave(tmp_path / "left", data, CHAPTERS)
    sets = audit.read(tmp_path / "left")
    assert {found["profile"] for found in sets.values()} == {profile}
    assert audit.problems(sets) == []
    assert {"02", "04", "05"}.isdisjoint(chapter for chapter, _ in absent), absent
