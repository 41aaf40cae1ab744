"""What an extract contains as received: its tables, its lists of codes, its shape."""
