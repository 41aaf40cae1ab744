"""What a briefing is made of: its subject, editions and notebooks."""
