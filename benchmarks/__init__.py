"""The speed figures of SPEED.md: every one a ratio inside one run, never an absolute time."""
