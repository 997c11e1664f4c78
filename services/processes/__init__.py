"""Process managers: where the business itself waits, an event leads to the next command."""
