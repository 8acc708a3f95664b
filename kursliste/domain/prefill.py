"""What next month's report starts with: copied, cleared or asked again, field by field."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from kursliste.domain.course import FIELD, OWN_FIELDS, Carry, CourseStatus, Kind

CONFIRMATION: Final = ("confirmed_on", "confirmed_by", "confirmed_how")
OF_ONE_RUN: Final = frozenset({"start_note", "breaks_note", "provider_reference", "bamf_reference"})
"""What tells of one run of a course only, besides its dates and what changes each month."""
DROPPED: Final = frozenset({CourseStatus.CANCELLED, CourseStatus.ENDED})


def drops_out(facts: Mapping[str, object], *, on: date) -> bool:
    """Return whether a course leaves the next report by itself: it ended or was cancelled."""
    ends_on = facts.get("ends_on")
    return facts.get("status") in DROPPED or (isinstance(ends_on, date) and ends_on < on)


def carried_over(facts: Mapping[str, object]) -> dict[str, object]:
    """Return the facts that the next report of the same course starts with.

    ``ASK`` values are copied too, so that "unverändert" is one click; the form marks them as the
    things that change each month. Dates are never shifted. The confirmation is copied as it stands:
    it tells who confirmed the row last, and only a new confirmation moves it (PRODUCT.md, rule 1).
    """
    kept = [f.attribute for f in OWN_FIELDS if f.carry is not Carry.CLEAR]
    kept += [name for name in CONFIRMATION if FIELD[name].carry is not Carry.CLEAR]
    return {name: facts.get(name) for name in kept}


def next_run(facts: Mapping[str, object]) -> dict[str, object]:
    """Return what the next run of the same course probably is.

    The kind of course, times, place, price and contact stay; every date, the numbers of the run,
    seats, module and status are its own and are left out.
    """
    return {
        field.attribute: facts.get(field.attribute)
        for field in OWN_FIELDS
        if field.carry is Carry.COPY
        and field.kind is not Kind.DATE
        and field.attribute not in OF_ONE_RUN
    }
