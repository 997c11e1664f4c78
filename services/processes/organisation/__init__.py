"""What happens by itself with who works where."""
