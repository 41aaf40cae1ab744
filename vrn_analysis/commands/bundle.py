"""The command `vrn bundle`: everything to install on a machine without a network."""

import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from importlib.metadata import distribution
from pathlib import Path
from typing import Annotated, Literal
from zipfile import ZIP_DEFLATED, ZipFile

import typer

from vrn_analysis.commands.errors import plain_errors
from vrn_analysis.commands.paths import own_folder, shown

LOCK = "requirements-run.lock"
HERE = f"{sys.version_info.major}.{sys.version_info.minor}"
# how the name of a platform of wheels begins; sys_platform, platform_system, os_name
SYSTEMS = {
    "win": ("win32", "Windows", "nt"),
    "macosx": ("darwin", "Darwin", "posix"),
    "manylinux": ("linux", "Linux", "posix"),
}
MACHINE = re.compile(r"(win|macosx|manylinux)\w*?_(amd64|arm64|x86_64|aarch64)")
GLIBC = re.compile(r"manylinux_2_(\d+)_(\w+)")
# no rights of an administrator: a folder of the user's own. pip compares every file with its hash.
INSTALL = "-m pip install --no-index --no-deps --require-hashes --find-links"
INSTALLERS = {
    "install.cmd": '@py -{python} -m venv "%USERPROFILE%\\vrn" && '
    '"%USERPROFILE%\\vrn\\Scripts\\python.exe" {install} "%~dp0." -r "%~dp0requirements.txt"',
    "install.sh": 'python{python} -m venv "$HOME/vrn" && '
    '"$HOME/vrn/bin/python" {install} "$(dirname "$0")" -r "$(dirname "$0")/requirements.txt"',
}
LISTS = ("requirements.txt", "SHA256SUMS")


def environment(platform: str, python: str) -> dict[str, str]:
    """
    Return what the conditions of a requirement ask about a machine.

    Parameters
    ----------
    platform
        As the names of wheels have it, such as `win_amd64`; "" means this machine.
    python
        The version of Python, such as `3.12`.

    Raises
    ------
    AssessmentError
        If the platform is unknown.
    """
    from vrn_analysis.core.errors import AssessmentError

    found = {"python_version": python, "python_full_version": f"{python}.0"}
    if not platform:
        return found
    if not (named := MACHINE.fullmatch(platform)):
        raise AssessmentError(
            f"--platform {platform} is not known. Choose one such as win_amd64, win_arm64, "
            "macosx_12_0_arm64 or manylinux_2_28_x86_64."
        )
    system = zip(("sys_platform", "platform_system", "os_name"), SYSTEMS[named[1]], strict=True)
    machine = named[2].upper() if named[1] == "win" else named[2]
    return found | dict(system) | {"platform_machine": machine}


def pins(lock: str, about: dict[str, str]) -> Iterator[str]:
    """Yield the lines of a lock that a machine needs, with their hashes and no conditions."""
    from packaging.requirements import Requirement

    for line in lock.replace("\\\n", " ").splitlines():
        named, *hashes = line.split("--hash=")
        need = Requirement(named)
        if need.marker is None or need.marker.evaluate(about):
            yield " ".join([f"{need.name}{need.specifier}", *(f"--hash={one}" for one in hashes)])


def accepted(platform: str) -> list[str]:
    """Return the platforms whose wheels run on one: a newer Linux also runs those of an older."""
    if not (named := GLIBC.fullmatch(platform)):
        return [platform] if platform else []
    newest, machine = int(named[1]), named[2]
    return [
        *(f"manylinux_2_{minor}_{machine}" for minor in range(newest, 4, -1)),
        *(f"manylinux{year}_{machine}" for year in ("2014", "2010", "1")),
    ]


def _pip(*words: str | Path) -> None:
    from vrn_analysis.core.errors import AssessmentError

    command = [sys.executable, "-m", "pip", *map(str, words)]
    if subprocess.run(command, check=False).returncode:
        raise AssessmentError(
            f"pip {words[0]} failed, for the reason above. It needs pip in this Python, and a "
            "network on which packages can be downloaded."
        )


