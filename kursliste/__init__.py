"""kursliste: one course list per district and month, from reports to a published edition."""
