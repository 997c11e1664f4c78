"""The HTTP door: commands in, figures and events out."""
