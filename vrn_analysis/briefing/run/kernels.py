"""Execute notebooks, each in a fresh kernel of the Python that runs this program."""

import asyncio
import os
import re
import symtable
import sys
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from jupyter_client.kernelspec import KernelSpec, KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_notebook, new_output

from vrn_analysis.briefing.plan import notebooks
from vrn_analysis.briefing.run import forks
from vrn_analysis.briefing.run.runner import Failure, safe_message, safe_trace
from vrn_analysis.core import scratch, session

PREPARE = "from vrn_analysis.count import assessment\nassessment.open_run().prepare()"
CELL_SECONDS = 900
WORKERS = 2
# errors that are what a section says in its place
NOT_IN_THIS_RUN = ("NotInThisRun", "NotEnoughError")
TOO_FEW = "There are too few records, or too little variation, for a result here."


@dataclass(frozen=True)
class Job:
    """
    A notebook to execute, and the folder its tables go to.

    `edition` is what an edition of the briefing changes in the settings, as JSON; `secret` is that
    of the data folder.
    """

    name: str
    notebook: NotebookNode
    folder: Path
    output: Path
    edition: str = ""
    secret: str = ""


@dataclass(frozen=True)
class Executed:
    """A notebook after its run: how long it took and, if it stopped, why."""

    name: str
    notebook: NotebookNode
    seconds: float
    failure: Failure | None = None


class _ThisPython(KernelSpecManager):
    """Offer one kernel, this interpreter, whatever kernels the machine has installed."""

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        command = [sys.executable, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(argv=command, display_name="Python 3", language="python")


def environment(
    *, data: Path | None, output: Path, profile: Path, edition: str = "", secret: str = ""
) -> dict[str, str]:
    """
    Return the environment of a kernel: the same on every machine and for every user.

    Parameters
    ----------
    data
        The data folder; None means the sample.
    output
        Folder for the tables.
    profile
        An empty folder in place of the user's own IPython start-up files, and for all that the
        kernel spills: it is removed also where the kernel is killed.
    edition, secret
        As `Job` has them.
    """
    kept = {k: v for k, v in os.environ.items() if k not in session.VARIABLES.values()}
    named = session.Session(data, edition, output, secret).variables()
    named |= dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(profile.resolve()))
    return (
        kept
        | named
        | {
            "PYTHONHASHSEED": "0",
            # what JupyterLab and nbval use, whatever the user's shell says
            "MPLBACKEND": "module://matplotlib_inline.backend_inline",
            "IPYTHONDIR": str(profile.resolve()),
            # sums in a fixed order: two runs give the same last digit
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
        }
    )


def _names_set(source: str) -> set[str]:
    """Return the names that a cell binds for the cells after it."""
    try:
        names = symtable.symtable(source, "cell", "exec").get_symbols()
    except SyntaxError:
        return set()
    return {name.get_name() for name in names if name.is_assigned() or name.is_imported()}


def _absent(reason: str, *, failed: bool = False) -> list[NotebookNode]:
    """Return the output in place of a result that is missing."""
    lead, about = "Failed.", {"absent": True}
    if not failed:
        lead, about = "Not available from the data supplied.", about | {"missing": reason}
    return [
        new_output(
            "display_data",
            data={"text/markdown": f"*{lead}* {reason}", "text/plain": reason},
            metadata={"text/markdown": about},
        )
    ]


async def _execute_cells(client: NotebookClient, reached: list[int]) -> None:
    """
    Execute cell by cell; skip a section that the run cannot fill, and show the reason once.

    What a skipped section would have bound is taken from the kernel, so that no later section can
    show an older value: it is absent for the same reason. `reached` tells the caller how far it
    got.
    """
    silent, lost = "", {}

    def lose(cell: NotebookNode, reason: str) -> None:
        names = _names_set(cell.source)
        lost.update(dict.fromkeys(names, reason))
        forget = f"for _lost in {sorted(names)}:\n    globals().pop(_lost, None)"
        client.kc.execute(forget, silent=True)

    for index, cell in enumerate(client.nb.cells):
        reached.append(index)
        if cell.cell_type != "code":
            silent = "" if cell.source.lstrip().startswith("#") else silent
            continue
        if silent:
            lose(cell, silent)
            continue
        try:
            await client.async_execute_cell(cell, index)
        except CellExecutionError as fault:
            reason = _reason_absent(fault, lost)
            if not reason:
                raise
            cell.outputs, silent = _absent(reason), reason
            lose(cell, reason)


def _reason_absent(fault: CellExecutionError, lost: dict[str, str]) -> str:
    if fault.ename in NOT_IN_THIS_RUN:
        # what a method says of its input may be made of true counts, which are shown to nobody
        counts = fault.ename == "NotEnoughError" and re.search(r"\d", fault.evalue)
        return TOO_FEW if counts else fault.evalue
    if fault.ename == "NameError":
        return next((why for name, why in lost.items() if f"'{name}'" in fault.evalue), "")
    return ""


