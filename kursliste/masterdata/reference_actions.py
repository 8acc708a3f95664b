"""Loading where towns are and which districts are neighbours; operators do it, rarely."""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from kursliste.domain.edition import folded
from kursliste.domain.events import JournalEvent
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.infrastructure import journal, search_rows
from kursliste.infrastructure.batches import batches
from kursliste.masterdata.place_files import PlaceLine
from kursliste.models.current import DistrictNeighbour, Place

AT_ONCE: Final = 1_000


@dataclass(frozen=True)
class ReferenceTable:
    """Places and neighbours, as the journal names them."""

    __tablename__ = "reference_data"
    id: str = "loaded"


def load_places(session: Session, places: Sequence[PlaceLine], *, actor: Actor) -> int:
    """Replace all places, look up where current courses are; return how many courses it were."""
    require(actor, Permission.CODES_LOAD, Scope())
    session.execute(delete(Place))
    rows = (
        {
            "postcode": place.postcode,
            "name_folded": folded(place.name),
            "name": place.name,
            "ags": place.ags,
            "lat": place.lat,
            "lon": place.lon,
        }
        for place in places
    )
    _insert(session, Place, list(rows))
    _note(session, actor, "places", len(places))
    return search_rows.reindex(session, search_rows.indexed_lists(session))


def load_neighbours(
    session: Session, neighbours: Mapping[str, AbstractSet[str]], *, actor: Actor
) -> int:
    """Replace which districts have a border with which, by AGS; return how many pairs there are."""
    require(actor, Permission.CODES_LOAD, Scope())
    session.execute(delete(DistrictNeighbour))
    rows = [
        {"ags": ags, "neighbour_ags": other}
        for ags, others in sorted(neighbours.items())
        for other in sorted(others)
    ]
    _insert(session, DistrictNeighbour, rows)
    _note(session, actor, "neighbours", len(neighbours))
    return len(rows) // 2


def _insert(session: Session, model: type[Any], rows: Sequence[Mapping[str, Any]]) -> None:
    for some in batches(rows, AT_ONCE):
        session.execute(insert(model), some)


def _note(session: Session, actor: Actor, kind: str, count: int) -> None:
    event, table = JournalEvent.CODES_LOADED, ReferenceTable()
    journal.record(session, event, table, actor=actor, scope=Scope(), kind=kind, added=count)
