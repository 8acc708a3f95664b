"""How a district reviews: its own rules, or the shipped ones."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.domain.plausibility import Notice
from kursliste.domain.triviality import DEFAULT_TRIVIAL
from kursliste.models.review import ReviewRules


@dataclass(frozen=True, kw_only=True)
class EffectiveRules:
    """The rules that hold in a district now."""

    trivial: frozenset[str]
    ignored: frozenset[Notice]


def rules_of(session: Session, district_id: int) -> EffectiveRules:
    """Return the rules of a district; one statement."""
    own = session.scalar(select(ReviewRules).where(ReviewRules.district_id == district_id))
    if own is None:
        return EffectiveRules(trivial=DEFAULT_TRIVIAL, ignored=frozenset())
    return EffectiveRules(
        trivial=frozenset(own.trivial_fields or ()),
        ignored=frozenset(Notice(name) for name in own.ignored_notices or ()),
    )
