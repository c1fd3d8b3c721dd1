"""Service items as data: one TOML each, and a .py of the same name where an item needs code."""
