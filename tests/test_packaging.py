"""pyproject.toml is the source of dependencies; the locks and environment.yml agree with it."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
CONDA_NAMES = {"duckdb": "python-duckdb", "ibis-framework": "ibis-duckdb"}
LOCKS = {
    "requirements.lock": ["browser", "dev", "docs"],
    "requirements-spark.lock": ["browser", "dev", "docs", "spark"],
}


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


def test_spark_lock_is_the_core_lock_and_spark():
    extra = {name for name, _ in locked("requirements-spark.lock") - locked("requirements.lock")}
    assert extra == {"pyspark", "py4j"}
    assert locked("requirements.lock") < locked("requirements-spark.lock")


def test_environment_yml_agrees_with_pyproject():
    lines = re.findall(r"^  - ([^\s:]+)$", (ROOT / "environment.yml").read_text(), flags=re.M)
    conda = {
        Requirement(line).name: Requirement(line).specifier for line in lines if "-e" not in line
    }
    assert str(conda.pop("python")) == PROJECT["requires-python"]
    assert {"pip", "conda-forge"} <= set(conda)
    conda = {name: needed for name, needed in conda.items() if name not in ("pip", "conda-forge")}
    ours = {
        CONDA_NAMES.get(need.name, need.name): need.specifier
        for need in requirements(["browser", "dev", "docs"])
    }
    assert conda == ours


def test_licence_is_mit_and_no_dependency_is_gpl_by_name():
    assert PROJECT["license"] == "MIT"
    assert "the vrn_analysis contributors" in (ROOT / "LICENSE").read_text()
    assert not {"phstatsmethods", "pytauargus"} & {name for name, _ in locked("requirements.lock")}


@pytest.mark.slow
def test_wheel_carries_what_a_checkout_has_beside_the_package(tmp_path):
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"vrn_analysis/_resources/{path.relative_to(ROOT).as_posix()}"
        for folder in ("notebooks", "assessments", "data/reference")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix in (".ipynb", ".toml", ".csv")
    }
    wanted.add("vrn_analysis/_resources/data/sources.toml")
    wanted |= {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "vrn_analysis").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted <= names, sorted(wanted - names)
