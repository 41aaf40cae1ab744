"""Every page is valid HTML and CSS by the Nu HTML Checker, which is what the W3C runs."""

import json
import os
import subprocess
from pathlib import Path

import pytest
from browser_needs import needed

pytestmark = pytest.mark.slow
KINDS = ["own"] if os.environ.get("VRN_BRIEFING") else ["sample", "open"]
# of SVG 2, which the checker's list of CSS properties does not hold; browsers know both
UNKNOWN_TO_IT = ".*Property “(vector-effect|paint-order)” doesn't exist.*"
FAULTY = """<!DOCTYPE html><html lang="en-GB"><head><title>Faulty</title>
<style>p { colour: red }</style></head><body><p id="a">One<p id="a"><img src="x.png"></body></html>
"""


@pytest.fixture(scope="module")
def faults():
    """Return what finds the faults of HTML files: all in one run, since Java is slow to start."""
    jar = os.environ.get("VRN_VNU")
    words = "VRN_VNU does not name the checker: npm install vnu-jar, then its build/dist/vnu.jar"
    needed(jar and Path(jar).is_file(), words)
    command = ["java", "-jar", jar, "--errors-only", "--format", "json"]

    def run(files):
        assert files
        options = ["--filterpattern", UNKNOWN_TO_IT, *map(str, files)]
        done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
        return [
            f"{Path(one['url']).name}, line {one.get('lastLine')}: {one['message']}"
            for one in json.loads(done.stderr)["messages"]
        ]

    return run


def test_the_checker_would_find_a_fault(faults, tmp_path):
    (tmp_path / "faulty.html").write_text(FAULTY, encoding="utf-8")
    found = " ".join(faults([tmp_path / "faulty.html"]))
    for fault in ("colour", "Duplicate ID", "alt"):
        assert fault in found


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_of_a_briefing_is_valid(faults, folder, kind):
    assert faults(sorted(folder.rglob("*.html"))) == []


def test_every_page_of_the_editions_is_valid(faults, sample_editions):
    assert faults(sorted(sample_editions.rglob("*.html"))) == []
