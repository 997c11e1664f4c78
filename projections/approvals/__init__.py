"""What takes effect only once somebody has agreed to it."""
