"""Servers and platforms that misbehave on purpose, on loopback."""
