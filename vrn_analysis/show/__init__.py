"""Protect and show: disclosure control, charts, published tables."""
