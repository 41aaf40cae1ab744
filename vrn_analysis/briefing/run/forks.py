"""
Start kernels as copies of one process that has imported what notebooks need; on Linux only.

The process has one thread and no engine, so that its copies are sound; where that is not so, and
on other systems, each kernel starts by itself. The process ends with the process
that started it, and its copies end with it.
"""

import asyncio
import importlib
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from typing import IO, Any

from jupyter_client.manager import AsyncKernelManager
from jupyter_client.provisioning import LocalProvisioner

COPIES = sys.platform == "linux"  # other systems have libraries that copies cannot use
SOUND = "1\n"  # the number of its threads, which it says once it has imported
# DuckDB starts a thread when it is imported, and Arrow one unless it is told not to
ONE_THREAD = {"JE_ARROW_MALLOC_CONF": "background_thread:false"}
IMPORTED = (
    "ipykernel.kernelapp", "ibis.backends.sql.compilers", "geopandas", "pyogrio", "scipy.optimize",
    "scipy.stats", "matplotlib.axes", "matplotlib.backends.backend_agg",
    "vrn_analysis.say.findings", "vrn_analysis.say.quality",
    *(f"vrn_analysis.methods.{name}" for name in (
        "disproportionality", "evaluation", "harm", "hotspots", "inequality", "prevention",
    )),
)  # fmt: skip


def _say(stream: IO[str], content: Any) -> None:
    stream.write(json.dumps(content) + "\n")
    stream.flush()


class Fork:
    """A copy of the server, with what `subprocess.Popen` offers of a process."""

    stdin = stdout = stderr = None

    def __init__(self, server: "Server", pid: int) -> None:
        self.server, self.pid, self.returncode = server, pid, None

    def poll(self) -> int | None:
        """Return the exit status; None while it runs."""
        if self.returncode is None:
            self.returncode = self.server.ask(ended=self.pid)
        return self.returncode

    wait = poll  # it is only asked for once it has ended

    def send_signal(self, number: int) -> None:
        """Send a signal."""
        if self.poll() is None:
            os.killpg(self.pid, number)


class Server:
    """The process that is copied, as those who ask it see it."""

    def __init__(self, process: subprocess.Popen) -> None:
        self.process, self.lock = process, Lock()

    def ask(self, **request: Any) -> Any:
        """
        Return the answer to a request: the number of a new process, or the end of an old one.

        Raises
        ------
        RuntimeError
            If the server has ended.
        """
        with self.lock:
            try:
                _say(self.process.stdin, request)
                return json.loads(self.process.stdout.readline())
            except (OSError, ValueError):
                raise RuntimeError("The process that starts kernels has ended.") from None

    def manage(self, manager: AsyncKernelManager) -> AsyncKernelManager:
        """Have a manager start its kernel as a copy."""
        about = {"kernel_id": "", "kernel_spec": manager.kernel_spec, "parent": manager}
        manager.provisioner = _Provisioner(**about)
        manager.provisioner.server = self
        return manager


class _Provisioner(LocalProvisioner):
    server: Server

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> dict[str, Any]:
        asked = {"env": kwargs["env"], "cwd": kwargs["cwd"], "log": kwargs["stderr"].name}
        pid = await asyncio.to_thread(self.server.ask, argv=cmd[3:], **asked)
        self.process = Fork(self.server, pid)
        self.pid, self.pgid, self.cwd = pid, None, kwargs["cwd"]
        return self.connection_info


@contextmanager
def server(env: dict[str, str], folder: Path) -> Iterator[Server | None]:
    """
    Yield a server, and end it at the end of the `with` block; None where processes are not copied.

    Parameters
    ----------
    env
        The environment to import in.
    folder
        An empty folder to work in, from which nothing is imported.
    """
    if not COPIES:
        yield None
        return
    command, pipe = [sys.executable, "-m", __name__], subprocess.PIPE
    about = {"env": env | ONE_THREAD, "cwd": folder, "text": True, "stdin": pipe, "stdout": pipe}
    log = (folder / "server.log").open("wb")
    with log, subprocess.Popen(command, stderr=log, **about) as process:
        # a copy of a process with more than one thread may hang
        yield Server(process) if process.stdout.readline() == SOUND else None


def _ended(pid: int) -> int | None:
    done, status = os.waitpid(pid, os.WNOHANG)
    return os.waitstatus_to_exitcode(status) if done else None


def _serve() -> dict[str, Any] | None:
    """Answer requests until there are no more; in a copy, return the request that it is for."""
    for line in sys.stdin:
        asked = json.loads(line)
        if "argv" in asked:
            answer = os.fork()
            if not answer:
                return asked
        else:
            answer = _ended(asked["ended"])
        _say(sys.stdout, answer)
    return None


def _become_kernel(asked: dict[str, Any]) -> None:
    from ipykernel import kernelapp

    os.setsid()
    os.environ.clear()
    os.environ.update(asked["env"])
    os.chdir(asked["cwd"])
    log = os.open(asked["log"], os.O_WRONLY | os.O_APPEND)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    for stream in (1, 2):
        os.dup2(log, stream)
    parent = f"--IPKernelApp.parent_handle={os.getppid()}"
    kernelapp.launch_new_instance(argv=[*asked["argv"], parent])


def main() -> None:
    """Import, then copy this process as asked."""
    sys.path.remove(os.getcwd())  # a kernel adds the folder of its notebook
    for name in IMPORTED:
        importlib.import_module(name)
    _say(sys.stdout, len(os.listdir("/proc/self/task")))
    if asked := _serve():
        _become_kernel(asked)


if __name__ == "__main__":
    main()
