"""A provider's own house: particulars, venues, contacts, and the people who report."""
