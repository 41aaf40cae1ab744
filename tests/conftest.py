"""What several test files need."""

import os
from collections import Counter
from pathlib import Path

import pytest
from briefing_builds import shared
from hypothesis import Phase, settings

from vrn_analysis import sample
from vrn_analysis.count import assessment

# no deadline: continuous integration shares its machine; no explanations: they run a test often
settings.register_profile(
    "suite", deadline=None, phases=[phase for phase in Phase if phase is not Phase.explain]
)
settings.load_profile("suite")


# what takes seconds to write, read or build
LARGE = {
    "small_sample",
    "sample_run",
    "open_run",
    "sample_briefing",
    "sample_editions",
    "open_briefing",
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items):
    """Mark what needs a large fixture as slow, and start with the files with most slow tests."""
    for item in items:
        if LARGE.intersection(item.fixturenames):
            item.add_marker("slow")
    slow = Counter(item.path for item in items if item.get_closest_marker("slow"))
    slow += Counter(item.path for item in items if item.get_closest_marker("spark"))
    # those of open data last, so that of two workers each begins with a briefing of its own
    items.sort(key=lambda item: ("[open" in item.nodeid, -slow[item.path]))


@pytest.fixture(scope="session")
def open_data():
    """Return the folder of real open data, or skip where VRN_OPEN_DATA does not name it."""
    folder = os.environ.get("VRN_OPEN_DATA")
    if not folder:
        pytest.skip("VRN_OPEN_DATA does not name the folder of real open data")
    return Path(folder)


@pytest.fixture(scope="session")
def small_sample(tmp_path_factory):
    """Return the folder of a sample of 2,000 offences. Copy it before you change it."""
    return sample.write(tmp_path_factory.mktemp("small") / "sample", rows=2_000)


@pytest.fixture(scope="session")
def sample_run():
    """Return a run of the usual sample, which all files share."""
    return assessment.open_run(sample.ensure())


@pytest.fixture(scope="session")
def open_run(open_data):
    """Return a run of real open data, which all files share."""
    return assessment.open_run(open_data)


@pytest.fixture(scope="session")
def sample_briefing(tmp_path_factory):
    """Return the folder of the sample's briefing, with its easy read below it."""
    return shared(tmp_path_factory, "sample", "--edition", "full", "--edition", "easy")


@pytest.fixture(scope="session")
def sample_editions(tmp_path_factory):
    """Return the folder of the sample's quarterly pack, with an edition of one area below it."""
    return shared(tmp_path_factory, "editions", "--edition", "quarterly", "--area", "Aldersea")


@pytest.fixture(scope="session")
def open_briefing(tmp_path_factory, open_data):
    """Return the folder of the briefing of real open data, with its easy read below it."""
    options = ("--data", str(open_data), "--edition", "full", "--edition", "easy")
    return shared(tmp_path_factory, "open", *options)
