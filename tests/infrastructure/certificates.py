"""A certificate for this machine that nobody vouches for, unless they are told to trust it."""

import contextlib
import socket
import ssl
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Address
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID


def forged_context(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """Return what a server shows, and the file with certificate and key in ``folder``."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.IPAddress(IPv4Address("127.0.0.1"))
    begun = datetime(2020, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), 1)
        .not_valid_before(begun)
        .not_valid_after(begun + timedelta(days=36_500))
        .add_extension(x509.SubjectAlternativeName([here]), critical=False)
        .sign(key, SHA256())
    )
    path = folder / "forged.pem"
    path.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        + certificate.public_bytes(Encoding.PEM)
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(path)
    return context, path


@contextlib.contextmanager
def eavesdropper(folder: Path) -> Iterator[tuple[int, list[bytes]]]:
    """Yield the port of a server with such a certificate, and what it gets to read.

    Each caller is answered once; who does not trust the certificate tells nothing.
    """
    context, _path = forged_context(folder)
    read: list[bytes] = []
    over = threading.Event()

    def answer(listening: socket.socket) -> None:
        while not over.is_set():
            with contextlib.suppress(OSError):
                connection, _ = listening.accept()
                with connection, context.wrap_socket(connection, server_side=True) as line:
                    read.append(line.recv(100))

    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.2)
        thread = threading.Thread(target=answer, args=(listening,))
        thread.start()
        try:
            yield listening.getsockname()[1], read
        finally:
            over.set()
            thread.join()
