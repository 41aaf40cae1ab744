"""What is installed from a wheel or an sdist, in an empty folder, works as a checkout does."""

import os
import shutil
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
# one chapter, with its tables, workbook and slides: all of them take minutes
ASKED = ("--no-pdf", "--only", "02")
# they hold the time at which they were made
DATED = (
    "manifest.json",
    "briefing.log",
    "tables.xlsx",
    "tables_for_analysts.xlsx",
    "briefing.pptx",
    ".docx",
)


def python(*words, cwd, **variables):
    command = [sys.executable, *map(str, words)]
    return subprocess.Popen(command, cwd=cwd, env=os.environ | variables)


def build(source, target, kind):
    assert python("-m", "hatchling", "build", "-t", kind, "-d", target, cwd=source).wait() == 0
    [made] = target.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return made


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    return build(ROOT, tmp_path_factory.mktemp("wheel"), "wheel")


@pytest.mark.slow
def test_wheel_carries_what_a_checkout_has_beside_the_package(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {
        f"vrn_analysis/_resources/{path.relative_to(ROOT).as_posix()}"
        for folder in ("notebooks", "assessments", "data/reference")
        for path in (ROOT / folder).rglob("*")
        if path.is_file() and path.suffix in (".ipynb", ".toml", ".csv", ".j2")
    }
    wanted |= {
        f"vrn_analysis/_resources/{name}" for name in ("data/sources.toml", "requirements-run.lock")
    }
    wanted |= {
        path.relative_to(ROOT).as_posix()
        for path in (ROOT / "vrn_analysis").rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert wanted <= names, sorted(wanted - names)


@pytest.mark.slow
def test_sdist_builds_the_same_wheel(wheel, tmp_path):
    with tarfile.open(build(ROOT, tmp_path, "sdist")) as archive:
        archive.extractall(tmp_path, filter="data")
    [source] = (path for path in tmp_path.iterdir() if path.is_dir())
    assert build(source, tmp_path / "again", "wheel").read_bytes() == wheel.read_bytes()


@pytest.mark.slow
def test_wheel_alone_makes_the_briefing_that_a_checkout_makes(wheel, small_sample, tmp_path):
    site = tmp_path / "site"
    install = ("-m", "pip", "install", "--quiet", "--no-index", "--no-deps", "--target", site)
    assert python(*install, wheel, cwd=tmp_path).wait() == 0
    running = []
    for name, path in (("installed", site), ("checkout", ROOT)):
        folder = tmp_path / name
        shutil.copytree(small_sample, folder / "data")
        command = ("-m", "vrn_analysis", "briefing", "--data", "data", "--output", "made", *ASKED)
        about = {"PYTHONPATH": str(path), "VRN_CACHE": str(folder / "cache")}
        running.append(python(*command, cwd=folder, **about))
    assert [process.wait() for process in running] == [0, 0]
    installed, checkout = (
        {
            path.relative_to(tmp_path / name / "made").as_posix(): path.read_bytes()
            for path in (tmp_path / name / "made").rglob("*")
            if path.is_file()
        }
        for name in ("installed", "checkout")
    )
    assert any(name.endswith(".csv") for name in installed)
    assert sorted(installed) == sorted(checkout)
    differ = [name for name in installed if installed[name] != checkout[name]]
    assert [name for name in differ if not name.endswith(DATED)] == []
