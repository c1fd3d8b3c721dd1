"""Nouns: tables, values and pure rules; imports nothing of ours."""
