"""Members, what they buy, and their points."""
