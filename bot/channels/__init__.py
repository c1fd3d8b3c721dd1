"""Doors to one platform each."""
