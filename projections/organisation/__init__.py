"""Who works where, and for whom what counts."""
