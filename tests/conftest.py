"""What several test files need."""

import os
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def open_data():
    """Return the folder of real open data, or skip where VRN_OPEN_DATA does not name it."""
    folder = os.environ.get("VRN_OPEN_DATA")
    if not folder:
        pytest.skip("VRN_OPEN_DATA does not name the folder of real open data")
    return Path(folder)
