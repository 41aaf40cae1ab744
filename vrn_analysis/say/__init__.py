"""Say it in words: findings, data quality, the word lists, the explorer."""
