"""SYNTHETIC people, events and records."""
