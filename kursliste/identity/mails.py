"""The mail that lets somebody in."""

from typing import Final

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


def account_connected(*, name: str, site: str) -> tuple[str, str]:
    """Tell a person that another way into their account was connected."""
    parts = [
        f"Guten Tag {name},",
        f"mit Ihrem Konto bei kursliste ist jetzt das Konto Ihrer Behörde verbunden ({site}).",
        "Sie können sich damit anmelden.",
        "Das waren Sie nicht? Dann sagen Sie es sofort Ihrer Koordination.",
        SIGNATURE,
    ]
    return "Das Konto Ihrer Behörde ist verbunden", "\n\n".join(parts) + "\n"


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
