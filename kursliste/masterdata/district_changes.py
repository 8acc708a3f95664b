"""What would change about a district, checked; nothing is stored."""

from dataclasses import asdict

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.domain.district import DistrictFacts, check_ags, check_district, check_slug
from kursliste.domain.errors import Rule, RuleViolationError
from kursliste.masterdata.code_changes import Changes, differences
from kursliste.models.masterdata import District


def check_new_district(session: Session, district: District) -> None:
    """Raise RuleViolationError for an AGS or slug that is none or taken, no name, a wrong Land."""
    check_slug(district.slug)
    check_ags(district.ags)
    check_district(district.ags, facts_of(district))
    for attribute in ("ags", "slug"):
        value = getattr(district, attribute)
        taken = select(District.id).where(getattr(District, attribute) == value)
        if session.scalar(taken) is not None:
            raise RuleViolationError(Rule.NAME_TAKEN, field=attribute, name=value)


def district_changes(found: District, facts: DistrictFacts) -> Changes:
    """Return what ``facts`` change; raises RuleViolationError for no name and a wrong Land."""
    check_district(found.ags, facts)
    return differences(found, asdict(facts))


def facts_of(district: District) -> DistrictFacts:
    """Return what may change about a district as it stands."""
    return DistrictFacts(
        name=district.name,
        state=district.state,
        publisher=district.publisher or "",  # a new one has no text before it is stored
        contact=district.contact or "",
    )
