"""The house style, held by machine: small modules, short functions, imports one way, no leaks."""

import ast
import graphlib
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "vrn_analysis"
MODULES = sorted(PACKAGE.rglob("*.py"))

# a module may import those before it, never those after it
# each room imports only those before it
ROOMS = (
    "core", "read", "sample", "count", "drafting", "methods", "show", "say", "briefing", "commands",
    "__main__",
)  # fmt: skip
FORBIDDEN_NAMES = {"utils", "helpers", "common", "misc"}


def dotted(path):
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


NAMES = {dotted(path): path for path in MODULES}


def imported(tree):
    """Return the modules of the package that a module imports."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("vrn_analysis"):
            full = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name in NAMES else node.module for name in full)
        elif isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.startswith("vrn_analysis"))


def part(name, depth):
    return tuple(name.split(".")[1 : 1 + depth])


def ties(depth):
    """Return which parts of the package, to a depth of folders, import which others."""
    graph = {}
    for name, path in NAMES.items():
        mine = part(name, depth)
        others = {part(other, depth) for other in imported(ast.parse(path.read_text()))}
        graph.setdefault(mine, set()).update(others - {mine, ()})
    return graph


def test_each_room_imports_only_rooms_before_it():
    for (mine,), others in ((key, value) for key, value in ties(1).items() if key):
        for (other,) in others:
            assert ROOMS.index(other) < ROOMS.index(mine), f"{mine} imports {other}"


def test_no_packages_of_a_room_import_each_other_in_a_circle():
    graphlib.TopologicalSorter(ties(2)).prepare()


def test_a_room_holds_at_most_a_dozen_names():
    for folder in {PACKAGE, *(PACKAGE / room for room in ROOMS)} - {PACKAGE / "__main__"}:
        held = [each for each in folder.iterdir() if each.suffix == ".py" or any(each.glob("*.py"))]
        assert len([each for each in held if not each.stem.startswith("__")]) <= 12, folder


@pytest.mark.slow
@pytest.mark.parametrize("path", MODULES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_module(path):
    text = path.read_text()
    tree = ast.parse(text)
    assert len(text.splitlines()) <= 300, "split it where it stops being one thing"
    assert path.stem not in FORBIDDEN_NAMES
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
