"""Whether a course can be where its row says, as far as the other rows of the district tell.

There is no table of places. What is known is where the others teach: a region is the two digits
that a postcode begins with.
"""

from collections.abc import Collection, Mapping
from typing import Final

from kursliste.domain.course import Delivery
from kursliste.domain.notices import Facts, Finding, Notice

REGION: Final = 2
OTHERS_NEEDED: Final = 3
"""Two neighbours who teach in one town say nothing about the edges of a district."""
NOWHERE: Final = frozenset({Delivery.ONLINE, Delivery.SELF_STUDY})


def far_from_the_others(
    facts: Facts,
    before: Facts | None,
    others: Mapping[str, Collection[int]],
    *,
    provider_id: int,
) -> Finding | None:
    """Return a finding where no other provider teaches in the region of a new or moved course.

    ``others`` are the keys of all providers who teach in a region. A place that readers know
    already is never asked about again.
    """
    region = _region(facts)
    if not region or (before is not None and _region(before) == region):
        return None
    elsewhere = {key for keys in others.values() for key in keys if key != provider_id}
    is_alone = all(key == provider_id for key in others.get(region, ()))
    if not is_alone or len(elsewhere) < OTHERS_NEEDED:
        return None
    return Finding(
        notice=Notice.FAR_FROM_THE_OTHERS,
        attribute="postcode",
        facts={"postcode": facts["postcode"], "region": region},
    )


def _region(facts: Facts) -> str:
    if facts.get("delivery") in NOWHERE:
        return ""
    return str(facts.get("postcode") or "")[:REGION]
