"""Verbs: what the bot does, for whichever channel; no await, no network, no framework."""
