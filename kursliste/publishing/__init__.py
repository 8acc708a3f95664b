"""Publishing: freezing a month into an edition, and the files that are made from it."""
