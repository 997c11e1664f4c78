"""What there is on this platform, in one document that a console is made from."""
