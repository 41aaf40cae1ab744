"""The site builds without a warning, and what its pages say agrees with the code and the data."""

import ast
import doctest
import importlib.util
import inspect
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

ROOT = Path(__file__).resolve().parent.parent
MADE = ("_build", "generated")
PAGES = sorted(
    page
    for pattern in ("*.md", "docs/**/*.md", "data/**/*.md")
    for page in ROOT.glob(pattern)
    if not set(MADE) & set(page.parts)
)
METHODS = [ROOT / "docs" / "methods.md", *sorted(ROOT.glob("docs/methods/*.md"))]
STATISTICS = (
    "disclosure", "disproportionality", "evaluation", "factors", "harm", "hotspots", "inequality",
    "rates", "trends", "triangulate",
)  # fmt: skip
USED = ("classify", "places", "quality", "tables", "times")
NAMED = (
    *STATISTICS, *USED, "assessment", "checks", "compare", "contracts", "definition", "findings",
    "figures", "language", "prevention", "publish", "sample", "templates",
)  # fmt: skip
# rows as a chart draws them
NO_STATISTIC = ".charts"
GLOSSARY = ROOT / "docs" / "glossary.md"
ARCHITECTURE = ROOT / "docs" / "architecture.md"


def _name(page: Path) -> str:
    return page.relative_to(ROOT).as_posix()


ROOM = {"assessment": "count", "checks": "read", "classify": "count", "compare": "count"}
ROOM |= {"contracts": "core", "definition": "core", "findings": "say", "figures": "show"}
ROOM |= {"disclosure": "show", "language": "say", "publish": "show", "quality": "say"}
ROOM |= {"tables": "count", "templates": "read", "times": "count", "sample": ""}


def _module(name: str) -> object:
    room = ROOM.get(name, "methods")
    return importlib.import_module(".".join(filter(None, ("vrn_analysis", room, name))))


@pytest.mark.slow
def test_the_site_builds_without_a_warning_and_holds_every_public_module(tmp_path):
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
    done = subprocess.run(
        [*command, "-d", str(tmp_path / "trees"), "docs", str(tmp_path / "site")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    site = tmp_path / "site"
    page = (site / "generated" / "module_rates.html").read_text(encoding="utf-8")
    assert 'id="vrn_analysis.methods.rates.crude_rate"' in page
    dictionary = (site / "generated" / "data_dictionary.html").read_text(encoding="utf-8")
    assert "investigation_outcome" in dictionary
    methods = (site / "methods" / "rates.html").read_text(encoding="utf-8")
    assert 'href="../generated/module_rates.html#vrn_analysis.methods.rates.crude_rate"' in methods
    for file in site.rglob("*.html"):
        fetched = re.findall(
            r"<(?:script|link|img|iframe)[^>]+(?:src|href)=\"(https?:[^\"]+)",
            file.read_text("utf-8"),
        )
        assert not fetched, f"{file.name} asks for {fetched}"


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_links_between_files_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)\s]+)", page.read_text(encoding="utf-8")):
        file, _, part = target.partition("#")
        if re.match(r"[a-z]+:", target) or file.startswith("generated/"):
            continue
        there = page.parent / file if file else page
        assert there.exists(), target
        if part and there.suffix == ".md":
            assert part in _anchors(there), target


def _anchors(page: Path) -> set[str]:
    """Return the anchors that GitHub and the site give to a page's headings."""
    heads = re.findall(r"^#{1,3} (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    plain = [re.sub(r"[^\w\- ]", "", head.strip().lower()) for head in heads]
    return {head.replace(" ", "-") for head in plain}


@pytest.mark.slow
@pytest.mark.parametrize("page", METHODS, ids=_name)
def test_the_worked_examples_of_the_methods_are_right(page):
    code = "\n".join(re.findall(r"```python\n(.*?)```", page.read_text("utf-8"), re.DOTALL))
    given = {name: _module(name) for name in (*STATISTICS, *USED)} | {"np": np, "pd": pd}
    test = doctest.DocTestParser().get_doctest(code, given, page.name, str(page), 0)
    told: list[str] = []
    # numbers are written as a reader writes them: 2.0 and not np.float64(2.0)
    with np.printoptions(legacy="1.25"):
        result = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE).run(
            test, out=told.append
        )
    assert not result.failed, "".join(told)


