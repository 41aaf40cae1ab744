"""Packages that only some tasks need: the extras of pyproject.toml."""

from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from vrn_analysis.core.errors import AssessmentError


def missing(package: str, *, extra: str) -> str:
    """Return what to do where the package of an extra is not installed, or "" where it is."""
    if find_spec(package):
        return ""
    install = f'python -m pip install "vrn-analysis[{extra}]"'
    return f"The package {package} is not installed. Install it with: {install}"


def required(package: str, *, extra: str) -> ModuleType:
    """
    Return the package that an extra brings.

    Raises
    ------
    AssessmentError
        If it is not installed, with the command that installs it.
    """
    if remedy := missing(package, extra=extra):
        raise AssessmentError(remedy)
    return import_module(package)
