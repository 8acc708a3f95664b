"""A district's list: when it asks, when it reminds, and in which words."""
