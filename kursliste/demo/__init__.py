"""The demo world: three districts, four published months, the current one half reported."""

from sqlalchemy.orm import Session

from kursliste.demo.months import live
from kursliste.demo.world import build
from kursliste.infrastructure.database import transaction
from kursliste.infrastructure.shelf import Shelf


def load(session: Session, shelf: Shelf) -> None:
    """Fill an empty database, as a whole or not at all."""
    with transaction(session):
        live(session, shelf, build(session))


def welcome(base_url: str) -> str:
    """Return what the terminal says after the start: where to look and how to sign in."""
    return f"""
kursliste läuft. Demowelt, alle Träger und Personen sind erfunden.

  Kurslisten ansehen    {base_url}/
  Anmelden              {base_url}/anmelden  (ein Klick auf eine Demo-Person)
  Gesendete Mails       im Ordner var/mail

Beenden mit Strg-C.
"""
