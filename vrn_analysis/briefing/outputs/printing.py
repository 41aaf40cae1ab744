"""PDF of pages, printed by the Chromium of the machine where it has one."""

import shutil
import subprocess
from pathlib import Path

from vrn_analysis.core import scratch, session
from vrn_analysis.core.errors import AssessmentError

PROGRAMS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
PLACES = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files\Microsoft\Edge\Application\msedge.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
# the page asks for nothing, and the browser shall ask for nothing by itself either
FLAGS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-pdf-header-footer",
    "--export-tagged-pdf",
    "--generate-pdf-document-outline",
)
SECONDS = 180


def browser() -> str:
    """Return the browser that can print: `VRN_CHROMIUM`, else one that is installed, else ""."""
    if named := session.setting("VRN_CHROMIUM"):
        return named
    found = (shutil.which(program) for program in (*PROGRAMS, *PLACES))
    return next((path for path in found if path), "")


def print_page(page: Path, pdf: Path, *, program: str) -> None:
    """
    Print a page to a tagged PDF with its title, language and outline.

    Parameters
    ----------
    page
        The page.
    pdf
        The file to write.
    program
        The browser, as `browser` returns it.

    Raises
    ------
    AssessmentError
        If the browser cannot be started, or printed nothing.
    """
    with scratch.folder("print") as profile:
        command = [program, *FLAGS, f"--user-data-dir={profile}", f"--print-to-pdf={pdf}"]
        try:
            subprocess.run(
                [*command, page.as_uri()], timeout=SECONDS, check=True, capture_output=True
            )
        except (OSError, subprocess.SubprocessError) as fault:
            pdf.unlink(missing_ok=True)
            raise AssessmentError(
                f"{Path(program).name} could not print {page.name} ({type(fault).__name__}). Try "
                "again with --no-pdf, or name another browser in VRN_CHROMIUM."
            ) from fault
    if not pdf.exists() or not pdf.read_bytes().startswith(b"%PDF"):
        raise AssessmentError(f"{Path(program).name} printed nothing of {page.name}: try --no-pdf.")
