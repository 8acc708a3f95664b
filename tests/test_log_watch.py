"""The watch over the logs finds what it is there for: each kind of secret, and tracebacks."""

import logging
import os
import secrets
import subprocess
import sys
from pathlib import Path

import pyotp
import pytest
from werkzeug.wrappers import Response

from kursliste.domain.second_factor import PAPER_ALPHABET, PAPER_LENGTH, written
from kursliste.domain.sign_in import CODE_DIGITS
from kursliste.settings import OpenIdSettings, Settings
from tests.log_watch import WATCH

log = logging.getLogger("kursliste.tests")
ROOT = Path(__file__).parents[1]


def said(text, *arguments, **named):
    """Log something and return the kinds that the watch found, which then are forgotten."""
    log.debug(text, *arguments, **named)
    found = [leak.partition(" in kursliste.tests")[0] for leak in WATCH.leaks]
    WATCH.leaks.clear()
    return found


def raises(error, cause=None):
    raise error from cause


def caught(act):
    """Return the error that ``act`` raises."""
    with pytest.raises(Exception) as found:  # noqa: PT011 -- whatever it is
        act()
    return found.value


def a_cookie():
    response = Response()
    response.set_cookie("sitzung", "not-drawn-but-signed-0123456789", httponly=True)
    return "not-drawn-but-signed-0123456789"


def a_paper_code():
    return "".join(secrets.choice(PAPER_ALPHABET) for _ in range(PAPER_LENGTH))


DRAWN = {
    "drawn secret": lambda: secrets.token_urlsafe(32),
    "code of a mail": lambda: f"{secrets.randbelow(10**CODE_DIGITS):0{CODE_DIGITS}d}",
    "secret of an app": pyotp.random_base32,
    "paper code": a_paper_code,
    "cookie sitzung": a_cookie,
}


@pytest.mark.asvs("16.2.5")
@pytest.mark.parametrize("kind", DRAWN)
def test_what_the_code_draws_is_found_wherever_it_stands(kind):
    value = DRAWN[kind]()
    assert said("nothing to see") == []
    assert said(f"a {value} b") == [kind]
    assert said("in an argument: %s", {"x": value}) == [kind]


def test_a_paper_code_as_it_is_printed_is_found():
    assert said(written(a_paper_code())) == ["paper code"]


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("secret key", "only-for-this-test-0123456789-abcdef"),
        ("token of the metrics", "metrics-only-for-this-test"),
        ("password of the mail server", "mail-only-for-this-test"),
        ("password of the database", "database-only-for-this-test"),
        ("secret of the identity provider", "openid-only-for-this-test"),
    ],
)
def test_what_the_operator_sets_is_found(kind, value):
    Settings(
        secret_key="only-for-this-test-0123456789-abcdef",
        metrics_token="metrics-only-for-this-test",
        mail="smtp://kursliste:mail-only-for-this-test@localhost",
        database_url="postgresql://kursliste:database-only-for-this-test@localhost/kursliste",
        openid=OpenIdSettings(
            issuer="https://a.example", client_id="a", client_secret="openid-only-for-this-test"
        ),
    )
    assert said(value) == [kind]


@pytest.mark.asvs("16.2.5")
@pytest.mark.parametrize("address", ["rita@example.org", "a.b+c@amt.kreis-goerlitz.example"])
def test_an_address_of_mail_is_found(address):
    assert said("to %s", address) == [f"mail address {address}"]


def test_an_address_in_an_error_is_found_and_one_in_the_lines_of_a_test_is_not():
    for told, found in (("rita@example.org", ["mail address rita@example.org"]), ("rita", [])):
        assert said("it failed", exc_info=caught(lambda: raises(ValueError(told)))) == found  # noqa: B023 -- at once


def test_the_cause_of_an_error_is_looked_at_too():
    cause = KeyError("rita@example.org")
    outer = caught(lambda: raises(ValueError("outside"), cause))
    assert said("it failed", exc_info=outer) == ["mail address rita@example.org"]


def test_a_handled_error_below_warning_is_no_unexpected_one():
    log.info("known", exc_info=caught(lambda: raises(ValueError("known"))))
    assert WATCH.errors == []


PLUGGED = """
import logging, pytest
log = logging.getLogger("kursliste.x")

def test_leaks():
    log.debug("to rita@example.org")

def test_fails_unseen():
    try:
        raise RuntimeError("broken")
    except RuntimeError:
        log.exception("it failed")

@pytest.mark.logs_errors
def test_fails_and_says_so():
    test_fails_unseen()

@pytest.mark.logs_errors
def test_says_so_and_does_not():
    pass

@pytest.fixture
def leaving():
    yield
    log.warning("to rita@example.org")

def test_leaks_when_it_ends(leaving):
    pass

def test_is_well():
    log.debug("to somebody")
"""


def test_the_plugin_fails_the_test_in_whose_time_it_was_logged(tmp_path):
    (tmp_path / "test_plugged.py").write_text(PLUGGED)
    (tmp_path / "pytest.ini").write_text("[pytest]\nmarkers = logs_errors\n")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.log_watch", "-rA", "-p", "no:cacheprovider"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},  # noqa: TID251 -- not an app setting
        capture_output=True,
        text=True,
        check=False,
    )
    told = {
        tuple(line.split()[:2])
        for line in done.stdout.splitlines()
        if line.startswith(("PASSED ", "FAILED ", "ERROR ")) and "::" in line
    }
    file = "test_plugged.py::"
    assert told == {
        ("FAILED", f"{file}test_leaks"),
        ("FAILED", f"{file}test_fails_unseen"),
        ("PASSED", f"{file}test_fails_and_says_so"),
        ("FAILED", f"{file}test_says_so_and_does_not"),
        ("PASSED", f"{file}test_leaks_when_it_ends"),
        ("ERROR", f"{file}test_leaks_when_it_ends"),
        ("PASSED", f"{file}test_is_well"),
    }
