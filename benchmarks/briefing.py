"""
What a briefing costs: cold, unchanged, with one sentence changed, and of many offences.

    python benchmarks/briefing.py --rows 1000000

CPU seconds are of the command and of all processes that it starts, on Linux, where this program
takes over those that nobody waits for; wall seconds depend on what else the machine does. Memory
is the largest of any one process, seen ten times a second. Each bound is printed, met or missed.
"""

import argparse
import ctypes
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

import psutil

ADOPT = 36  # PR_SET_CHILD_SUBREAPER
NOTEBOOKS = Path(__file__).resolve().parent.parent / "notebooks"
SAID = """---
author: An analyst
date: 2026-01-31
status: draft
---
The police record what is reported to them.
"""
TIMED = """
import os, sys, time
begun = time.process_time()
exec(sys.argv[1])
imported = time.process_time()
from vrn_analysis.count import assessment
run = assessment.open_run(sys.argv[2])
run.stamp(), run.counted()
print(imported - begun, time.process_time() - imported)
"""


def children_cpu() -> float:
    """Return the CPU seconds of every process that has ended below this one."""
    while True:
        try:
            if not os.waitpid(-1, os.WNOHANG)[0]:
                time.sleep(0.2)
        except ChildProcessError:
            break
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Watch(threading.Thread):
    """See how large the processes below this one become."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.most, self.over = 0, False

    def run(self) -> None:
        """Look ten times a second."""
        while not self.over:
            for process in psutil.Process().children(recursive=True):
                try:
                    self.most = max(self.most, process.memory_info().rss)
                except psutil.Error:
                    continue
            time.sleep(0.1)


def briefing(data: Path, output: Path) -> dict[str, float]:
    """Make a briefing without a PDF; return what it cost, in seconds and GB."""
    before, begun, watch = children_cpu(), time.monotonic(), Watch()
    watch.start()
    command = [sys.executable, "-m", "vrn_analysis", "briefing", "--no-pdf"]
    process = subprocess.Popen(
        [*command, "--data", str(data), "--output", str(output)], stdout=subprocess.PIPE, text=True
    )
    seen, last = psutil.Process(process.pid), 0.0
    for line in process.stdout:
        print(" ", line, end="", flush=True)
        if line.startswith(("done", "unchanged", "FAILED")):
            last = sum(seen.cpu_times()[:2])
    end = os.wait4(process.pid, 0)
    watch.over = True
    if end[1]:
        sys.exit("The briefing failed.")
    return {
        "wall": time.monotonic() - begun,
        "cpu": children_cpu() - before,
        "assembly": end[2].ru_utime + end[2].ru_stime - last,
        "gigabytes": watch.most / 2**30,
    }


def _imports(file: Path) -> str:
    cells = [cell for cell in json.loads(file.read_text())["cells"] if cell["cell_type"] == "code"]
    return "".join(cells[0]["source"]).split("\n\nrun = ")[0]


def opening(data: Path) -> tuple[float, float]:
    """Return the most CPU seconds that imports of any notebook take, and then opening a run."""
    taken = []
    for file in sorted(NOTEBOOKS.glob("[0-9]*.ipynb")):
        asked = [sys.executable, "-c", TIMED, _imports(file), str(data)]
        told = subprocess.run(asked, capture_output=True, text=True, check=True).stdout.split()
        taken.append([float(each) for each in told])
        print(f"  {file.stem}: imports {taken[-1][0]:.2f} s, opening {taken[-1][1]:.2f} s")
    return max(each[0] for each in taken), max(each[1] for each in taken)


def bound(what: str, value: float, most: float) -> None:
    """Print a bound, met or missed."""
    print(
        f"{'met   ' if value <= most else 'MISSED'} {what}: {value:.2f} (at most {most})",
        flush=True,
    )


def measure(place: Path, rows: int) -> None:
    """Make each briefing in a new folder, and print the bounds."""
    os.environ["VRN_CACHE"] = str(place / "cache")
    sample = [sys.executable, "-m", "vrn_analysis", "sample", "--output"]
    data, output = place / "data", place / "briefing"
    subprocess.run([*sample, str(data)], check=True)
    cold = briefing(data, output)
    bound("sample briefing, cold: wall", cold["wall"], 60)
    bound("sample briefing, cold: CPU", cold["cpu"], 110)
    bound("assembly after the last notebook: CPU", cold["assembly"], 10)
    same = briefing(data, output)
    bound("nothing changed: wall", same["wall"], 4)
    bound("nothing changed: CPU", same["cpu"], 4)
    (data / "commentary").mkdir()
    (data / "commentary" / "03.md").write_text(SAID)
    said = briefing(data, output)
    bound("one sentence of commentary changed: wall", said["wall"], 8)
    bound("one sentence of commentary changed: CPU", said["cpu"], 8)
    imports, opened = opening(data)
    bound("imports of any one notebook: CPU", imports, 1.2)
    bound("opening a prepared run after imports: CPU", opened, 0.5)
    if rows:
        subprocess.run([*sample, str(place / "large"), "--rows", str(rows)], check=True)
        large = briefing(place / "large", place / "large_briefing")
        print(f"  {rows:,} offences: {large['cpu']:.0f} CPU s")
        bound(f"{rows:,} offences: wall", large["wall"], 120)
        bound(f"{rows:,} offences: GB of the largest process", large["gigabytes"], 1.5)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[1])
    asked.add_argument("--rows", type=int, default=0, help="also a sample of so many offences")
    ctypes.CDLL(None).prctl(ADOPT, 1)
    folder = Path(tempfile.mkdtemp())
    try:
        measure(folder, asked.parse_args().rows)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
