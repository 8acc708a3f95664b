"""Prüfung: the coordinator sees what changed, asks, and decides. See ARCHITECTURE.md."""
