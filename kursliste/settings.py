"""Every setting, read from the environment once and checked at start."""

import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final, Literal, Self, cast
from urllib.parse import urlsplit

from sqlalchemy import make_url
from sqlalchemy.exc import ArgumentError

from kursliste.domain.retention import JOURNAL_YEARS, LONGEST_JOURNAL_YEARS

PACKAGE: Final = Path(__file__).resolve().parent
LOOPBACK: Final = ("127.0.0.1", "localhost", "[::1]")
MAIL_FORMS: Final = "Erlaubt sind smtp://…, smtps://…, smtp+plain://… und file:ordner."
SHORTEST_TOKEN: Final = 20
OPENID_LABEL: Final = "Mit dem Konto Ihrer Behörde anmelden"
SHORTEST_SECRET: Final = 32
PAGE_CACHE_S: Final = 5.0
"""Seconds that a published page may be old where nobody says otherwise (ADR 10)."""

LONGEST_WAIT_S: Final = 3600


NAME_OF_BUCKET: Final = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
PREFIX: Final = re.compile(r"(?:[A-Za-z0-9_-][A-Za-z0-9._-]*(?:/[A-Za-z0-9_-][A-Za-z0-9._-]*)*)?")
REGION: Final = re.compile(r"[A-Za-z0-9-]{0,60}")


class SettingsError(Exception):
    """A variable is missing or wrong; the text is one German line that names it."""


def resource_dir(name: str) -> Path:
    """The folder ``templates``, ``static``, ``fonts`` or ``migrations``.

    A wheel carries them inside the package, a checkout beside it. Raises ``RuntimeError`` where
    neither holds it: the installation is broken.
    """
    for folder in (PACKAGE / "_resources" / name, PACKAGE.parent / name):
        if folder.is_dir():
            return folder
    raise RuntimeError(f"resource folder {name!r} is missing")


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """A place in S3-compatible storage; without an endpoint it is Amazon's.

    The credentials are no setting of ours: boto3 finds them in its usual ways.
    """

    name: str
    prefix: str = ""
    endpoint: str = ""
    region: str = ""
    is_path_style: bool = False


@dataclass(frozen=True, kw_only=True)
class OpenIdSettings:
    """The identity provider of the authority, and what its button says."""

    issuer: str
    client_id: str
    client_secret: str = field(repr=False)
    label: str = OPENID_LABEL
    acr: tuple[str, ...] = ()
    """Values of the claim ``acr`` that tell of two factors there; empty: the claim is not read."""

    asks_two_factors: bool = False
    """Whether the operator vouches that everybody takes two factors there, without a claim."""


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The whole configuration of one instance; built directly in tests."""

    database_url: str = field(repr=False)
    secret_key: str = field(repr=False)
    old_secret_keys: tuple[str, ...] = field(default=(), repr=False)
    base_url: str = "http://127.0.0.1:8000"
    shelf: Path | Bucket = Path("exports")
    mail: str = field(default="file:var/mail", repr=False)
    mail_from: str = "kursliste@localhost"
    log: Literal["text", "json"] = "text"
    trusted_hosts: tuple[str, ...] = LOOPBACK
    proxies: int = 0
    page_cache_s: float = 0.0
    demo: bool = False
    demo_public: bool = False
    offline: bool = True
    openid: OpenIdSettings | None = None
    second_factor: bool = False
    security_contact: str = ""
    metrics_token: str = field(default="", repr=False)
    journal_years: int = JOURNAL_YEARS
    tiles: str = ""
    tiles_credit: str = ""
    testing: bool = False

    @property
    def secret_keys(self) -> tuple[str, ...]:
        """The key that closes, then those of before: they open what was closed with them."""
        return (self.secret_key, *self.old_secret_keys)

    @classmethod
    def from_environment(
        cls,
        env: Mapping[str, str] | None = None,
        *,
        demo: bool | None = None,
        serving: bool = True,
    ) -> Self:
        """Read and check all ``KURSLISTE_*`` variables.

        ``demo`` overrides ``KURSLISTE_DEMO``. Commands that neither serve pages nor send mail
        pass ``serving=False`` and do without the secret key and the mail server. Relative
        folders count from the folder in which the program was started. Raises
        ``SettingsError``.
        """
        given = _Given(os.environ if env is None else env)  # noqa: TID251 -- the one place
        is_demo = given.flag("DEMO") if demo is None else demo
        base_url = given.address("BASE_URL", "http://127.0.0.1:8000")
        return cls(
            database_url=given.database_url(),
            secret_key=given.secret_key(required=serving and not is_demo, demo=is_demo),
            old_secret_keys=given.old_secret_keys(),
            base_url=base_url,
            shelf=given.shelf(),
            mail=given.mail(required=serving and not is_demo),
            mail_from=given.text("MAIL_FROM", "kursliste@localhost"),
            log=given.log(),
            trusted_hosts=given.trusted_hosts(base_url, demo=is_demo),
            proxies=given.count("PROXIES"),
            page_cache_s=given.seconds("PAGE_CACHE", PAGE_CACHE_S),
            demo=is_demo,
            demo_public=given.flag("DEMO_PUBLIC"),
            offline=given.flag("OFFLINE", default=True),
            openid=given.openid(),
            second_factor=given.flag("SECOND_FACTOR", default=not is_demo),
            security_contact=given.security_contact(),
            metrics_token=given.metrics_token(),
            journal_years=given.journal_years(),
            tiles=given.tiles(),
            tiles_credit=given.text("TILES_CREDIT"),
        )


def child_environment(**variables: str) -> dict[str, str]:
    """Return this process's environment with some variables set, for a process that it starts."""
    return {**os.environ, **variables}  # noqa: TID251 -- the one place


