"""pyproject.toml is the source of dependencies; the locks and environment.yml agree with it."""

import re
import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CONDA_NAMES = {"duckdb": "python-duckdb", "ibis-framework": "ibis-duckdb"}
CONDA = ["browser", "dev", "docs", "lab", "slides", "word"]
LOCKS = {
    "requirements-run.lock": ["lab", "slides", "word"],
    "requirements.lock": CONDA,
    "requirements-spark.lock": [*CONDA, "spark"],
}
DESIGN_CARD = {"geopandas", "jupyterlab", "matplotlib", "nbval", "pandas", "seaborn", "statsmodels"}


def requirements(extras):
    extra = PROJECT["optional-dependencies"]
    return [Requirement(line) for line in PROJECT["dependencies"] + sum(map(extra.get, extras), [])]


def locked(name):
    pins = re.findall(r"^([\w.-]+)==([\w.!+]+)", (ROOT / name).read_text(), flags=re.M)
    return {(canonicalize_name(package), version) for package, version in pins}


@pytest.mark.parametrize(("lock", "extras"), LOCKS.items())
def test_lock_satisfies_every_requirement(lock, extras):
    pins = locked(lock)
    for need in requirements(extras):
        versions = [version for name, version in pins if name == canonicalize_name(need.name)]
        assert versions, f"{need.name} is not in {lock}: run make lock"
        assert all(need.specifier.contains(version) for version in versions), need


@pytest.mark.parametrize("lock", LOCKS)
def test_lock_has_a_hash_for_every_pin_and_no_address(lock):
    text = (ROOT / lock).read_text()
    assert not re.search(r"https?://|--(extra-)?index-url|--find-links|file:", text)
    for block in re.split(r"\n(?=\w)", text.strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_each_lock_has_the_pins_of_the_one_before():
    extra = {name for name, _ in locked("requirements-spark.lock") - locked("requirements.lock")}
    assert extra == {"pyspark", "py4j"}
    assert locked("requirements-run.lock") < locked("requirements.lock")
    assert locked("requirements.lock") < locked("requirements-spark.lock")


def test_environment_yml_agrees_with_pyproject():
    lines = re.findall(r"^  - ([^\s:]+)$", (ROOT / "environment.yml").read_text(), flags=re.M)
    conda = {
        Requirement(line).name: Requirement(line).specifier for line in lines if "-e" not in line
    }
    assert str(conda.pop("python")) == PROJECT["requires-python"]
    assert {"pip", "conda-forge"} <= set(conda)
    conda = {name: needed for name, needed in conda.items() if name not in ("pip", "conda-forge")}
    ours = {CONDA_NAMES.get(need.name, need.name): need.specifier for need in requirements(CONDA)}
    assert conda == ours
    assert set(conda) >= DESIGN_CARD


def test_extras_do_not_repeat_the_core():
    core = {Requirement(line).name for line in PROJECT["dependencies"]}
    extra = {Requirement(line).name for line in sum(PROJECT["optional-dependencies"].values(), [])}
    assert not core & extra


def test_dependencies_md_names_each_direct_dependency_once():
    text = (ROOT / "docs" / "dependencies.md").read_text(encoding="utf-8")
    named = re.findall(r"^\| `([\w-]+)` \|", text, flags=re.M)
    assert sorted(named) == sorted(
        need.name for need in requirements(PROJECT["optional-dependencies"])
    )


def test_licence_is_mit_and_no_dependency_is_gpl_by_name():
    assert PROJECT["license"] == "MIT"
    assert "the vrn_analysis contributors" in (ROOT / "LICENSE").read_text()
    assert not {"phstatsmethods", "pytauargus"} & {name for name, _ in locked("requirements.lock")}
