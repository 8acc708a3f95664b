"""What is behind a certificate that nobody vouches for may be anybody: they learn nothing."""

from email.message import EmailMessage

import pytest

from kursliste.infrastructure.carriers import DeliveryError, SmtpCarrier
from kursliste.infrastructure.openid import IdentityProvider, OpenIdError, new_try
from kursliste.infrastructure.shelf_bucket import BucketBacking
from kursliste.infrastructure.shelf_parts import BackingError
from kursliste.settings import Bucket, OpenIdSettings
from tests.infrastructure.certificates import eavesdropper
from tests.s3 import KEYS

pytestmark = pytest.mark.asvs("12.3.2")


@pytest.fixture
def stranger(tmp_path):
    with eavesdropper(tmp_path) as (port, read):
        yield f"127.0.0.1:{port}"
    assert read == []


def test_a_mail_server_gets_neither_password_nor_mail(stranger):
    message = EmailMessage()
    message["From"], message["To"] = "kursliste@example.org", "rita@example.org"
    with pytest.raises(DeliveryError, match="CERTIFICATE_VERIFY_FAILED"):
        SmtpCarrier(f"smtps://rita:geheim@{stranger}").deliver(message)


def test_an_identity_provider_gets_no_secret(stranger):
    chosen = OpenIdSettings(issuer=f"https://{stranger}", client_id="k", client_secret="geheim")
    with pytest.raises(OpenIdError, match="SSLError"):
        IdentityProvider(chosen).way_there(new_try(anew=False), back="http://localhost/zurueck")


def test_a_storage_gets_no_file(stranger, monkeypatch):
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)
    place = Bucket(name="kurse", endpoint=f"https://{stranger}", is_path_style=True)
    with pytest.raises(BackingError, match=r"(?i)ssl"):
        BucketBacking(place).find("a" * 64)


def test_who_is_told_to_trust_it_does(tmp_path, monkeypatch):
    """The control: it is the certificate and nothing else that keeps them away."""
    with eavesdropper(tmp_path) as (port, read):
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "forged.pem"))
        chosen = OpenIdSettings(
            issuer=f"https://127.0.0.1:{port}", client_id="k", client_secret="geheim"
        )
        with pytest.raises(OpenIdError, match="ConnectionError"):
            IdentityProvider(chosen).way_there(new_try(anew=False), back="http://localhost/z")
    assert read[0].startswith(b"GET /.well-known/openid-configuration")
