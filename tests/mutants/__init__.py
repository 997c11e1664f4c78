"""Bugs planted one at a time in the engine: the simulation must catch each of them."""
