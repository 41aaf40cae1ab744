"""`vrn lab`: JupyterLab opens in a real browser, and a notebook runs there to its end."""

import os
import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path
from urllib.request import urlopen

import nbformat
import pytest
from typer.testing import CliRunner

from vrn_analysis.commands.cli import app

pytestmark = pytest.mark.slow
ROOT = Path(__file__).resolve().parents[2]
NOTEBOOK = "03_scale_and_trend.ipynb"
EXPLORER = "explore/explorer.ipynb"
# JupyterLab fetches news and asks for newer versions unless it is told not to
QUIET = (
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)
MINUTES = 5
DONE = """count => {
  const cells = [...document.querySelectorAll('.jp-Notebook .jp-CodeCell')];
  const failed = document.querySelector('[data-mime-type="application/vnd.jupyter.error"]');
  const numbered = cells.filter(c => /^\\[\\d+\\]:$/.test(
    c.querySelector('.jp-InputPrompt').textContent.trim()));
  return failed || (cells.length === count && numbered.length === count) }"""


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture
def desk(tmp_path):
    """Copy the notebooks, without their outputs, to a folder of their own."""
    folder = tmp_path / "notebooks"
    shutil.copytree(ROOT / "notebooks", folder)
    for file in folder.glob("*.ipynb"):
        notebook = nbformat.read(file, as_version=4)
        for cell in notebook.cells:
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
        nbformat.write(notebook, file)
    return folder


@pytest.fixture
def lab(desk, tmp_path):
    """Start JupyterLab with settings of its own; return its address."""
    port, token = free_port(), "token-of-a-test"
    homes = ("CONFIG", "DATA", "RUNTIME")
    env = {k: v for k, v in os.environ.items() if k not in ("VRN_DATA", "VRN_OUTPUT")}
    env |= {f"JUPYTER_{name}_DIR": str(tmp_path / name.lower()) for name in homes}
    env |= {f"JUPYTERLAB_{name}_DIR": str(tmp_path / name) for name in ("SETTINGS", "WORKSPACES")}
    options = [
        *("--no-browser", "--allow-root", "--ip=127.0.0.1", f"--port={port}"),
        *("--ServerApp.port_retries=0", f"--IdentityProvider.token={token}"),
        *(f"--ServerApp.root_dir={desk}", *QUIET),
    ]
    log = (tmp_path / "lab.log").open("w")
    command = [sys.executable, "-m", "jupyterlab", *options]
    server = subprocess.Popen(command, cwd=desk, env=env, stdout=log, stderr=log)
    address = f"http://127.0.0.1:{port}"
    try:
        wait_for(server, f"{address}/api?token={token}", tmp_path / "lab.log")
        yield address, token
    finally:
        server.terminate()
        server.wait(30)
        log.close()


def wait_for(server, address, log):
    end = time.monotonic() + 60 * MINUTES
    while time.monotonic() < end:
        assert server.poll() is None, log.read_text()
        try:
            return urlopen(address, timeout=5).read()
        except OSError:
            time.sleep(0.3)
    raise AssertionError(f"JupyterLab did not start: {log.read_text()}")


def code_cells(file):
    return [cell for cell in nbformat.read(file, 4).cells if cell.cell_type == "code"]


def run_all(browser, address, token, file, *, below):
    """Open a notebook and run its cells; return the page, and what it asked of the network."""
    asked = []
    page = browser.new_page(viewport={"width": 1280, "height": 900})

    def answer(route):
        if route.request.url.startswith((address, "data:", "blob:")):
            return route.continue_()
        asked.append(route.request.url)
        return route.abort()

    page.route("**/*", answer)
    page.set_default_timeout(60_000 * MINUTES)
    name = file.relative_to(below).as_posix()
    page.goto(f"{address}/lab/tree/{name}?token={token}&reset")
    page.wait_for_selector(".jp-NotebookPanel .jp-Notebook .jp-CodeCell")
    # before its kernel stands ready, JupyterLab would ask which kernel to take
    page.wait_for_selector("#jp-bottom-panel >> text=Python 3 (ipykernel) | Idle")
    page.click(".lm-MenuBar-item:has-text('Run')")
    page.click("[data-command='runmenu:run-all']")
    page.wait_for_function(DONE, arg=len(code_cells(file)))
    return page, asked


def test_notebook_runs_to_its_end(browser, lab, desk):
    page, asked = run_all(browser, *lab, desk / NOTEBOOK, below=desk)
    assert page.locator(".jp-Notebook img").count() >= 1
    assert page.locator(".jp-Notebook table").count() >= 1
    before = (desk / NOTEBOOK).stat().st_mtime_ns
    page.keyboard.press("Control+s")
    end = time.monotonic() + 60
    while (desk / NOTEBOOK).stat().st_mtime_ns == before and time.monotonic() < end:
        page.wait_for_timeout(200)
    page.close()
    saved = code_cells(desk / NOTEBOOK)
    assert [cell.execution_count for cell in saved] == list(range(1, len(saved) + 1))
    kinds = [(output.output_type, output.get("name")) for cell in saved for output in cell.outputs]
    assert not [kind for kind in kinds if kind[0] == "error" or kind[1] == "stderr"]
    assert asked == []


def test_the_explorer_answers_another_choice(browser, lab, desk):
    page, asked = run_all(browser, *lab, desk / EXPLORER, below=desk)
    answer = page.locator(".jp-Notebook .widget-vbox")
    answer.get_by_text("by district").first.wait_for()
    area = answer.locator(".widget-dropdown", has_text="Area").locator("select")
    area.select_option(label="Aldersea")
    answer.get_by_text("Aldersea, by financial year").first.wait_for()
    assert answer.locator("table").count() == 1
    assert not page.locator('[data-mime-type="application/vnd.jupyter.error"]').count()
    page.close()
    assert asked == []


def test_make_lab_keeps_real_data_out_of_the_committed_notebooks():
    if not shutil.which("make"):
        pytest.skip("make is not installed")

    def recipe(*options):
        # its own output alone, though `make test` is what runs this
        command = ["make", "--no-print-directory", "--dry-run", "lab", *options]
        return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert recipe().rstrip().endswith("vrn lab notebooks")
    assert recipe("DATA=data/raw").rstrip().endswith("vrn lab --data data/raw")


def test_lab_asks_for_no_news_and_leaves_the_data_of_the_shell(monkeypatch, tmp_path):
    asked = {}

    def run(command, **how):
        asked.update(how["env"], command=command)
        return subprocess.CompletedProcess(command, 0)

    monkeypatch.setenv("VRN_DATA", "elsewhere")
    monkeypatch.setattr(subprocess, "run", run)
    assert CliRunner().invoke(app, ["lab", str(tmp_path / "mine")]).exit_code == 0
    assert {*QUIET} <= {*asked["command"]}
    assert asked["VRN_DATA"] == "", "real data would fill notebooks that are committed"
    first = nbformat.read(tmp_path / "mine" / "00_start_here.ipynb", 4)
    assert not any(cell.get("outputs") for cell in first.cells), "outputs of other data"
