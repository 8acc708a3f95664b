"""Hashing what is short enough to be guessed, so that guessing from a stolen database is dear.

scrypt (RFC 7914) with N = 2^14, r = 8, p = 1: 16 MB and about 30 ms a try; ASVS 5.0, 6.5.2 asks for
it below 112 bits.
"""

import base64
import hashlib
import hmac
import secrets
from typing import Final

SALT_BYTES: Final = 12
HASH_BYTES: Final = 32


def slow_hash(secret: str) -> str:
    """Return salt and hash in 60 characters; twice the same secret gives two of them."""
    salt = secrets.token_bytes(SALT_BYTES)
    return f"{_text(salt)}${_text(_scrypt(secret, salt))}"


def slow_hash_holds(stored: str, secret: str) -> bool:
    """Return whether ``stored`` was made of ``secret``; False for what is no such hash."""
    salt, _, expected = stored.partition("$")
    try:
        made = _scrypt(secret, base64.urlsafe_b64decode(salt))
    except ValueError:
        return False
    return hmac.compare_digest(_text(made), expected)


def _scrypt(secret: str, salt: bytes) -> bytes:
    return hashlib.scrypt(secret.encode(), salt=salt, n=2**14, r=8, p=1, dklen=HASH_BYTES)


def _text(value: bytes) -> str:
    return base64.urlsafe_b64encode(value).decode().rstrip("=")
