"""Published street-level crime, and other police forces."""
