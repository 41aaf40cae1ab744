"""What several test files need."""

import os
from pathlib import Path

import pytest
from briefing_builds import build


@pytest.fixture(scope="session")
def open_data():
    """Return the folder of real open data, or skip where VRN_OPEN_DATA does not name it."""
    folder = os.environ.get("VRN_OPEN_DATA")
    if not folder:
        pytest.skip("VRN_OPEN_DATA does not name the folder of real open data")
    return Path(folder)


@pytest.fixture(scope="session")
def sample_briefing(tmp_path_factory):
    """Return the folder of the sample's briefing; what the cache keeps is not run again."""
    return build(tmp_path_factory.mktemp("sample") / "briefing")


@pytest.fixture(scope="session")
def sample_editions(tmp_path_factory):
    """Return the folder of the sample's quarterly pack, with an edition of one area below it."""
    folder = tmp_path_factory.mktemp("editions") / "briefing"
    return build(folder, "--edition", "quarterly", "--area", "Aldersea")


@pytest.fixture(scope="session")
def open_briefing(tmp_path_factory, open_data):
    """Return the folder of the briefing of real open data."""
    return build(tmp_path_factory.mktemp("open") / "briefing", "--data", str(open_data))
