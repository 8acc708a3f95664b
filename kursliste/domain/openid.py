"""What an ID token has to say before anybody is let in (OpenID Connect Core 1.0, section 3.1.3.7).

The signature is checked before; here are the rules about what was signed.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

LEEWAY: Final = timedelta(seconds=60)
"""How far the clocks of two machines may be apart."""

OLDEST: Final = timedelta(minutes=10)
LONGEST_SUBJECT: Final = 255
"""OpenID Connect Core 1.0, section 2: no longer than 255 ASCII characters."""


@dataclass(frozen=True)
class Expected:
    """Who has to have written a token, for whom, and for which try."""

    issuer: str
    client_id: str
    nonce: str


def what_is_wrong(claims: Mapping[str, object], expected: Expected, *, now: datetime) -> str:
    """Return what speaks against a token, in a word for the log; empty where nothing does."""
    subject, audience = claims.get("sub"), claims.get("aud")
    audiences = audience if isinstance(audience, list) else [audience]
    party = claims.get("azp")
    checks = (
        ("iss", claims.get("iss") == expected.issuer),
        ("aud", expected.client_id in audiences),
        ("azp", party == expected.client_id if party or len(audiences) > 1 else True),
        ("nonce", claims.get("nonce") == expected.nonce),
        ("exp", _instant(claims.get("exp")) > now.timestamp() - LEEWAY.total_seconds()),
        ("iat", _is_recent(_instant(claims.get("iat")), now)),
        ("sub", isinstance(subject, str) and 0 < len(subject) <= LONGEST_SUBJECT),
    )
    return next((name for name, holds in checks if not holds), "")


def _is_recent(begun: float, now: datetime) -> bool:
    age = now.timestamp() - begun
    return -LEEWAY.total_seconds() <= age <= OLDEST.total_seconds()


def _instant(value: object) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else 0.0  # type: ignore[arg-type]  # a number, as checked
