"""Real servers on one machine, from packages: for tests and for the local cluster."""
