"""Sealing the keys of all apps anew, after the secret key of the instance was changed."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from kursliste.infrastructure.sealing import is_sealed_with, seal, unsealed_or_none
from kursliste.models.identity import SecondFactor


@dataclass(frozen=True)
class Resealed:
    """How many apps were sealed anew, needed it not, or opened with no key."""

    sealed: int
    kept: int
    unreadable: int


def reseal_apps(session: Session, *, secret_keys: Sequence[str]) -> Resealed:
    """Seal the key of every app with the newest secret key; what no key opens stays as it is.

    For the operator at the command line; what anybody may do or see does not change by it.
    """
    sealed = kept = unreadable = 0
    for app in session.scalars(select(SecondFactor).with_for_update()):
        plain = unsealed_or_none(app.sealed_secret, secret_keys=secret_keys)
        if plain is None:
            unreadable += 1
        elif is_sealed_with(app.sealed_secret, secret_key=secret_keys[0]):
            kept += 1
        else:
            app.sealed_secret = seal(plain, secret_keys=secret_keys)
            sealed += 1
    return Resealed(sealed, kept, unreadable)
