"""`vrn bundle`: the right wheels for a machine, with hashes, installed without a network."""

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from vrn_analysis.commands import bundle
from vrn_analysis.commands.cli import app
from vrn_analysis.core.config import CHECKOUT

LOCK = """\
appnope==1.0.0 ; sys_platform == 'darwin' \\
    --hash=sha256:aa
colorama==0.4.6 ; sys_platform == 'win32' \\
    --hash=sha256:bb \\
    --hash=sha256:cc
numpy==2.4.6 ; python_full_version < '3.12' \\
    --hash=sha256:dd
numpy==2.5.5 ; python_full_version >= '3.12' \\
    --hash=sha256:ee
pywinpty==3.1.2 ; os_name == 'nt' and platform_machine == 'AMD64' \\
    --hash=sha256:ff
typer==0.28.0 \\
    --hash=sha256:00
"""


@pytest.mark.parametrize(
    ("platform", "python", "wanted"),
    [
        ("win_amd64", "3.12", ["colorama==0.4.6", "numpy==2.5.5", "pywinpty==3.1.2"]),
        ("win_arm64", "3.11", ["colorama==0.4.6", "numpy==2.4.6"]),
        ("macosx_12_0_arm64", "3.13", ["appnope==1.0.0", "numpy==2.5.5"]),
        ("manylinux_2_28_x86_64", "3.11", ["numpy==2.4.6"]),
    ],
)
def test_another_machine_gets_the_pins_that_it_needs(platform, python, wanted):
    lines = list(bundle.pins(LOCK, bundle.environment(platform, python)))
    assert [line.split()[0] for line in lines] == [*wanted, "typer==0.28.0"]
    assert all("--hash=sha256:" in line for line in lines)


def test_this_machine_has_every_pin_of_the_run_lock_installed():
    lock = (CHECKOUT / bundle.LOCK).read_text(encoding="utf-8")
    names = [line.split("==")[0] for line in bundle.pins(lock, bundle.environment("", bundle.HERE))]
    assert len(names) == len(set(names)) > 100


def test_a_newer_linux_accepts_wheels_of_an_older_one():
    accepted = bundle.accepted("manylinux_2_28_x86_64")
    assert {"manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"} < {*accepted}
    assert "manylinux_2_34_x86_64" not in accepted
    assert (bundle.accepted("win_amd64"), bundle.accepted("")) == (["win_amd64"], [])


@pytest.mark.parametrize("platform", ["windows", "win", "solaris_x86_64", "win_amd64; rm"])
def test_an_unknown_platform_is_refused_before_anything_is_written(tmp_path, platform):
    asked = ["bundle", str(tmp_path / "made"), "--platform", platform]
    result = CliRunner().invoke(app, asked)
    assert result.exit_code == 1
    assert "win_amd64" in result.output
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def tiny(tmp_path, monkeypatch):
    """Return a bundle of two small packages of this machine."""
    packages = {"download": "shellingham", "wheel": "annotated-doc"}
    monkeypatch.setattr(bundle, "_pip", lambda *words: bundle.repacked(folder, packages[words[0]]))
    folder = tmp_path / "bundle"
    folder.mkdir()
    bundle.fill(folder, LOCK)
    return folder


def install(folder, target):
    command = [sys.executable, *bundle.INSTALL.split(), str(folder), "--target", str(target)]
    asked = ["--quiet", "-r", str(folder / "requirements.txt")]
    return subprocess.run([*command, *asked], check=False, capture_output=True).returncode


@pytest.mark.slow
def test_a_bundle_is_installed_without_a_network_and_a_changed_wheel_is_not(tiny, tmp_path):
    names = {file.name for file in tiny.iterdir() if file.suffix != ".whl"}
    assert names == {"requirements.txt", "SHA256SUMS", "install.cmd", "install.sh"}
    assert all("{" not in (tiny / name).read_text() for name in bundle.INSTALLERS)
    assert install(tiny, tmp_path / "site") == 0
    assert (tmp_path / "site" / "shellingham").is_dir()
    [wheel] = tiny.glob("annotated_doc*.whl")
    wheel.write_bytes(wheel.read_bytes() + b"\0")
    assert install(tiny, tmp_path / "again") != 0
