"""The SYNTHETIC sample: an invented county's extract, with planted truths."""

from vrn_analysis.sample.folder import ensure, truth, write
