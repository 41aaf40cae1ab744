"""The only door: what is unprotected or about one person is refused, and nothing is injected."""

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from vrn_analysis import publish, rates
from vrn_analysis.config import Settings
from vrn_analysis.errors import DisclosureError


class Run:
    """As much of a run as publishing needs."""

    settings = Settings(title="A", kind="sample", area_name="A", sources={})
    credit = "SYNTHETIC SAMPLE, invented county"


def counts(values, names=None):
    names = names or [f"Area {number}" for number in range(len(values))]
    return pd.DataFrame({"area_name": names, "count": pd.array(values, dtype="Int64")})


def protected(values, names=None):
    return publish.protect(counts(values, names), Run, dimensions=["area_name"])


def shown(table, **options):
    made = publish.show(table, Run, caption="Counts by area", name="03_test", **options)
    return made, BeautifulSoup(made.html, "html.parser")


def test_unprotected_counts_are_refused_with_the_remedy():
    with pytest.raises(DisclosureError, match=r"publish\.protect"):
        publish.show(counts([100, 200]), Run, caption="x", name="03_test")


@pytest.mark.parametrize("column", ["offence_id", "person_ref", "home_lsoa_code", "easting"])
def test_person_level_rows_are_refused(column):
    table = pd.DataFrame({column: ["x"], "status": ["shown"], "count": [100]})
    with pytest.raises(DisclosureError, match=column):
        publish.show(table, Run, caption="x", name="03_test")


def test_suppressed_count_is_a_symbol_in_html_and_empty_in_csv(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_OUTPUT", str(tmp_path))
    table = protected([3, 4, 100, 203])
    _, page = shown(table)
    cells = [row.find_all("td")[0].text for row in page.tbody.find_all("tr")]
    assert cells[:2] == ["[c]", "[c]"]
    assert cells[2:] == ["100", "205"]
    saved = pd.read_csv(tmp_path / "tables" / "03_test.csv")
    assert saved["count"].isna().tolist() == [True, True, False, False]
    assert set(saved["stamp"]) == {"SYNTHETIC SAMPLE, invented county"}


def test_rate_and_interval_are_hidden_wherever_the_count_is():
    table = protected([3, 4, 100, 203]).assign(denominator=1000.0).pipe(rates.crude_rate)
    made, page = shown(table)
    first = [cell.text for cell in page.tbody.tr.find_all("td")]
    assert first == ["[c]", "1,000", "[z]", "[z]"]
    assert "3.0" not in made.html


def test_table_is_captioned_with_scoped_headers_and_stamped():
    _, page = shown(protected([100, 200]))
    assert page.caption.text.startswith("Counts by area.")
    assert "SYNTHETIC SAMPLE" in page.caption.text
    assert all(cell["scope"] == "col" for cell in page.thead.find_all("th"))
    assert all(row.th["scope"] == "row" for row in page.tbody.find_all("tr"))


def test_markup_in_a_name_is_text():
    made, page = shown(protected([100, 200], ["<script>alert(1)</script>", "Åby & 'Co'"]))
    assert "<script>" not in made.html
    assert page.tbody.th.text == "<script>alert(1)</script>"


def test_formula_in_a_name_stays_text_in_a_spreadsheet(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_OUTPUT", str(tmp_path))
    publish.save(protected([100, 200], ['=HYPERLINK("x")', "Hill"]), Run, name="03_test")
    assert pd.read_csv(tmp_path / "tables" / "03_test.csv")["area_name"][0] == '\'=HYPERLINK("x")'


def test_long_table_is_saved_whole_and_shown_in_part(tmp_path, monkeypatch):
    monkeypatch.setenv("VRN_OUTPUT", str(tmp_path))
    made, page = shown(protected([100] * 80))
    assert len(page.tbody.find_all("tr")) == publish.MOST_ROWS_SHOWN
    assert "First 60 of 80 rows" in made.caption
    assert len(pd.read_csv(tmp_path / "tables" / "03_test.csv")) == 80


def test_true_zero_is_shown_as_zero():
    _, page = shown(protected([0, 100]))
    assert page.tbody.td.text == "0"


def test_nothing_is_saved_without_an_output_folder(monkeypatch):
    monkeypatch.delenv("VRN_OUTPUT", raising=False)
    assert publish.save(protected([100]), Run, name="03_test") == ""
