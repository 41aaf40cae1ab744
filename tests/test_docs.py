"""The documentation site builds without a warning, and links of the repository lead somewhere."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PAGES = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("data/**/*.md")])


@pytest.mark.slow
def test_the_site_builds_without_a_warning_and_holds_every_public_module(tmp_path):
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "--keep-going", "-b", "html"]
    done = subprocess.run(
        [*command, "-d", str(tmp_path / "trees"), "docs", str(tmp_path / "site")],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "site" / "generated" / "module_rates.html").read_text(encoding="utf-8")
    assert "vrn_analysis.rates.crude_rate" in page
    dictionary = tmp_path / "site" / "generated" / "data_dictionary.html"
    assert "investigation_outcome" in dictionary.read_text(encoding="utf-8")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_files_lead_somewhere(page):
    made = ("generated/",)  # by the site's own build
    for target in re.findall(r"\]\(([^)#\s]+)", page.read_text(encoding="utf-8")):
        if not re.match(r"[a-z]+:", target) and not target.startswith(made):
            assert (page.parent / target).exists(), target
