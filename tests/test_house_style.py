"""The house style, held by machine: small modules, short functions, imports one way, no leaks."""

import ast
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "vrn_analysis"
MODULES = sorted(PACKAGE.rglob("*.py"))

# a module may import those before it, never those after it
ORDER = [
    "errors",
    "session",
    "config",
    "facts",
    "scratch",
    "fingerprints",
    "contracts",
    "engine",
    "sources",
    "sample",
    "definition",
    "checks",
    "classify",
    "drafting",
    "assessment",
    "compare",
    "templates",
    "scaffold",
    "times",
    "tables",
    "rates",
    "trends",
    "hotspots",
    "places",
    "factors",
    "inequality",
    "disproportionality",
    "triangulate",
    "harm",
    "evaluation",
    "prevention",
    "disclosure",
    "figures",
    "publish",
    "quality",
    "findings",
    "explorer",
    "language",
    "briefing",
    "cli_errors",
    "cli_paths",
    "cli_new",
    "cli_map",
    "cli_sources",
    "cli_fetch",
    "cli_classify",
    "cli_check",
    "cli",
    "__main__",
]
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc"}


def part(path):
    first = path.relative_to(PACKAGE).parts[0]
    return first.removesuffix(".py")


def imported(tree):
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "vrn_analysis":
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("vrn_analysis."):
            yield node.module.split(".")[1]
        elif isinstance(node, ast.Import):
            names = (alias.name.split(".") for alias in node.names)
            yield from (name[1] for name in names if name[0] == "vrn_analysis" and len(name) > 1)


@pytest.mark.slow
@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_module(path):
    text = path.read_text()
    tree = ast.parse(text)
    assert len(text.splitlines()) <= 300, "split it where it stops being one thing"
    assert path.stem not in FORBIDDEN_NAMES
    mine = part(path)
    if mine != "__init__":
        assert mine in ORDER, f"say in tests/test_house_style.py where {mine} stands"
        for other in imported(tree):
            if other in ORDER and other != mine:
                assert ORDER.index(other) < ORDER.index(mine), f"{mine} imports {other}"
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef):
            check_function(node)
        assert not (isinstance(node, ast.Name) and node.id == "print"), "the library never prints"


def check_function(node):
    body = node.body[1:] if ast.get_docstring(node) else node.body
    lines = (body[-1].end_lineno - body[0].lineno + 1) if body else 0
    assert lines <= 40, f"{node.name} has {lines} lines"
    if not node.name.startswith("_"):
        assert node.returns is not None, f"{node.name} does not say what it returns"


def test_all_modules_are_documented():
    for path in MODULES:
        assert ast.get_docstring(ast.parse(path.read_text())), f"{path} has no docstring"


def tracked():
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.splitlines()]


def test_no_file_is_too_large_for_git():
    for path in tracked():
        assert not path.exists() or path.stat().st_size < 700_000, path


def test_only_ci_names_the_folder_of_open_data():
    place = "/".join(["..", "shared"])
    for path in tracked():
        if path.exists() and path != ROOT / ".ci" / "run":
            assert place not in path.read_bytes().decode("utf-8", "ignore"), path


def test_nothing_of_a_real_run_is_tracked():
    for path in tracked():
        name = path.relative_to(ROOT).as_posix()
        assert not name.startswith("data/raw/") or name == "data/raw/README.md"
        assert not name.startswith("reports/") or name.startswith(
            ("reports/tables/", "reports/README")
        )


def test_only_the_session_reads_a_variable_of_the_environment():
    reading = ("environ.get(", "environ[", "getenv(")
    found = {p.stem for p in MODULES if any(each in p.read_text() for each in reading)}
    assert found == {"session"}
