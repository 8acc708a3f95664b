"""Readers of the demo world: who ordered the list by mail, and for which filter."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.demo.world import Stage
from kursliste.domain.permissions import Actor
from kursliste.domain.subscription import Filters
from kursliste.models.outbox import OutgoingMail
from kursliste.readers import actions
from kursliste.readers.actions import Wish
from kursliste.readers.links import Links
from kursliste.readers.wishes import told

NOBODY: Final = Actor.anonymous()
ORDERS: Final[Mapping[str, Sequence[tuple[str, Filters]]]] = {
    "goerlitz": (
        ("beratung-goerlitz@kursliste.example", {}),
        ("beratung-goerlitz@kursliste.example", {"niveau": ["A2"], "ort": ["Zittau"]}),
        ("jobcenter-goerlitz@kursliste.example", {"kinderbetreuung": ["1"]}),
    ),
    "nordhausen": (("jobcenter-nordhausen@kursliste.example", {}),),
    "weimar": (
        ("beratung-weimar@kursliste.example", {}),
        ("begegnung-weimar@kursliste.example", {"tageszeit": ["abends"]}),
    ),
}
UNCONFIRMED: Final = {"goerlitz": ("ehrenamt-goerlitz@kursliste.example", {"ort": ["Löbau"]})}


def subscribe(session: Session, stage: Stage) -> None:
    """Let the readers of a district order, and confirm by the link of their mail."""
    for email, filters in ORDERS[stage.district.slug]:
        _order(session, stage, email, filters)
        actions.confirm_subscription(session, _newest_key(session, email), actor=NOBODY)


def order_only(session: Session, stage: Stage) -> None:
    """Let somebody order who has not confirmed yet."""
    if stage.district.slug in UNCONFIRMED:
        _order(session, stage, *UNCONFIRMED[stage.district.slug])


def _order(session: Session, stage: Stage, email: str, filters: Filters) -> None:
    actions.request_subscription(
        session,
        stage.course_list,
        Wish(email=email, filters=filters, filter_words=told(session, stage.district, filters)),
        address="127.0.0.1",
        links=Links("https://kursliste.example"),
        actor=NOBODY,
    )


def _newest_key(session: Session, email: str) -> str:
    query = select(OutgoingMail.body).where(OutgoingMail.to_address == email)
    body = session.scalars(query.order_by(OutgoingMail.id.desc()).limit(1)).one()
    found = re.search(r"/abo/([\w-]+)", body)
    if found is None:
        raise ValueError("a mail without a link")
    return found[1]
