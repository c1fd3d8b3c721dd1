"""Wires: doors, courier, clock; everything that waits or touches a network."""
