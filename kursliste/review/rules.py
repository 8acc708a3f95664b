"""By which rules a district reviews: its own ones, or those that are shipped."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.domain.plausibility import Notice
from kursliste.domain.triviality import CHOOSABLE, DEFAULT_TRIVIAL
from kursliste.models.review import ReviewRules


@dataclass(frozen=True, kw_only=True)
class EffectiveRules:
    """What applies in a district now.

    ``trivial`` are the fields whose plausible change needs no look, ``ignored`` the notices that
    are not shown.
    """

    trivial: frozenset[str] = DEFAULT_TRIVIAL
    ignored: frozenset[Notice] = frozenset()


SHIPPED = EffectiveRules()
NOT_STORED = 0


def stored_rules(session: Session, district_id: int) -> ReviewRules | None:
    """Return what a district chose, or None as long as it reviews by the shipped rules."""
    return session.scalar(select(ReviewRules).where(ReviewRules.district_id == district_id))


def rules_of(session: Session, district_id: int) -> EffectiveRules:
    """Return the rules of a district, in one statement."""
    return effective(stored_rules(session, district_id))


def effective(chosen: ReviewRules | None) -> EffectiveRules:
    """Return what a choice means; names that no field or notice has any more mean nothing."""
    if chosen is None:
        return SHIPPED
    return EffectiveRules(
        trivial=frozenset(CHOOSABLE).intersection(chosen.trivial_fields or ()),
        ignored=frozenset(n for n in Notice if n.value in (chosen.ignored_notices or ())),
    )


def version_of(chosen: ReviewRules | None) -> int:
    """Return the version that a page shows; 0 for the shipped rules."""
    return NOT_STORED if chosen is None else chosen.version
