"""The whole loop in one thread under one seed: real code behind its ports, faults at every step."""
