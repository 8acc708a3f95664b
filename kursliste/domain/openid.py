"""What an ID token has to say before anybody is let in (OpenID Connect Core 1.0, section 3.1.3.7).

The signature is checked before; here are the rules about what was signed.
"""

from collections.abc import Collection, Mapping
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
    signed_in_since: float | None = None
    """Where somebody has to prove again who they are: the instant in seconds since 1970 after which
    they have to have signed in there (``auth_time``, section 2; asked for by ``max_age``)."""


def tells_two_factors(claims: Mapping[str, object], values: Collection[str]) -> bool:
    """Return whether a token says how strongly somebody signed in, in one of these values.

    ``acr`` (section 2) is one value; what each means is agreed with who runs the provider.
    """
    return claims.get("acr") in values


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
        ("auth_time", _signed_in(claims, expected.signed_in_since)),
        ("sub", isinstance(subject, str) and 0 < len(subject) <= LONGEST_SUBJECT),
    )
    return next((name for name, holds in checks if not holds), "")


def _signed_in(claims: Mapping[str, object], since: float | None) -> bool:
    return since is None or _instant(claims.get("auth_time")) >= since - LEEWAY.total_seconds()


def _is_recent(begun: float, now: datetime) -> bool:
    age = now.timestamp() - begun
    return -LEEWAY.total_seconds() <= age <= OLDEST.total_seconds()


def _instant(value: object) -> float:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if is_number else 0.0  # type: ignore[arg-type]  # a number, as checked
