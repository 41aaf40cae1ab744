"""What a browser test cannot do without."""

import importlib
import os

import pytest


def needed(found, words):
    """Return what was found, or skip; in continuous integration nothing may be missing."""
    if not found:
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(words)
    return found


def imported(name):
    try:
        return importlib.import_module(name)
    except ImportError:
        return needed(None, f"{name} is not installed: pip install 'vrn-analysis[browser]'")
