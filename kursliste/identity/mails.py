"""The mails that let somebody in, or tell what happened to their account."""

from typing import Final, Protocol

from kursliste.domain.sign_in import LINK_HOLDS
from kursliste.web.mail_words import SIGNATURE

OTHER_DEVICE: Final = (
    "Öffnen Sie ihn in dem Browser, in dem Sie ihn angefordert haben. Ist das nicht möglich, "
    "geben Sie dort diesen Code ein:"
)
NOT_YOU: Final = (
    "Sie haben keine Anmeldung angefordert? Dann müssen Sie nichts tun: Ohne diese E-Mail kommt "
    "niemand in Ihr Konto. Geben Sie den Code an niemanden weiter. Kommen solche E-Mails öfter, "
    "sagen Sie es Ihrer Koordination."
)


NOT_ME: Final = "Das waren Sie nicht? Dann sagen Sie es sofort Ihrer Koordination."


class Words(Protocol):
    """Subject and body of a mail about a person's own account."""

    def __call__(self, *, name: str, site: str) -> tuple[str, str]: ...


def app_set_up(*, name: str, site: str) -> tuple[str, str]:
    """Tell a person that signing in asks for an app from now on."""
    return _about_account(
        "Die App für Ihre Anmeldung ist eingerichtet",
        name,
        f"für Ihr Konto bei kursliste ist jetzt eine App eingerichtet ({site}).",
        "Bei jeder Anmeldung fragen wir nach dem Code der App. Bewahren Sie die Ersatzcodes gut "
        "auf: Mit ihnen melden Sie sich an, wenn das Telefon fehlt.",
    )


def app_removed(*, name: str, site: str) -> tuple[str, str]:
    """Tell a person that signing in asks for no app any more."""
    return _about_account(
        "Die App für Ihre Anmeldung ist entfernt",
        name,
        f"die App für die Anmeldung bei kursliste ist entfernt ({site}).",
        "Ersatzcodes und gemerkte Geräte gelten nicht mehr.",
    )


def paper_code_used(*, name: str, site: str) -> tuple[str, str]:
    """Tell a person that one of their paper codes was used."""
    return _about_account(
        "Ein Ersatzcode wurde benutzt",
        name,
        f"mit einem Ihrer Ersatzcodes wurde die Anmeldung bei kursliste bestätigt ({site}).",
        "Dieser Code gilt nicht mehr. Neue Codes erstellen Sie unter „Mein Konto“.",
    )


def _about_account(subject: str, name: str, *sentences: str) -> tuple[str, str]:
    parts = [f"Guten Tag {name},", *sentences, NOT_ME, SIGNATURE]
    return subject, "\n\n".join(parts) + "\n"


def account_connected(*, name: str, site: str) -> tuple[str, str]:
    """Tell a person that another way into their account was connected."""
    return _about_account(
        "Das Konto Ihrer Behörde ist verbunden",
        name,
        f"mit Ihrem Konto bei kursliste ist jetzt das Konto Ihrer Behörde verbunden ({site}).",
        "Sie können sich damit anmelden.",
    )


def way_in(*, name: str, link: str, code: str, site: str) -> tuple[str, str]:
    """Return subject and body of the mail with the one-time link and code."""
    minutes = int(LINK_HOLDS.total_seconds() // 60)
    parts = [
        f"Guten Tag {name},",
        f"mit diesem Link melden Sie sich bei kursliste an ({site}):",
        link,
        OTHER_DEVICE,
        f"{code[:4]} {code[4:]}",
        f"Link und Code gelten {minutes} Minuten und nur einmal.",
        NOT_YOU,
        SIGNATURE,
    ]
    return "Ihr Anmelde-Link für kursliste", "\n\n".join(parts) + "\n"
