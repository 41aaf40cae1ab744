"""The committed notebooks: numbered, fully run, normalised, on the sample only, and readable."""

import ast
import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = [
    file
    for folder in (ROOT / "notebooks", ROOT / "notebooks" / "editions")
    for file in sorted(folder.glob("*.ipynb"))
]
PATHS = re.compile(r"[\"'](\.{0,2}/|[A-Z]:\\)|\.csv|\.parquet|\.toml")


def cells(path, kind):
    content = json.loads(path.read_text())
    return [cell for cell in content["cells"] if cell["cell_type"] == kind]


def source(cell):
    return "".join(cell["source"])


def by_name(path):
    return path.stem


@pytest.fixture(params=NOTEBOOKS, ids=by_name)
def path(request):
    return request.param


def test_there_are_notebooks():
    assert len(NOTEBOOKS) >= 6


def test_is_numbered_and_small(path):
    assert re.fullmatch(r"\d\d_[a-z0-9_]+", path.stem)
    assert path.stat().st_size < 700_000


def test_is_fully_run_in_order(path):
    counts = [cell["execution_count"] for cell in cells(path, "code")]
    assert counts == list(range(1, len(counts) + 1))


def test_is_normalised(path):
    content = json.loads(path.read_text())
    assert set(content["metadata"]) == {"kernelspec", "language_info", "vrn"}
    assert content["metadata"]["kernelspec"]["name"] == "python3"
    ids = [cell["id"] for cell in content["cells"]]
    assert ids == [f"{path.stem[:2]}-cell-{number:02d}" for number in range(1, len(ids) + 1)]
    for cell in content["cells"]:
        assert set(cell["metadata"]) <= {"tags"}


def test_is_of_the_sample_only(path):
    content = json.loads(path.read_text())
    assert content["metadata"]["vrn"]["kind"] == "sample"
    shown = json.dumps([cell["outputs"] for cell in cells(path, "code")])
    assert "SYNTHETIC SAMPLE" in shown


def test_has_no_error_and_no_warning(path):
    for cell in cells(path, "code"):
        for output in cell["outputs"]:
            assert output["output_type"] != "error"
            assert output.get("name") != "stderr", source(cell)


def test_opens_with_title_and_question_and_closes_with_limits(path):
    words = [source(cell) for cell in cells(path, "markdown")]
    assert words[0].startswith("# ")
    assert "?" in words[0]
    assert any(text.startswith("## What this cannot tell you") for text in words)


def test_has_one_computed_main_finding(path):
    tagged = [cell for cell in cells(path, "code") if "finding" in cell["metadata"].get("tags", [])]
    assert len(tagged) == 1


def test_cells_are_short_and_plain(path):
    for cell in cells(path, "code"):
        text = source(cell)
        assert len(text.splitlines()) <= 15, text
        tree = ast.parse(text)
        for node in ast.walk(tree):
            assert not isinstance(node, ast.FunctionDef | ast.Lambda | ast.ClassDef), text
        assert "plt" not in text
        assert not PATHS.search(text), f"a path in {text}"
        assert not text.rstrip().endswith(";")


def test_every_code_cell_follows_a_sentence(path):
    content = json.loads(path.read_text())["cells"]
    assert len(cells(path, "markdown")) >= len(cells(path, "code")) / 2
    kinds = [cell["cell_type"] for cell in content]
    assert "code code code" not in " ".join(kinds)


def test_every_table_has_a_reconciliation(path):
    code = "\n".join(source(cell) for cell in cells(path, "code"))
    if "publish.protect" in code:
        assert "assert " in code


def test_prose_types_no_number_of_a_result(path):
    for cell in cells(path, "markdown"):
        text = source(cell).replace("95% interval", "interval")
        assert not re.search(r"\d[\d,]*\.?\d*\s?(%|per cent|offences|victims|suspects)", text)


def test_shows_no_identifier_of_a_record(path):
    for cell in cells(path, "code"):
        for output in cell["outputs"]:
            assert not re.search(r"offence_id|person_ref|incident_ref", json.dumps(output))
