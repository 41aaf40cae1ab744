"""The committed notebooks: numbered, fully run, normalised, on the sample only, and readable."""

import ast
import json
import re
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOKS = [
    file
    for folder in (ROOT / "notebooks", ROOT / "notebooks" / "editions")
    for file in sorted(folder.glob("*.ipynb"))
]
SYNTHETIC = "SYNTHETIC SAMPLE"
FINGERPRINT = re.compile(r"[0-9a-f]{12}")  # the sample's; that of a data folder has 16 letters
PATHS = re.compile(r"[\"'](\.{0,2}/|[A-Z]:\\)|\.csv|\.parquet|\.toml")


def apart():
    """Return every other notebook that git has or would take, wherever it lies."""
    told = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "--", "*.ipynb"]
    listed = subprocess.run(told, cwd=ROOT, capture_output=True, text=True, check=False)
    if listed.returncode:
        found = [file for file in (ROOT / "notebooks").rglob("*.ipynb") if "/." not in str(file)]
    else:
        found = [ROOT / name for name in listed.stdout.splitlines()]
    return sorted(file for file in {*found} - {*NOTEBOOKS} if file.exists())


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
    assert set(content["metadata"]) == {"kernelspec", "language_info", "vrn", "vrn_chapter"}
    assert content["metadata"]["kernelspec"]["name"] == "python3"
    ids = [cell["id"] for cell in content["cells"]]
    assert ids == [f"{path.stem[:2]}-cell-{number:02d}" for number in range(1, len(ids) + 1)]
    for cell in content["cells"]:
        assert set(cell["metadata"]) <= {"tags"}


def test_is_of_the_sample_only(path):
    stamp = json.loads(path.read_text())["metadata"]["vrn"]
    assert stamp["kind"] == "sample"
    assert FINGERPRINT.fullmatch(stamp["fingerprint"]), "the sample's settings, on other data"


def test_every_stamp_table_and_chart_says_that_it_is_of_the_sample(path):
    # a notebook saved in JupyterLab keeps the stamp in its metadata, whatever it was run on
    stamps = [cell for cell in cells(path, "code") if "run.stamp()" in source(cell)]
    assert stamps
    for cell in stamps:
        assert SYNTHETIC in json.dumps([output["data"] for output in cell["outputs"]])
    for cell in cells(path, "code"):
        for output in cell["outputs"]:
            if {"image/png", "text/html"} & set(output.get("data", {})):
                words = "".join(output["data"]["text/plain"])
                told = json.dumps(output["metadata"]) + words
                assert SYNTHETIC in told or words.endswith(": none."), words[:200]


@pytest.mark.parametrize(
    ("check", "old", "new"),
    [
        (test_is_of_the_sample_only, '"kind": "sample"', '"kind": "force"'),
        (test_is_of_the_sample_only, '"fingerprint": "', '"fingerprint": "0123'),
        (test_every_stamp_table_and_chart_says_that_it_is_of_the_sample, "SAMPLE, inv", "A county"),
        (test_every_stamp_table_and_chart_says_that_it_is_of_the_sample, "SAMPLE: an", "A county"),
    ],
)
def test_a_run_on_other_data_is_refused(tmp_path, check, old, new):
    text = NOTEBOOKS[3].read_text()
    changed = tmp_path / NOTEBOOKS[3].name
    changed.write_text(text.replace(old, new))
    assert changed.read_text() != text
    with pytest.raises(AssertionError):
        check(changed)


def test_a_notebook_that_is_not_run_by_the_project_holds_no_output():
    for file in apart():
        content = json.loads(file.read_text())
        assert content["metadata"].get("vrn", {}).get("kind", "sample") == "sample", file
        assert "widgets" not in content["metadata"], file
        for cell in cells(file, "code"):
            assert not cell["outputs"], file
            assert cell["execution_count"] is None, file


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
        text = re.sub(r"95% (?=CI|confidence interval)", "", source(cell))
        assert not re.search(r"\d[\d,]*\.?\d*\s?(%|per cent|offences|victims|suspects)", text)


def test_shows_no_identifier_of_a_record(path):
    for cell in cells(path, "code"):
        for output in cell["outputs"]:
            assert not re.search(r"offence_id|person_ref|incident_ref", json.dumps(output))
