"""Build a briefing as a user does, once for all workers of a test session."""

import subprocess
import sys

from filelock import FileLock


def build(output, *options):
    """Build a briefing in a process of its own, whatever this one holds open."""
    command = [sys.executable, "-m", "vrn_analysis", "briefing", "--output", str(output)]
    done = subprocess.run([*command, *options], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return output


def shared(tmp_path_factory, name, *options):
    """Return the folder of a briefing that the first worker to need it builds."""
    place = tmp_path_factory.getbasetemp()
    # each worker of pytest-xdist has a folder of its own below that of the session
    place = place.parent if place.name.startswith("popen-") else place
    folder = place / name / "briefing"
    with FileLock(place / f"{name}.lock"):
        # a build that fails leaves no folder
        return folder if folder.exists() else build(folder, *options)
