"""What keeps the platform itself in order."""