@pytest.mark.parametrize("page", METHODS, ids=_name)
def test_formulas_and_examples_fit_a_page(page):
    blocks = re.findall(r"```(?:python|text)\n(.*?)```", page.read_text("utf-8"), re.DOTALL)
    assert not [line for block in blocks for line in block.splitlines() if len(line) > 100]


def _named_functions(page: Path) -> set[tuple[str, str]]:
    found = re.findall(r"`(?:vrn_analysis\.)?(\w+)\.(\w+)`", page.read_text(encoding="utf-8"))
    endings = ("csv", "md", "py", "toml", "xlsx")
    return {(module, name) for module, name in found if module in NAMED and name not in endings}


@pytest.mark.parametrize("page", PAGES, ids=_name)
def test_every_function_that_a_page_names_exists(page):
    gone = [
        f"{module}.{name}"
        for module, name in sorted(_named_functions(page))
        if not hasattr(_module(module), name)
        and importlib.util.find_spec(f"{_module(module).__name__}.{name}") is None
    ]
    # a decision tells of what was, too
    assert not gone or page.name in ("decisions.md", "CHANGELOG.md"), gone


def test_what_is_called_offered_is_in_no_notebook():
    notebooks = "".join(file.read_text("utf-8") for file in ROOT.glob("notebooks/**/*.ipynb"))
    said = [part for page in METHODS for part in re.split(r"\n|;", page.read_text("utf-8"))]
    offered = [part.split("·")[0] for part in said if re.search(r"· offered", part)]
    assert offered
    named = [name for part in offered for name in re.findall(r"`(\w+\.\w+)`", part)]
    assert not [name for name in named if re.search(rf"\b{re.escape(name)}\b", notebooks)]


@pytest.mark.parametrize("module", STATISTICS)
def test_every_statistic_stands_in_the_methods(module):
    told = {name for page in METHODS for where, name in _named_functions(page) if where == module}
    found = _module(module)
    public = {
        name
        for name in getattr(found, "__all__", vars(found))
        if inspect.isfunction(getattr(found, name))
        and not name.startswith("_")
        and getattr(found, name).__module__.startswith(found.__name__)
        and not getattr(found, name).__module__.endswith(NO_STATISTIC)
        and inspect.signature(getattr(found, name)).return_annotation not in (str, None)
    }
    assert not public - told


