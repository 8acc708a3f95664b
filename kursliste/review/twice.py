"""Providers that probably stand twice in a district."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.domain.permissions import Actor
from kursliste.domain.same_house import House, Likeness, likely_pairs
from kursliste.models.masterdata import District, KnownApart, Provider
from kursliste.review.provider_queries import reviewed_providers


@dataclass(frozen=True, kw_only=True)
class Twice:
    """Two providers of a district that may be one, and why."""

    one: Provider
    other: Provider
    why: Likeness


def probably_twice(session: Session, actor: Actor, district: District) -> Sequence[Twice]:
    """Return the pairs of a district that may be one, by name; those known as two are left out.

    Raises NotFoundError unless the actor coordinates the district. The number of statements does
    not depend on the number of providers.
    """
    providers = {one.id: one for one in reviewed_providers(session, actor, district)}
    query = select(KnownApart.one_id, KnownApart.other_id).where(KnownApart.one_id.in_(providers))
    houses = [
        House(
            one.id,
            one.name,
            one.town,
            (one.email, one.report_email, *(contact.email for contact in one.contacts)),
        )
        for one in providers.values()
    ]
    apart = [(one_id, other_id) for one_id, other_id, *_ in session.execute(query)]
    found = [
        Twice(one=providers[pair.one_id], other=providers[pair.other_id], why=pair.why)
        for pair in likely_pairs(houses, apart)
    ]
    return sorted(found, key=lambda pair: (pair.one.name, pair.one.id, pair.other.id))
