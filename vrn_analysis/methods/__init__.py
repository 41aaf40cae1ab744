"""Statistics: rates, trends, hotspots, inequality, risk and protective factors."""
