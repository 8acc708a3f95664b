"""Stammdaten: districts, lists, rounds, providers, people. See ARCHITECTURE.md."""
