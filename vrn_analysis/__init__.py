"""A serious violence needs assessment: definition, indicators, hotspots, disclosure, briefing."""

from importlib.metadata import version

__version__ = version("vrn-analysis")
