"""What people want to be told of."""
