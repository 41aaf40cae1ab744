"""Draft how an extract is to be read: its columns, dates and labels."""
