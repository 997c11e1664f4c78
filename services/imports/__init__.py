"""Real data turned into commands, row by row, resumable."""
