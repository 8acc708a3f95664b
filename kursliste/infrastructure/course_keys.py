"""The Kurs-ID: short enough to read out, random enough never to meet twice."""

import secrets
from typing import Final

ALPHABET: Final = "23456789abcdefghjkmnpqrstuvwxyz"
LENGTH: Final = 12


def new_course_key() -> str:
    """Return a new Kurs-ID of twelve signs without 0/o and 1/i/l (about 59 random bits)."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
