"""Signing in without the page: tests of other stations only need somebody to be there."""

import secrets
from datetime import timedelta

from sqlalchemy.orm import Session

from kursliste.domain.sign_in import hashed
from kursliste.infrastructure import clock
from kursliste.models import User, UserSession
from tests.page_client import PageClient


def sign_in(client: PageClient, session: Session, user: User) -> None:
    """Give the client's browser a signed-in session for ``user``."""
    secret = secrets.token_urlsafe(32)
    now = clock.now()
    session.add(
        UserSession(
            token_hash=hashed(secret),
            user_id=user.id,
            created_at=now,
            seen_at=now,
            ends_at=now + timedelta(days=14),
        )
    )
    session.flush()
    client.flask.set_cookie("sid", secret)
