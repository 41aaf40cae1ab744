"""What comes with the pages: slides, workbook, charts, map, PDF."""
