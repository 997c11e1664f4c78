"""Every figure stands beside one that a plain program reaches with the same work."""
