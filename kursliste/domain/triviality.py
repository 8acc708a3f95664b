"""Which fields change every month without needing a look at the single report."""

from typing import Final

DEFAULT_TRIVIAL: Final = frozenset(
    {
        "seats_taken",
        "seats_free",
        "waiting_list",
        "waiting_count",
        "status",
        "late_entry",
        "late_entry_from",
        "current_module",
        "starts_on",
        "ends_on",
        "weekdays",
        "time_from",
        "time_until",
        "times_note",
        "time_of_day",
        "venue_name",
        "register_by",
        "breaks_note",
    }
)
"""Seats, status, dates, times and rooms; a district may choose others (``models.review``)."""