def _wrong(name: str, why: str) -> SettingsError:
    return SettingsError(f"KURSLISTE_{name}: {why}")


class _Given:
    """The variables as they were given; each method checks one of them."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env

    def text(self, name: str, default: str = "") -> str:
        return self._env.get(f"KURSLISTE_{name}", "").strip() or default

    def flag(self, name: str, default: bool = False) -> bool:  # noqa: FBT001, FBT002 -- the value
        value = self.text(name, str(int(default))).lower()
        if value not in {"0", "1", "nein", "ja", "false", "true"}:
            raise _wrong(name, f"Erlaubt sind 1 und 0, nicht „{value}“.")
        return value in {"1", "ja", "true"}

    def security_contact(self) -> str:
        value = self.text("SECURITY_CONTACT")
        if value and not re.fullmatch(r"(mailto:[^\s@]+@[^\s@]+|https://\S+|tel:\+[0-9-]+)", value):
            raise _wrong(
                "SECURITY_CONTACT",
                f"Erwartet wird mailto:name@beispiel.de, https://… oder tel:+49…, nicht „{value}“.",
            )
        return value

    def metrics_token(self) -> str:
        value = self.text("METRICS_TOKEN")
        if value and len(value) < SHORTEST_TOKEN:
            raise _wrong("METRICS_TOKEN", f"Nehmen Sie mindestens {SHORTEST_TOKEN} Zeichen.")
        return value

    def tiles(self) -> str:
        value = self.text("TILES")
        parts = urlsplit(value)
        is_template = all(part in value for part in ("{z}", "{x}", "{y}"))
        if value and (parts.scheme != "https" or not parts.hostname or not is_template):
            raise _wrong("TILES", "Erwartet wird https://server/{z}/{x}/{y}.png.")
        if value and not re.fullmatch(r"[a-z0-9.-]+(:[0-9]+)?", parts.netloc):
            raise _wrong("TILES", f"„{parts.netloc}“ ist kein Server ohne Namen und Kennwort.")
        return value

    def count(self, name: str) -> int:
        value = self.text(name, "0")
        if not (value.isascii() and value.isdigit()):
            raise _wrong(name, f"Erwartet wird eine Zahl ab 0, nicht „{value}“.")
        return int(value)

    def journal_years(self) -> int:
        value = self.text("JOURNAL_YEARS", str(JOURNAL_YEARS))
        most = LONGEST_JOURNAL_YEARS
        if not re.fullmatch(r"[0-9]{1,2}", value) or not 1 <= int(value) <= most:
            raise _wrong("JOURNAL_YEARS", f"Erlaubt sind 1 bis {most} Jahre, nicht „{value}“.")
        return int(value)

    def seconds(self, name: str, default: float) -> float:
        value = self.text(name, str(default)).replace(",", ".")
        if not re.fullmatch(r"[0-9]{1,4}(\.[0-9]{1,3})?", value) or float(value) > LONGEST_WAIT_S:
            raise _wrong(
                name, f"Erlaubt sind 0 bis {LONGEST_WAIT_S} Sekunden (0 = aus), nicht „{value}“."
            )
        return float(value)

    def database_url(self) -> str:
        given = self.text("DATABASE_URL")
        if not given:
            return f"sqlite:///{(Path.cwd() / 'var' / 'kursliste.db').as_posix()}"
        try:
            url = make_url(given.replace("postgres://", "postgresql://", 1))
        except ArgumentError:
            # The value is not repeated: it may hold a password.
            raise _wrong("DATABASE_URL", "Das ist keine Datenbank-Adresse.") from None
        if url.get_backend_name() not in {"sqlite", "postgresql"}:
            raise _wrong("DATABASE_URL", "Erlaubt sind sqlite:///… und postgresql://….")
        if url.get_backend_name() == "sqlite" and url.database in {None, "", ":memory:"}:
            raise _wrong("DATABASE_URL", "SQLite braucht eine Datei: sqlite:///ordner/datei.db.")
        return url.render_as_string(hide_password=False)

    def secret_key(self, *, required: bool, demo: bool) -> str:
        key = self.text("SECRET_KEY")
        if key and len(key) < SHORTEST_SECRET:
            raise _wrong(
                "SECRET_KEY", f"Der Schlüssel braucht mindestens {SHORTEST_SECRET} Zeichen."
            )
        if not key and required:
            raise _wrong(
                "SECRET_KEY",
                "Der Schlüssel fehlt. Nötig ist eine zufällige Zeichenkette, die geheim bleibt.",
            )
        return _kept_demo_key() if demo and not key else key

    def old_secret_keys(self) -> tuple[str, ...]:
        keys = tuple(self.text("OLD_SECRET_KEYS").split())
        if any(len(key) < SHORTEST_SECRET for key in keys):
            raise _wrong(
                "OLD_SECRET_KEYS",
                f"Erwartet werden frühere Schlüssel mit mindestens {SHORTEST_SECRET} Zeichen, "
                "getrennt durch Leerzeichen.",
            )
        return keys

    def openid(self) -> OpenIdSettings | None:
        names = ("OIDC_ISSUER", "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET")
        issuer, client_id, secret = (self.text(name) for name in names)
        if not issuer and not client_id and not secret:
            return None
        for name in names:
            if not self.text(name):
                raise _wrong(name, f"Fehlt. Zusammen gehören {', '.join(names)}.")
        parts = urlsplit(issuer)
        is_here = parts.scheme == "http" and parts.hostname in LOOPBACK
        if not parts.hostname or parts.query or not (parts.scheme == "https" or is_here):
            raise _wrong(names[0], f"Erwartet wird https://name/pfad, nicht „{issuer}“.")
        return OpenIdSettings(
            issuer=issuer.rstrip("/"),
            client_id=client_id,
            client_secret=secret,
            label=self.text("OIDC_LABEL", OPENID_LABEL)[:80],
            acr=tuple(self.text("OIDC_ACR").split()),
            asks_two_factors=self.flag("OIDC_SECOND_FACTOR"),
        )

    def address(self, name: str, default: str) -> str:
        given = self.text(name, default).rstrip("/")
        if not given:
            return ""
        try:
            parts = urlsplit(given)
            valid = parts.scheme in {"http", "https"} and bool(parts.hostname) and not parts.path
            valid = valid and not parts.query and (parts.port is None or parts.port > 0)
        except ValueError:
            valid = False
        if not valid:
            raise _wrong(name, f"Erwartet wird https://name ohne Pfad, nicht „{given}“.")
        return given

    def shelf(self) -> Path | Bucket:
        given = self.text("SHELF", "exports")
        if "://" not in given:
            return Path.cwd() / given
        scheme, _, place = given.partition("://")
        name, _, prefix = place.rstrip("/").partition("/")
        if scheme != "s3" or not (NAME_OF_BUCKET.fullmatch(name) and PREFIX.fullmatch(prefix)):
            raise _wrong(
                "SHELF", f"Erwartet wird ein Ordner oder s3://bucket/ordner, nicht „{given}“."
            )
        endpoint = self.address("S3_ENDPOINT", "")
        region = self.text("S3_REGION")
        if not REGION.fullmatch(region):
            raise _wrong("S3_REGION", f"Erwartet wird ein Name wie eu-central-1, nicht „{region}“.")
        return Bucket(
            name=name,
            prefix=prefix,
            endpoint=endpoint,
            region=region,
            # Storage of one's own rarely has a DNS name for each bucket.
            is_path_style=self.flag("S3_PATH_STYLE", bool(endpoint)),
        )

    def mail(self, *, required: bool) -> str:
        given = self.text("MAIL")
        if not given and required:
            raise _wrong("MAIL", f"Die Angabe fehlt. {MAIL_FORMS}")
        given = given or "file:var/mail"
        parts = urlsplit(given)
        schemes = {"smtp", "smtps", "smtp+plain", "file"}
        if parts.scheme not in schemes or not (parts.hostname or parts.path):
            raise _wrong("MAIL", MAIL_FORMS)
        return given

    def log(self) -> Literal["text", "json"]:
        given = self.text("LOG", "text")
        if given not in {"text", "json"}:
            raise _wrong("LOG", f"Erlaubt sind text und json, nicht „{given}“.")
        return cast("Literal['text', 'json']", given)

    def trusted_hosts(self, base_url: str, *, demo: bool) -> tuple[str, ...]:
        given = self.text("TRUSTED_HOSTS")
        named = tuple(host.strip() for host in given.split(",") if host.strip())
        if any("/" in host for host in named):
            raise _wrong(
                "TRUSTED_HOSTS", "Erwartet werden Namen mit Komma getrennt, ohne https://."
            )
        own = urlsplit(base_url).hostname or ""
        hosts = named or ((own, *LOOPBACK) if demo else (own,))
        return tuple(dict.fromkeys(hosts))


def _kept_demo_key() -> str:
    """A secret of this demo's own, kept in ``var`` so that a restart signs nobody out.

    It is not a constant: a demo may be made public, and a key from a public code base would let
    anyone forge its cookies.
    """
    path = Path.cwd() / "var" / "demo-secret"
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        kept = path.read_text(encoding="ascii").strip()
        if len(kept) >= SHORTEST_SECRET:
            return kept
        raise SettingsError(f"Die Datei {path} ist beschädigt: bitte löschen.") from None
    with os.fdopen(handle, "w", encoding="ascii") as file:
        key = secrets.token_urlsafe(48)
        file.write(key)
    return key
