"""Papers: what the company sends to others, as PDF."""
