"""Tests of the words: times, orders, intents."""
