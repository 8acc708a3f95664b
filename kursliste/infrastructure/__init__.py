"""Machinery without pages: time, database, journal, mailbox, shelf, logs, scheduler."""
