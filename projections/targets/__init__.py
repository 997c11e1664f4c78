"""Who sold how much, against whom and against what was planned."""
