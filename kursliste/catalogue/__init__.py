"""Anyone searches, reads and downloads; only frozen editions are known here."""
