"""What runs, and nothing that decides."""