def repacked(folder: Path, name: str = "vrn-analysis") -> Path:
    """Write an installed package as the wheel that it was installed from."""
    about = distribution(name)
    added = ("INSTALLER", "REQUESTED", "RECORD", "direct_url.json")
    files = [
        file
        for file in about.files or []
        if file.hash and file.suffix != ".pyc" and ".." not in file.parts
        if not (file.parent.suffix == ".dist-info" and file.name in added)
    ]
    [record] = (file.parent / "RECORD" for file in files if file.name == "METADATA")
    lines = [f"{file.as_posix()},{file.hash.mode}={file.hash.value},{file.size}" for file in files]
    made = folder / f"{record.parent.stem}-py3-none-any.whl"
    with ZipFile(made, "w", ZIP_DEFLATED) as wheel:
        for file in files:
            wheel.write(file.locate(), file.as_posix())
        wheel.writestr(record.as_posix(), "\n".join([*lines, f"{record.as_posix()},,", ""]))
    return made


def _write_lists(folder: Path, python: str) -> None:
    """Write the installers, and the hash of each wheel as pip and as sha256sum read it."""
    from packaging.utils import parse_wheel_filename

    from vrn_analysis.core.fingerprints import sha256

    wheels = {file.name: sha256(file) for file in sorted(folder.glob("*.whl"))}
    needed = []
    for name, digest in wheels.items():
        package, version, *_ = parse_wheel_filename(name)
        needed.append(f"{package}=={version} --hash=sha256:{digest}")
    lists = (needed, [f"{digest}  {name}" for name, digest in wheels.items()])
    written = {name: "\n".join(lines) for name, lines in zip(LISTS, lists, strict=True)}
    written |= {
        name: line.format(python=python, install=INSTALL) for name, line in INSTALLERS.items()
    }
    for name, text in written.items():
        end = "\r\n" if name.endswith(".cmd") else "\n"
        (folder / name).write_text(f"{text}\n", encoding="utf-8", newline=end)


def fill(folder: Path, lock: str, *, platform: str = "", python: str = HERE) -> None:
    """
    Fill a folder with the wheels of a lock and of this package, installers and hashes.

    Raises
    ------
    AssessmentError
        If the platform is unknown, or pip cannot download a wheel.
    """
    from vrn_analysis.core import config

    needed = "\n".join(pins(lock, environment(platform, python)))
    wanted = [word for one in accepted(platform) for word in ("--platform", one)]
    with tempfile.TemporaryDirectory() as aside:
        file = Path(aside) / "requirements.txt"
        file.write_text(needed, encoding="utf-8")
        _pip(
            "download", "--quiet", "--no-deps", "--require-hashes", "--only-binary=:all:",
            "--python-version", python, *wanted, "--dest", folder, "--requirement", file,
        )  # fmt: skip
    if config.in_checkout():
        _pip("wheel", "--quiet", "--no-deps", "--no-build-isolation", "--wheel-dir", folder,
             config.CHECKOUT)  # fmt: skip
    else:
        repacked(folder)
    _write_lists(folder, python)


def bundle(
    folder: Annotated[Path, typer.Argument(help="New folder for the wheels and installers.")],
    platform: Annotated[
        str,
        typer.Option(metavar="NAME", help="win_amd64, for example. Default: this machine."),
    ] = "",
    python: Annotated[
        Literal["3.11", "3.12", "3.13"] | None,
        typer.Option(help="Python of the other machine. Default: the one that runs this."),
    ] = None,
) -> None:
    """Download all that an installation needs, for machines without a network."""
    with plain_errors():
        from vrn_analysis.core.config import resource

        lock = resource(LOCK).read_text(encoding="utf-8")
        names = {*INSTALLERS, *LISTS}
        why = "the bundle needs its own folder. Name a new one."
        with own_folder(
            folder, is_ours=lambda file: file.suffix == ".whl" or file.name in names, why=why
        ) as aside:
            fill(aside, lock, platform=platform, python=python or HERE)
            aside.chmod(0o755)
    typer.echo(
        f"Written: {shown(folder)}. On the other machine, run install.cmd (Windows) or "
        "sh install.sh in it. It installs into the folder vrn of the user."
    )
