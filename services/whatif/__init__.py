"""What a period would have been under other settings: decided anew in memory, never written."""
