"""Who wants in, and what the mail said."""

import re
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.domain.events import JournalEvent
from kursliste.infrastructure.database import transaction
from kursliste.models import JournalEntry, OutgoingMail, User, UserSession
from tests import builders
from tests.page_client import PageClient

RITA = "rita@example.org"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"


@dataclass(frozen=True)
class Letter:
    """One mail with a way in."""

    text: str

    @property
    def path(self) -> str:
        """The path of the link, without the host."""
        return self.token_line.removeprefix("http://localhost")

    @property
    def token_line(self) -> str:
        return next(line for line in self.text.splitlines() if "/anmelden/" in line)

    @property
    def token(self) -> str:
        return self.token_line.rsplit("/", 1)[1]

    @property
    def code(self) -> str:
        found = re.search(r"^(\d{4}) (\d{4})$", self.text, re.MULTILINE)
        assert found is not None
        return found.group(1) + found.group(2)


def a_reporter(session: Session, email: str = RITA) -> User:
    """A person who reports for a provider, saved."""
    district = builders.a_district(session)
    provider = builders.a_provider(session, district)
    user = builders.a_reporter(session, provider, name="Rita Meldung", email=email)
    with transaction(session):
        pass
    return user


def mails(session: Session) -> list[OutgoingMail]:
    session.expire_all()
    with transaction(session):
        return list(session.scalars(select(OutgoingMail).order_by(OutgoingMail.id)))


def letter(session: Session) -> Letter:
    """The newest mail."""
    return Letter(mails(session)[-1].body)


def sessions(session: Session) -> list[UserSession]:
    session.expire_all()
    with transaction(session):
        return list(session.scalars(select(UserSession).order_by(UserSession.id)))


def ask(client: PageClient, email: str = RITA, status: int = 302) -> None:
    """Ask for a mail and look at the page that waits for the code."""
    client.get("/anmelden")
    client.post("/anmelden", {"email": email}, status)
    if status == 302:
        client.follow()


def cookie_line(client: PageClient, name: str) -> str:
    """The Set-Cookie line of the last answer for ``name``, without its value and its date."""
    assert client.response is not None
    found = [c for c in client.response.headers.getlist("Set-Cookie") if c.startswith(f"{name}=")]
    assert len(found) == 1, found
    return re.sub(r" Expires=[^;]+;", "", re.sub(r"=[^;]+", "=…", found[0], count=1))


def value_of(client: PageClient, name: str) -> str:
    """The value of a cookie that the browser holds now; empty for no cookie."""
    found = client.flask.get_cookie(name)
    return "" if found is None else found.value


def events(session: Session) -> list[tuple[str, int | None, bool]]:
    """What the journal says since the database was made: event, who, whether internal."""
    session.expire_all()
    with transaction(session):
        entries = session.query(JournalEntry).order_by(JournalEntry.id).all()
    return [
        (str(e.event), e.actor_id, e.is_internal)
        for e in entries
        if e.event is not JournalEvent.CODES_LOADED  # written when the database was made
    ]
