"""A provider reports its courses of a month and submits; see ARCHITECTURE.md."""
