"""Codes of an authenticator app (TOTP, RFC 6238); the only module that knows pyotp."""

import hmac
from datetime import datetime

import pyotp

from kursliste.domain.second_factor import APP_DIGITS, STEP, STEPS_EITHER_WAY


def new_secret() -> str:
    """Return a new secret of 160 bits in base32, as apps take it."""
    return pyotp.random_base32()


def enrolment_address(secret: str, *, account: str, site: str) -> str:
    """Return the ``otpauth:`` address that an app reads from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=account, issuer_name=site)


def step_of(now: datetime) -> int:
    """Return the number of the 30 seconds in which ``now`` lies."""
    return int(now.timestamp() // STEP.total_seconds())


def code_of(secret: str, step: int) -> str:
    """Return the app's code in a step."""
    code: str = pyotp.HOTP(secret, digits=APP_DIGITS).at(step)
    return code


def matching_step_or_none(secret: str, digits: str, now: datetime) -> int | None:
    """Return the step whose code was typed, or None; a clock may be one step off."""
    here = step_of(now)
    found = None
    for step in range(here - STEPS_EITHER_WAY, here + STEPS_EITHER_WAY + 1):
        if hmac.compare_digest(code_of(secret, step), digits):
            found = step
    return found