def _phrase(node: ast.AST) -> Iterator[str]:
    """Return the words of a string in the code, with … for what is filled in."""
    if isinstance(node, ast.List):
        for part in node.elts:
            yield from _phrase(part)
    elif isinstance(node, ast.IfExp):
        yield from (*_phrase(node.body), *_phrase(node.orelse))
    elif isinstance(node, ast.JoinedStr):
        yield "".join(part.value if isinstance(part, ast.Constant) else "…" for part in node.values)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _phrases_in(tree: ast.AST) -> Iterator[str]:
    """Return what the code writes as the `statistic` or `method` of a table."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            # a `method=` of other calls is of other packages
            tables = getattr(node.func, "attr", "") in ("assign", "add_interval")
            names = ("statistic", "method") if tables else ("statistic",)
            for given in node.keywords:
                yield from _phrase(given.value) if given.arg in names else ()
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                named = getattr(key, "value", "") in ("statistic", "method")
                yield from _phrase(value) if named else ()
        elif re.match("none: .", str(getattr(node, "value", ""))):
            yield node.value


def _documented() -> re.Pattern[str]:
    text = (ROOT / "docs" / "methods" / "words.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?) \|", text, re.MULTILINE)
    phrases = [phrase for row in rows for phrase in re.findall(r"`([^`]+)`", row)]
    each = "|".join(re.escape(phrase).replace("…", ".+?") for phrase in phrases)
    return re.compile(f"(?:{each})(?:, (?:{each}))*")


def test_every_word_of_statistic_and_method_is_explained():
    known, said = _documented(), set()
    for name in STATISTICS:
        found = Path(inspect.getfile(_module(name)))
        files = found.parent.glob("*.py") if found.name == "__init__.py" else [found]
        for file in files:
            said |= set(_phrases_in(ast.parse(file.read_text(encoding="utf-8"))))
    for file in sorted(ROOT.glob("reports/tables/*.csv")):
        table = pd.read_csv(file, dtype=str)
        for column in {"statistic", "method"} & set(table):
            said |= set(table[column].dropna())
    assert len(said) > 40
    assert not {words for words in said if not known.fullmatch(words)}


def test_the_glossary_is_in_order_and_says_each_word_once():
    rows = re.findall(r"^\| (.+?) \| .+ \|$", GLOSSARY.read_text(encoding="utf-8"), re.MULTILINE)
    words = [row.lower() for row in rows if row not in ("word", "---")]
    assert len(words) > 60
    assert words == sorted(words)
    assert len(words) == len(set(words))


def test_the_assumptions_hold_the_numbers_of_the_code():
    page = (ROOT / "docs" / "assumptions.md").read_text(encoding="utf-8")
    places, times = _module("places"), _module("times")
    weights = tomllib.loads((ROOT / "data/reference/priority_weights.toml").read_text("utf-8"))
    said = [
        f"Cells are {places.CELL_SIZE:g} m, the bandwidth {places.BANDWIDTH / 1_000:g} km",
        f"wrong by about {places.cells.ADDRESS_ERROR:g} m",
        f"window up to {times.LONGEST_WINDOW} hours",
        f"A night is {times.days.NIGHT[0]}:00 to 0{times.days.NIGHT[1] - 1}:59",
        f"missing under {places.risk.LEAST_PEOPLE:g} people",
        ", ".join(f"{name} {weight:g}" for name, weight in weights["weights"].items()),
    ]
    assert not [words for words in said if words not in page]


def test_every_file_of_reference_data_is_described():
    page = (ROOT / "data" / "README.md").read_text(encoding="utf-8")
    patterns = [re.escape(name).replace(r"\*", ".*") for name in re.findall(r"`([^`]+)`", page)]
    files = [file.name for file in (ROOT / "data" / "reference").iterdir() if file.is_file()]
    assert not [name for name in files if not any(re.fullmatch(p, name) for p in patterns)]


def test_the_page_of_the_architecture_agrees_with_the_imports():
    rows = re.findall(r"^\| `(\w+)` \|[^|]+\|([^|]*)\|$", ARCHITECTURE.read_text("utf-8"), re.M)
    told = {room: set(re.findall(r"\w+", uses)) for room, uses in rows}
    package = ROOT / "vrn_analysis"
    assert set(told) == {folder.name for folder in package.iterdir() if any(folder.glob("*.py"))}
    for room, uses in told.items():
        code = "".join(file.read_text("utf-8") for file in (package / room).rglob("*.py"))
        found = set(re.findall(r"^\s*from vrn_analysis(?:\.| import )(\w+)", code, re.M))
        assert found - {room, "__version__"} == uses, room


# -- the names for a notebook author --------------------------------------------------------------

# every name costs a reader: remove one before you add one
MOST_NAMES = 174


def _generated() -> object:
    named = importlib.util.spec_from_file_location("pages", ROOT / "docs" / "generated_pages.py")
    module = importlib.util.module_from_spec(named)
    named.loader.exec_module(module)
    return module


def test_the_page_of_names_is_what_the_notebooks_use_and_one_line_each():
    pages = _generated()
    used = pages.notebook_names()
    assert set(used) <= {module for modules in pages.STAGES.values() for module in modules}
    assert (ROOT / "docs" / "api.md").read_text(encoding="utf-8") == pages.api(), (
        "run docs/generated_pages.py"
    )
    lines = re.findall(r"^\| `[\w.]+` \| (.+) \|$", pages.api(), re.MULTILINE)
    assert len(lines) == sum(map(len, used.values())) <= MOST_NAMES
    assert all(lines)
