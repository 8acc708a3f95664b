"""kursliste: one course list per district and month, from providers' reports to a published edition."""
