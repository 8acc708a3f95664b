"""Ending what lets a person in: for whoever leaves, lost a device, or is shut out."""

from sqlalchemy import delete
from sqlalchemy.orm import Session

from kursliste.models.identity import RememberedDevice, SignInLink, UserSession


def end_every_way_in(session: Session, user_id: int) -> None:
    """End where a person is signed in, ways in that were mailed, and remembered devices."""
    for table in (UserSession, SignInLink, RememberedDevice):
        session.execute(delete(table).where(table.user_id == user_id))
