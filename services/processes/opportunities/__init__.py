"""Deals that go on by themselves."""
