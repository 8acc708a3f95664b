"""Secrets that must be read again lie sealed: a stolen database or backup alone opens none.

The key is made of ``KURSLISTE_SECRET_KEY``. Keys of before (``KURSLISTE_OLD_SECRET_KEYS``) open
what was sealed with them; with none of them nothing opens any more. Callers give all of them, the
newest first.
"""

import base64
from collections.abc import Sequence
from functools import lru_cache

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


@lru_cache(maxsize=8)
def _box(secret_key: str) -> Fernet:
    made = HKDF(SHA256(), 32, salt=None, info=b"kursliste.second-factor").derive(
        secret_key.encode()
    )
    return Fernet(base64.urlsafe_b64encode(made))


def seal(plain: str, *, secret_keys: Sequence[str]) -> str:
    """Return ``plain`` so that only this instance's key opens it."""
    return _box(secret_keys[0]).encrypt(plain.encode()).decode()


def unsealed_or_none(sealed: str, *, secret_keys: Sequence[str]) -> str | None:
    """Return what was sealed with one of the keys; None for another key or damage."""
    try:
        return MultiFernet([_box(key) for key in secret_keys]).decrypt(sealed.encode()).decode()
    except InvalidToken:
        return None


def is_sealed_with(sealed: str, *, secret_key: str) -> bool:
    """Return whether this key alone opens it."""
    return unsealed_or_none(sealed, secret_keys=(secret_key,)) is not None
