"""An identity provider on this machine: honest, or wrong in one of many ways."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from authlib.oauth2.rfc7636 import (  # type: ignore[import-untyped]  # it has no types
    create_s256_code_challenge,
)
from joserfc import jwt
from joserfc.jwk import OctKey, RSAKey

from kursliste.infrastructure import clock

CLIENT, SECRET = "kursliste", "geheim"
HONEST = RSAKey.generate_key(2048, parameters={"kid": "1"}, private=True)
FORGED = RSAKey.generate_key(2048, parameters={"kid": "1"}, private=True)


@dataclass
class FakeProvider:
    """What it says; ``lies`` names the way in which it is wrong, ``claims`` overrides a token's."""

    issuer: str = ""
    lies: str = ""
    subject: str = "k-1"
    claims: dict[str, Any] = field(default_factory=dict)
    keys: list[RSAKey] = field(default_factory=lambda: [HONEST])
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)

    def sign_in(self, address: str) -> str:
        """Do what a browser and a person do there; return the address they are sent back to."""
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert query["response_type"] == "code"
        assert query["code_challenge_method"] == "S256"
        code = f"code-{len(self.codes)}"
        self.codes[code] = query
        return f"{urlsplit(query['redirect_uri']).path}?code={code}&state={query['state']}"

    def token(self, form: dict[str, str]) -> dict[str, Any]:
        """Answer the exchange of a code; a code holds once, and only with its verifier."""
        query = self.codes.pop(form["code"], None)
        if query is None or query["code_challenge"] != create_s256_code_challenge(
            form["code_verifier"]
        ):
            return {"error": "invalid_grant"}
        now = int(clock.now().timestamp())
        claims = {
            "iss": self.issuer,
            "aud": CLIENT,
            "sub": self.subject,
            "nonce": query["nonce"],
            "iat": now,
            "exp": now + 300,
        }
        if "max_age" in query:
            claims["auth_time"] = now
        claims |= self.claims
        claims = {name: value for name, value in claims.items() if value is not None}
        return {"id_token": self._signed(claims), "access_token": "x"}

    def _signed(self, claims: dict[str, Any]) -> str:
        if self.lies == "alg none":
            return jwt.encode({"alg": "none"}, claims, OctKey.generate_key(256), ["none"])
        if self.lies == "HS256 with the public key":
            pem = self.keys[0].as_pem(private=False)
            header = {"alg": "HS256", "kid": "1"}
            return jwt.encode(header, claims, OctKey.import_key(b"x" + pem), ["HS256"])
        key = FORGED if self.lies == "another key" else self.keys[0]
        return jwt.encode({"alg": "RS256", "kid": key.kid}, claims, key, ["RS256"])

    def description(self) -> dict[str, Any]:
        """Say where everything is."""
        other = "https://boese.example" if self.lies == "another issuer" else self.issuer
        token = "ftp://x" if self.lies == "odd endpoint" else f"{self.issuer}/token"
        return {
            "issuer": other,
            "authorization_endpoint": f"{self.issuer}/auth",
            "token_endpoint": token,
            "jwks_uri": f"{self.issuer}/keys",
        }


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        fake: FakeProvider = self.server.fake  # type: ignore[attr-defined]  # set below
        fake.asked.append(self.path)
        if self.path.endswith("/openid-configuration"):
            self._say(fake.description())
        else:
            self._say({"keys": [key.as_dict(private=False) for key in fake.keys]})

    def do_POST(self) -> None:
        fake: FakeProvider = self.server.fake  # type: ignore[attr-defined]  # set below
        fake.asked.append(self.path)
        sent = self.rfile.read(int(self.headers["Content-Length"])).decode()
        form = {name: values[0] for name, values in parse_qs(sent).items()}
        match fake.lies:
            case "redirect":
                self.send_response(302)
                self.send_header("Location", f"{fake.issuer}/keys")
                self.end_headers()
            case "garbage":
                self._send(b"<html>")
            case "a list":
                self._send(b"[]")
            case "too much":
                self._send(b'{"id_token": "' + b"x" * 300_000 + b'"}')
            case "refuses":
                self.send_response(500)
                self.end_headers()
            case _:
                self._say(fake.token(form))

    def _say(self, told: dict[str, Any]) -> None:
        self._send(json.dumps(told).encode())

    def _send(self, content: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextmanager
def running() -> Iterator[FakeProvider]:
    """Serve until the block ends."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    fake = FakeProvider(issuer=f"http://127.0.0.1:{server.server_address[1]}/realm")
    server.fake = fake  # type: ignore[attr-defined]  # read by the handler
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield fake
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


__all__ = ["FakeProvider", "running"]
