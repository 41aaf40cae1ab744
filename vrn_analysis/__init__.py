"""A serious violence needs assessment: definition, indicators, hotspots, disclosure, briefing."""

from importlib import import_module
from importlib.metadata import version

__version__ = version("vrn-analysis")


def __getattr__(name: str) -> object:
    """Return `assessment`, with which every script begins; its imports take a second."""
    if name == "assessment":
        return import_module("vrn_analysis.count.assessment")
    raise AttributeError(f"module 'vrn_analysis' has no attribute '{name}'")
