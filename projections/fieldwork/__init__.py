"""What people have to do: tasks, and appointments with customers and colleagues."""
