"""What is asked of a list: conditions as people write them, and in words what they came to."""
