"""Readers order a mail for each new list, change it and end it; the tick writes the mails."""
