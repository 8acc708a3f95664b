"""Speaking to the identity provider of an authority (Keycloak, Entra): OpenID Connect, code flow.

Everything that comes from there is bounded: five seconds, 200 kB, no redirect is followed, and only
addresses of the issuer's own description are asked. What does not hold raises ``OpenIdError``.
"""

import json
import secrets
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urlencode, urlsplit

import requests
from authlib.oauth2.rfc7636 import (  # type: ignore[import-untyped]  # it has no types
    create_s256_code_challenge,
)
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from kursliste.domain.openid import Expected, tells_two_factors, what_is_wrong
from kursliste.infrastructure import clock
from kursliste.settings import OpenIdSettings

WAIT_S: Final = 5
LARGEST: Final = 200_000
ALGORITHMS: Final = ("RS256", "ES256")
LEAST_RSA_BITS: Final = 2048
KNOWN_FOR_S: Final = 600
ASK_AGAIN_AFTER_S: Final = 30
"""An unknown key is looked for anew, but not for every forged token."""


class OpenIdError(Exception):
    """The identity provider does not answer, or says what it must not; the word is for the log."""


@dataclass(frozen=True)
class Try:
    """What a browser keeps between leaving for the identity provider and coming back."""

    state: str
    nonce: str
    verifier: str
    signed_in_since: float | None = None
    """The instant (seconds since 1970) after which the person has to have signed in there anew.

    None where an earlier sign-in there is enough.
    """


@dataclass(frozen=True)
class Subject:
    """Who stands behind a code, and whether they took two factors there."""

    name: str
    took_two_factors: bool


def new_try(*, anew: bool) -> Try:
    """Return secrets for one try; ``anew`` asks the person to prove again who they are."""
    since = clock.now().timestamp() if anew else None
    state, nonce, verifier = (secrets.token_urlsafe(size) for size in (32, 32, 48))
    return Try(state, nonce, verifier, since)


class IdentityProvider:
    """One identity provider; what it says about itself and its keys are known for ten minutes."""

    def __init__(self, settings: OpenIdSettings) -> None:
        self.settings = settings
        self._guard = threading.Lock()
        self._told: tuple[float, Mapping[str, str]] | None = None
        self._keys: tuple[float, KeySet] | None = None

    def way_there(self, one: Try, *, back: str) -> str:
        """Return where to send the browser; ``back`` is where it shall come back to."""
        query = {
            "response_type": "code",
            "client_id": self.settings.client_id,
            "redirect_uri": back,
            "scope": "openid",
            "state": one.state,
            "nonce": one.nonce,
            "code_challenge": create_s256_code_challenge(one.verifier),
            "code_challenge_method": "S256",
        }
        if one.signed_in_since is not None:
            query["max_age"] = "0"
        if self.settings.acr:
            query["acr_values"] = " ".join(self.settings.acr)
        address = self._description()["authorization_endpoint"]
        return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"

    def subject_behind(self, code: str, one: Try, *, back: str) -> Subject:
        """Return who stands behind a code: the subject of a token that holds in every point.

        Raises OpenIdError.
        """
        answer = self._ask(
            "POST",
            self._description()["token_endpoint"],
            data={
                "grant_type": "authorization_code",
                "code": code,
                "redirect_uri": back,
                "code_verifier": one.verifier,
            },
            auth=(self.settings.client_id, self.settings.client_secret),
        )
        token = answer.get("id_token")
        if not isinstance(token, str):
            raise OpenIdError("no id_token")
        claims = self._claims(token)
        known = self.settings
        expected = Expected(known.issuer, known.client_id, one.nonce, one.signed_in_since)
        wrong = what_is_wrong(claims, expected, now=clock.now())
        if wrong:
            raise OpenIdError(f"claim {wrong}")
        told = tells_two_factors(claims, known.acr) if known.acr else known.asks_two_factors
        return Subject(str(claims["sub"]), told)

    def _claims(self, token: str) -> Mapping[str, Any]:
        try:
            return jwt.decode(token, self._key_set(), algorithms=ALGORITHMS).claims
        except (JoseError, ValueError, KeyError):
            try:  # a key that was changed since
                return jwt.decode(token, self._key_set(anew=True), algorithms=ALGORITHMS).claims
            except (JoseError, ValueError, KeyError) as error:
                raise OpenIdError(f"token {type(error).__name__}") from error

    def _description(self) -> Mapping[str, str]:
        with self._guard:
            if self._told is None or self._told[0] < time.monotonic():
                told = self._ask("GET", f"{self.settings.issuer}/.well-known/openid-configuration")
                if told.get("issuer") != self.settings.issuer:
                    raise OpenIdError("issuer")
                names = ("authorization_endpoint", "token_endpoint", "jwks_uri")
                found = {name: str(told.get(name, "")) for name in names}
                if not all(map(self._is_safe, found.values())):
                    raise OpenIdError("endpoints")
                self._told = (time.monotonic() + KNOWN_FOR_S, found)
            return self._told[1]

    def _is_safe(self, address: str) -> bool:
        """https, or what the issuer itself speaks: http only on this machine."""
        parts, own = urlsplit(address), urlsplit(self.settings.issuer)
        return bool(parts.hostname) and parts.scheme in {"https", own.scheme}

    def _key_set(self, *, anew: bool = False) -> KeySet:
        address = self._description()["jwks_uri"]
        with self._guard:
            now = time.monotonic()
            is_old = self._keys is None or self._keys[0] < now
            asked_lately = (
                self._keys is not None and self._keys[0] - KNOWN_FOR_S > now - ASK_AGAIN_AFTER_S
            )
            if is_old or (anew and not asked_lately):
                stored: Any = self._ask("GET", address)
                try:
                    keys = KeySet.import_key_set(stored)
                except (JoseError, ValueError, KeyError, TypeError) as error:
                    raise OpenIdError("keys") from error
                if any(map(_is_weak, keys.keys)):
                    raise OpenIdError("weak key")
                self._keys = (now + KNOWN_FOR_S, keys)
            assert self._keys is not None  # noqa: S101 -- made just now, for mypy
            return self._keys[1]

    def _ask(self, method: str, address: str, **more: Any) -> Mapping[str, Any]:
        try:
            with requests.request(
                method, address, timeout=WAIT_S, allow_redirects=False, stream=True, **more
            ) as answer:
                if answer.status_code != requests.codes.ok:
                    raise OpenIdError(f"status {answer.status_code}")
                found = json.loads(_read(answer))
        except (requests.RequestException, ValueError) as error:
            raise OpenIdError(type(error).__name__) from error
        if not isinstance(found, dict):
            raise OpenIdError("no object")
        return found


def _is_weak(key: Any) -> bool:
    """RSA below 2048 bits; Entra signs with 2048, so more cannot be asked for."""
    return bool(key.key_type == "RSA" and key.raw_value.key_size < LEAST_RSA_BITS)


def _read(answer: requests.Response) -> bytes:
    give_up, content = time.monotonic() + WAIT_S, b""
    for piece in answer.iter_content(16_384):
        content += piece
        if len(content) > LARGEST or time.monotonic() > give_up:
            raise OpenIdError("too much")
    return content