def _failure(job: Job, fault: Exception, kernel_log: Path) -> Failure:
    running = [c for c in job.notebook.cells if c.cell_type == "code" and c.execution_count]
    cell = f"[{len(running)}]" if running else ""
    if isinstance(fault, CellExecutionError):
        message = safe_message(fault.ename, fault.evalue)
        # a kernel counts from 1 and skipped cells do not count, so In [n] finds the cell
        outputs = [o for c in job.notebook.cells for o in c.get("outputs", [])]
        traces = [o.traceback for o in outputs if o.output_type == "error"]
        return Failure(job.name, cell, message, safe_trace(sum(traces, []), message=message))
    if isinstance(fault, CellTimeoutError):
        return Failure(job.name, cell, f"took longer than {CELL_SECONDS} seconds and was stopped.")
    lines = kernel_log.read_text(encoding="utf-8", errors="replace").splitlines()
    told = "\n".join(line for line in lines if "IPKernelApp" not in line)
    return Failure(
        job.name,
        cell,
        "Python stopped in the middle of the cell, usually because memory ran out. Close other "
        "programs, or use fewer months of data.",
        told,
    )


def _break_off(notebook: NotebookNode, at: int) -> None:
    """Leave what came before the cell that failed; say in its place that the rest is missing."""
    missing = "This chapter stopped here: its notebook failed, and the rest is missing."
    cells = notebook.cells[:at]
    if at < len(notebook.cells):
        cell = notebook.cells[at]
        cell.outputs = _absent(f"{missing} The log says why.", failed=True)
        cell.metadata.pop("tags", None)
        cells.append(cell)
    notebook.cells = cells


async def _execute(
    job: Job, *, data: Path | None, profile: Path, server: forks.Server | None
) -> Executed:
    notebooks.clear(job.notebook)
    started = time.monotonic()
    kernel_log = profile / f"{job.name}.log"
    manager = AsyncKernelManager(kernel_spec_manager=_ThisPython(), autorestart=False)
    client = NotebookClient(
        job.notebook,
        km=server.manage(manager) if server else manager,
        timeout=CELL_SECONDS,
        record_timing=False,
        store_widget_state=False,
        coalesce_streams=True,
    )
    about = {"output": job.output, "edition": job.edition, "secret": job.secret}
    env = environment(data=data, profile=profile, **about)
    failure, reached = None, [0]
    try:
        with kernel_log.open("wb") as stderr:
            async with client.async_setup_kernel(env=env, cwd=str(job.folder), stderr=stderr):
                await _execute_cells(client, reached)
    except (CellExecutionError, CellTimeoutError, DeadKernelError, RuntimeError) as fault:
        failure = _failure(job, fault, kernel_log)
        _break_off(job.notebook, reached[-1])
    return Executed(job.name, job.notebook, time.monotonic() - started, failure)


async def _prepare(job: Job, **where: Any) -> None:
    """Prepare the records that several notebooks open; why they cannot be, each says itself."""
    notebook = new_notebook(cells=[new_code_cell(PREPARE)])
    output = where["profile"] / "prepare"
    output.mkdir()
    await _execute(replace(job, name="prepare", notebook=notebook, output=output), **where)


async def _execute_all(
    jobs: list[Job], tell: Callable[[Executed], None], *, prepare: bool, **where: Any
) -> list[Executed]:
    free = asyncio.Semaphore(WORKERS)

    async def one(job: Job) -> Executed:
        async with free:
            executed = await _execute(job, **where)
        tell(executed)
        return executed

    if prepare:
        await _prepare(jobs[0], **where)
    return await asyncio.gather(*map(one, jobs))


def execute(
    jobs: list[Job], *, data: Path | None = None, tell: Callable[[Executed], None] | None = None
) -> list[Executed]:
    """
    Execute notebooks, two at a time, each in a kernel of its own.

    A notebook that fails does not stop the others.

    Parameters
    ----------
    jobs
        The notebooks; they are filled in place.
    data
        The data folder; None means the sample.
    tell
        Called with each notebook as it ends.

    Returns
    -------
    executed
        In the order of `jobs`.
    """
    for job in jobs:
        job.output.mkdir(parents=True, exist_ok=True)
    with scratch.folder("kernel") as profile, ExitStack() as stack:
        env = environment(data=data, output=profile, profile=profile)
        opening = [job for job in jobs if "open_run" in str(job.notebook.cells)]
        several = len(opening) > 1
        server = stack.enter_context(forks.server(env, profile)) if several else None
        where = {"data": data, "profile": profile, "server": server, "prepare": several}
        # the loop that sockets of kernels can be read in, which is not the usual one on Windows
        with asyncio.Runner(loop_factory=asyncio.SelectorEventLoop) as runner:
            return runner.run(_execute_all(jobs, tell or (lambda executed: None), **where))
