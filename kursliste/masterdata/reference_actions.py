"""Loading where towns and the borders of districts are; operators do it, rarely."""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import delete, insert
from sqlalchemy.orm import Session

from kursliste.domain.edition import folded
from kursliste.domain.events import JournalEvent
from kursliste.domain.outline import Outline
from kursliste.domain.permissions import Actor, Permission, Scope, require
from kursliste.infrastructure import journal, search_rows
from kursliste.infrastructure.batches import batches
from kursliste.masterdata.boundary_files import Boundaries
from kursliste.masterdata.place_files import PlaceLine
from kursliste.models.current import DistrictNeighbour, DistrictOutline, Place

AT_ONCE: Final = 1_000


@dataclass(frozen=True)
class ReferenceTable:
    """Places and boundaries, as the journal names them."""

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


def load_boundaries(session: Session, loaded: Boundaries, *, year: int, actor: Actor) -> int:
    """Replace who is beside whom, and what is drawn; return how many pairs of neighbours there are.

    ``year`` is when the file was got: the credit of the outlines names it.
    """
    require(actor, Permission.CODES_LOAD, Scope())
    session.execute(delete(DistrictNeighbour))
    session.execute(delete(DistrictOutline))
    pairs = [
        {"ags": ags, "neighbour_ags": other}
        for ags, others in sorted(loaded.neighbours.items())
        for other in sorted(others)
    ]
    _insert(session, DistrictNeighbour, pairs)
    drawn = [_drawn(ags, one, year) for ags, one in sorted(loaded.outlines.items())]
    _insert(session, DistrictOutline, drawn)
    _note(session, actor, "boundaries", len(loaded.neighbours))
    return len(pairs) // 2


def _drawn(ags: str, outline: Outline, year: int) -> Mapping[str, Any]:
    box = dict(zip(("south", "west", "north", "east"), outline.box, strict=True))
    sha256 = hashlib.sha256(json.dumps([outline.shape, year]).encode()).hexdigest()
    row = {"ags": ags, "shape": outline.shape, "loaded_year": year, "sha256": sha256}
    return row | box


def _insert(session: Session, model: type[Any], rows: Sequence[Mapping[str, Any]]) -> None:
    for some in batches(rows, AT_ONCE):
        session.execute(insert(model), some)


def _note(session: Session, actor: Actor, kind: str, count: int) -> None:
    event, table = JournalEvent.CODES_LOADED, ReferenceTable()
    journal.record(session, event, table, actor=actor, scope=Scope(), kind=kind, added=count)
