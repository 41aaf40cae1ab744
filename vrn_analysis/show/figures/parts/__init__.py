"""What all charts share: style, words, axes, checks."""
