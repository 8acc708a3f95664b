"""Secrets that must be read again lie sealed: a stolen database or backup alone opens none.

The key is made of ``KURSLISTE_SECRET_KEY``; with another key nothing opens any more.
"""

import base64
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


@lru_cache(maxsize=8)
def _box(secret_key: str) -> Fernet:
    made = HKDF(SHA256(), 32, salt=None, info=b"kursliste.second-factor").derive(
        secret_key.encode()
    )
    return Fernet(base64.urlsafe_b64encode(made))


def seal(plain: str, *, secret_key: str) -> str:
    """Return ``plain`` so that only this instance's key opens it."""
    return _box(secret_key).encrypt(plain.encode()).decode()


def unsealed_or_none(sealed: str, *, secret_key: str) -> str | None:
    """Return what was sealed; None if it was sealed with another key or damaged."""
    try:
        return _box(secret_key).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None
