"""What is to be reached in a period, by whom, and how it is broken down and reviewed."""
