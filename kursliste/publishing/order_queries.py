"""Orders to publish at a set time: the one of a month, and those that are due."""

from collections.abc import Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.infrastructure import clock
from kursliste.models.publication import PublicationOrder
from kursliste.models.report import Round


def order_or_none(session: Session, asked: Round) -> PublicationOrder | None:
    """Return the order for a month as it is stored now, or None."""
    query = select(PublicationOrder).where(PublicationOrder.round_id == asked.id)
    return session.scalar(query.execution_options(populate_existing=True))


def locked_order(session: Session, order_id: int) -> PublicationOrder | None:
    """Return an order that is due, kept from everybody else; None if it is gone or moved."""
    query = (
        select(PublicationOrder)
        .where(PublicationOrder.id == order_id, PublicationOrder.due_at <= clock.now())
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    return session.scalar(query)


def due_orders(session: Session) -> Sequence[int]:
    """Return the keys of the orders whose time has come, the oldest first."""
    query = (
        select(PublicationOrder.id)
        .where(PublicationOrder.due_at <= clock.now())
        .order_by(PublicationOrder.due_at, PublicationOrder.id)
    )
    return session.scalars(query).all()
