"""Which changes of a course need no look: those that every month brings by itself.

A change is trivial by its field here and plausible by :mod:`kursliste.domain.plausibility`; only
both together spare a coordinator the look.
"""

from typing import Final

from kursliste.domain.course import OWN_FIELDS

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
"""The shipped rules: seats, status and dates. What a course is, costs and demands is not here."""

CHOOSABLE: Final = tuple(field.attribute for field in OWN_FIELDS)
"""Every field that a district may count as trivial, in the order of the list."""
